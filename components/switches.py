"""Small choices above a page: a switch between views, and a compact list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import streamlit as st

Code = TypeVar("Code")


def switch(label: str, words: Mapping[str, str], key: str, default: str | None = None, in_address: bool = False) -> str:
    """One of a few, always chosen; kept in the address or for as long as the visit lasts."""
    kept: dict[str, Any] = {"bind": "query-params"} if in_address else {"persist_state": "session"}
    first = default or next(iter(words))
    chosen = st.segmented_control(
        label, list(words), default=first, format_func=lambda code: words[code], key=key, label_visibility="collapsed", required=True, **kept
    )
    return str(chosen or first)


def compact_list(label: str, words: Mapping[Code, str], key: str, empty: str = "", width: int = 150) -> Code | None:
    """A drop-down without a label of its own; `empty` says what no choice means, without it one is always chosen."""
    start = {"index": None, "placeholder": empty} if empty else {}
    return st.selectbox(  # type: ignore[no-any-return, call-overload]
        label, list(words), format_func=lambda code: words[code], key=key, label_visibility="collapsed", bind="query-params", width=width, **start
    )
