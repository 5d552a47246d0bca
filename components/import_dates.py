"""Dates with the year last: asked only where the file has some, and answered by the file where it can."""

from __future__ import annotations

import streamlit as st

from components import formats
from db.language import t
from db.policy import Actor
from db.transfer import importer
from db.transfer.day_order import ORDERS, DayOrder
from db.transfer.table import Table

SEEN = "regulars.import_dates"


def draw(actor: Actor, noun: str, table: Table, mapping: dict[str, str], key: str, busy: bool, start: str) -> str:
    """The order of day and month, '' where nothing needs one."""
    found = _found(actor, noun, table, mapping, key)
    if not found.example:
        return ""
    label = t("Dates such as {example}", example=formats.plain(found.example))
    words = {order: t(word) for order, word in ORDERS.items()}
    default = found.sure or start
    index = list(words).index(default) if default in words else None
    spot = f"dates.{key}.{found.sure}"
    chosen = st.selectbox(label, list(words), index=index, format_func=words.__getitem__, key=spot, placeholder=t("Choose"), width=280, disabled=busy)
    if chosen is None:
        unclear = t("Does the day or the month come first? The file does not tell; rows with such dates are refused until you choose.")
        st.warning(unclear, icon=":material/warning:")
    return chosen or ""


def _found(actor: Actor, noun: str, table: Table, mapping: dict[str, str], key: str) -> DayOrder:
    """Looked up once for a file and a mapping: the whole file is read for it."""
    question = (key, tuple(mapping.items()))
    kept = st.session_state.get(SEEN)
    if kept is None or kept[0] != question:
        kept = st.session_state[SEEN] = (question, importer.dates_of(actor, noun, table, mapping))
    found: DayOrder = kept[1]
    return found
