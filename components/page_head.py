"""Title on the left, the page's actions on the right."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st


@contextmanager
def page_head() -> Iterator[None]:
    """The right-hand side of a page's head, beside its title: put buttons inside."""
    with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center", key="page_actions"):
        yield


@contextmanager
def tab_head() -> Iterator[None]:
    """The actions of a tab, on the right of the tabs themselves."""
    with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="bottom", key="tab_actions"):
        yield
