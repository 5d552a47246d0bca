"""What recurring work failed last, told to administrators; it is tried again by itself."""

from __future__ import annotations

import streamlit as st

from components import formats
from db import jobs
from db.language import t
from db.policy import Actor, may


def draw_troubles(actor: Actor) -> None:
    """Nothing while all goes well."""
    for run in jobs.troubles(actor.workspace) if may(actor, "update", "backup") else ():
        words = f"{t(jobs.job_named(run.job).label)} · {run.period}"
        st.error(f"{t('Recurring work failed; it is tried again by itself:')} {words}  \n{formats.plain(run.problem or '')}", icon=":material/error:")
