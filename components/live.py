"""Pages that redraw themselves as soon as somebody changes what they show."""

from __future__ import annotations

import time

import streamlit as st

from components.cache import version_of
from components.turns import pages
from db import clock, once
from db.engine import reading
from db.policy import Actor

BEGUN = "page_begun"
SHORTEST, LONGEST = 3.0, 10.0
REST = 20
"""A page rests so many times as long as its drawing took: where many people save, redrawing leaves time for their clicks."""


def begin() -> None:
    """The page begins to be drawn."""
    st.session_state[BEGUN] = time.monotonic()


def live(actor: Actor) -> None:
    """Redraw the page as soon as somebody changes what it was drawn from and the actor sees, or a new day begins. The last statement of a page.

    While others wait for their pages, it stays as it is until it looks again.
    """
    watched = tuple(sorted(once.heard()))
    with reading(actor) as session:
        drawn_at = (version_of(session, watched), clock.today())

    @st.fragment(run_every=rest_after(time.monotonic() - st.session_state[BEGUN]))
    def watch() -> None:
        if pages.waiting():
            return
        with reading(actor) as session:
            if (version_of(session, watched), clock.today()) != drawn_at:
                st.rerun(scope="app")

    watch()


def rest_after(seconds: float) -> float:
    """Seconds until a page that took so long to draw looks again whether it must be drawn anew."""
    return min(max(SHORTEST, REST * seconds), LONGEST)
