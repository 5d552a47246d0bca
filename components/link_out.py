"""A one-time link to hand to somebody."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import streamlit as st

from components.web.reach import public_url
from db.language import t


def home() -> str:
    """The address of this house, as colleagues and customers type it."""
    parts = urlsplit(public_url() or st.context.url or "")
    return f"{parts.scheme}://{parts.netloc}"


def show_link(name: str, token: str, close: Callable[[], object]) -> None:
    with st.container(border=True, key="one_time_link"):
        st.markdown(t("Give this link to **{name}**. It works once, within a day, and is not shown again.", name=name))
        st.code(f"{home()}/reset?token={token}", language=None)
        if st.button(t("I have copied it"), icon=":material/check:"):
            close()
            st.rerun()
