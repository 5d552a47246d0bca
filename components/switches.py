"""Small choices above a page: a switch between views, and a compact list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import streamlit as st

Code = TypeVar("Code")


def switch(label: str, words: Mapping[str, str], key: str, default: str | None = None, in_address: bool = False) -> str:
    """One of a few, always chosen; kept in the address or for as long as the visit lasts."""
    kept: dict[str, Any] = {} if in_address else {"persist_state": "session"}
    first = default or next(iter(words))
    start = _from_address(words, key, first) if in_address else first
    chosen = st.segmented_control(
        label, list(words), default=start, format_func=lambda code: words[code], key=key, label_visibility="collapsed", required=True, **kept
    )
    if in_address:
        _into_address(key, chosen, first)
    return str(chosen or first)


def compact_list(label: str, words: Mapping[Code, str], key: str, empty: str = "", width: int = 150) -> Code | None:
    """A drop-down without a label of its own; `empty` says what no choice means, without it one is always chosen."""
    codes, first = list(words), None if empty else next(iter(words))
    start = _from_address(words, key, first)
    chosen = st.selectbox(
        label,
        codes,
        index=None if start is None else codes.index(start),
        format_func=lambda code: words[code],
        key=key,
        label_visibility="collapsed",
        placeholder=empty or None,
        width=width,
    )
    _into_address(key, chosen, first)
    return chosen


def _from_address(words: Mapping[Code, str], key: str, first: Code | None) -> Code | None:
    """The choice that the page's address names by its code; Streamlit's own binding would name it by its word in one language."""
    named = st.query_params.get(key)
    return next((code for code in words if str(code) == named), first)


def _into_address(key: str, chosen: Any, first: Any) -> None:
    if chosen is None or chosen == first:
        st.query_params.pop(key, None)
    elif st.query_params.get(key) != str(chosen):
        st.query_params[key] = str(chosen)
