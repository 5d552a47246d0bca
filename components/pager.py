"""Long lists are turned over."""

from __future__ import annotations

import streamlit as st


def page_number(total: int, at_once: int, key: str) -> int:
    """The page that is open, counted from 1. Where everything fits on one, nothing is drawn."""
    number: int = st.pagination(-(-total // at_once), key=key) if total > at_once else 1
    return number
