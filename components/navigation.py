"""Leaving for another page, and links to it. Pages are known by key; what a visitor may not open is not there."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import streamlit as st

from components import formats

PAGES = "regulars.pages"


def go(key: str, **params: Any) -> None:
    st.switch_page(st.session_state[PAGES][key], query_params=_texts(params))


def link(key: str, label: str, icon: str | None = None, **params: Any) -> None:
    """A link to a page, or plain words where the actor may not go there."""
    if not may_go(key):
        st.text(label)
        return
    st.page_link(st.session_state[PAGES][key], label=formats.plain(label), icon=f":material/{icon}:" if icon else None, query_params=_texts(params) or None)


def address(key: str, **params: Any) -> str | None:
    """Where a page is, for links that are no widgets; None where the actor may not go there."""
    return f"/{st.session_state[PAGES][key].url_path}?{urlencode(_texts(params))}" if may_go(key) else None


def may_go(key: str) -> bool:
    return key in st.session_state[PAGES]


def _texts(params: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in params.items()}
