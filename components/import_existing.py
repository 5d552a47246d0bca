"""What happens to rows that mean a record which exists already."""

from __future__ import annotations

import streamlit as st

from db.language import t
from db.transfer.handling import MODES, Handling, keys_of


def draw(noun: str, mapping: dict[str, str], key: str, busy: bool) -> Handling:
    """The person's choice; what the mapped columns cannot tell is not offered."""
    keys = keys_of(noun, mapping.values())
    words = {mode: t(word) for mode, word in MODES.items() if keys or mode == "create"}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        mode = st.selectbox(t("Records that exist already"), list(words), format_func=words.__getitem__, key=f"mode.{key}", width=360, disabled=busy)
        by = _by(noun, mapping, key, busy) if mode != "create" else ()
    if mode != "create":
        st.caption(t("Empty cells leave a field as it is. Every update is shown before it is written."))
        if noun == "order":
            st.caption(t("Lines of an order that exists stay as they are."))
    lenient = st.checkbox(t("Leave owners and options that nobody knows empty, instead of refusing the row"), key=f"lenient.{key}", disabled=busy)
    return Handling(mode, by, lenient)


def _by(noun: str, mapping: dict[str, str], key: str, busy: bool) -> tuple[str, ...]:
    labels = {name: t(offered.label) for name, offered in keys_of(noun, mapping.values()).items()}
    label, spot = t("Recognised by"), f"by.{key}.{'.'.join(labels)}"
    chosen = st.multiselect(label, list(labels), default=list(labels), format_func=labels.__getitem__, key=spot, width=420, disabled=busy)
    return tuple(name for name in labels if name in chosen)
