"""A page that redraws itself leaves time for the clicks of others."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from components import live
from components.live import rest_after


@pytest.mark.parametrize(("drawing", "rest"), [(0.01, 3), (0.15, 3), (0.2, 4), (0.4, 8), (1, 10), (30, 10)])
def test_a_page_rests_twenty_times_as_long_as_its_drawing_took_but_at_least_3_seconds_and_at_most_10(drawing, rest):
    assert rest_after(drawing) == pytest.approx(rest)


def open_page(actor) -> None:
    import streamlit as st

    from components import live

    live.begin()
    st.session_state["drawings"] = st.session_state.get("drawings", 0) + 1
    live.live(actor)


@pytest.mark.parametrize(("waiting", "drawings"), [(0, 2), (1, 1)])
def test_an_open_page_is_drawn_anew_after_a_change_but_not_while_others_wait_for_theirs(acme, monkeypatch, waiting, drawings):
    versions = iter([1, 2, 2, 2])
    monkeypatch.setattr(live, "version_of", lambda session, nouns: next(versions))
    monkeypatch.setattr(live.pages, "waiting", lambda: waiting)
    assert AppTest.from_function(open_page, args=(acme.ada,)).run().session_state["drawings"] == drawings
