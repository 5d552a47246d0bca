"""What happens to rows that mean a record which exists already."""

from __future__ import annotations

import streamlit as st

from db.language import t
from db.transfer.handling import MODES, Handling, keys_of


def draw(noun: str, mapping: dict[str, str], key: str, busy: bool, start: Handling) -> Handling:
    """The person's choice; what the mapped columns cannot tell is not offered."""
    keys = keys_of(noun, mapping.values())
    words = {mode: t(word) for mode, word in MODES.items() if keys or mode == "create"}
    index = list(words).index(start.mode) if start.mode in words else 0
    with st.container(horizontal=True, vertical_alignment="bottom"):
        label = t("Records that exist already")
        mode = st.selectbox(label, list(words), index=index, format_func=words.__getitem__, key=f"mode.{key}", width=360, disabled=busy)
        by = _by(noun, mapping, key, busy, start.by) if mode != "create" else ()
    if mode != "create":
        st.caption(t("Empty cells leave a field as it is. Every update is shown before it is written."))
        if noun == "order":
            st.caption(t("Lines of an order that exists stay as they are."))
    label = t("Leave owners and options that nobody knows empty, instead of refusing the row")
    lenient = st.checkbox(label, value=start.lenient, key=f"lenient.{key}", disabled=busy)
    return Handling(mode, by, lenient, start.preset)


def _by(noun: str, mapping: dict[str, str], key: str, busy: bool, start: tuple[str, ...]) -> tuple[str, ...]:
    labels = {name: t(offered.label) for name, offered in keys_of(noun, mapping.values()).items()}
    label, spot = t("Recognised by"), f"by.{key}.{'.'.join(labels)}"
    default = [name for name in labels if not start or name in start]
    chosen = st.multiselect(label, list(labels), default=default, format_func=labels.__getitem__, key=spot, width=420, disabled=busy)
    return tuple(name for name in labels if name in chosen)
