"""Reading, checking and writing in the background: a bar that moves, a button that stops it, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from components import formats
from components.actor import afresh
from db.errors import CrmError
from db.language import t
from db.policy import Actor
from db.transfer.progress import Cancelled, Progress
from db.transfer.work import Work

RUNNING, PROBLEM = "regulars.import_running", "regulars.import_problem"
QUICK = 0.6
"""Seconds after which a bar is worth drawing."""


@dataclass(frozen=True)
class Running:
    """then: is given what the work returned, on the screen's own thread."""

    work: Work[Any]
    then: Callable[[Any], None]


def begin(task: Callable[[Progress], Any], then: Callable[[Any], None]) -> None:
    """Do it in the background and draw the page anew; small files are done at once."""
    st.session_state.pop(PROBLEM, None)
    running = Running(Work(task), then)
    st.session_state[RUNNING] = running
    running.work.start()
    running.work.finished(within=QUICK)
    st.rerun()


def is_running() -> bool:
    """Whether work goes on; what has ended meanwhile is taken in."""
    running: Running | None = st.session_state.get(RUNNING)
    if running is None or not running.work.finished():
        return running is not None
    del st.session_state[RUNNING]
    try:
        running.then(running.work.outcome())
    except CrmError as error:
        st.session_state[PROBLEM] = error
    return False


def draw_problem() -> None:
    """Why the last piece of work came to nothing."""
    problem: CrmError | None = st.session_state.get(PROBLEM)
    if isinstance(problem, Cancelled):
        st.info(str(problem), icon=":material/info:")
    elif problem is not None:
        st.error(formats.plain(str(problem)), icon=":material/error:")


def draw(actor: Actor) -> None:
    st.fragment(afresh(_bar), run_every=1)(actor)


def _bar(_actor: Actor) -> None:
    running: Running | None = st.session_state.get(RUNNING)
    if running is None or running.work.finished():
        st.rerun(scope="app")
        return
    progress = running.work.progress
    share = progress.look()
    with st.container(border=True, key="import_progress"):
        st.progress(share, _words(progress))
        if progress.stage != "finish":
            if st.button(t("Cancel"), icon=":material/close:", key="import_cancel"):
                progress.cancel()
        else:
            st.caption(t("The last step cannot be stopped; the whole import can be undone afterwards."))


def _words(progress: Progress) -> str:
    done, total = formats.number(progress.done), formats.number(progress.total)
    words = {
        "read": t("Reading the file: {done} rows …", done=done),
        "check": t("Checking: {done} of {total} rows …", done=done, total=total),
        "wait": t("Waiting until somebody else's save is done …"),
        "write": t("Writing: {done} of {total} …", done=done, total=total),
        "finish": t("Completing the journal, search and dates …"),
    }
    return words.get(progress.stage, "")
