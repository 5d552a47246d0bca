"""A one-time link to hand to somebody."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import streamlit as st

from db.language import t


def show_link(name: str, token: str, close: Callable[[], object]) -> None:
    parts = urlsplit(st.context.url or "")
    with st.container(border=True, key="one_time_link"):
        st.markdown(t("Give this link to **{name}**. It works once, within a day, and is not shown again.", name=name))
        st.code(f"{parts.scheme}://{parts.netloc}/reset?token={token}", language=None)
        if st.button(t("I have copied it"), icon=":material/check:"):
            close()
            st.rerun()
