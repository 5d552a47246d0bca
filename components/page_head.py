"""Title on the left, the page's actions on the right."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st


@contextmanager
def page_head() -> Iterator[None]:
    """The right-hand side of a page's head: put buttons inside."""
    with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center", key="page_actions"):
        yield
