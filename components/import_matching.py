"""The second step: what each heading of the file means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from components import formats
from db.language import t
from db.policy import Actor
from db.transfer import importer
from db.transfer.columns import Column
from db.transfer.table import Table

LEAVE_OUT = ""
EXAMPLES = 3
WIDTH = 40


def draw(actor: Actor, noun: str, table: Table, key: str, busy: bool, known: Mapping[str, str]) -> dict[str, str]:
    """Heading -> column key, as the person chose; what is recognised is filled in."""
    matching = importer.match(actor, noun, table, known)
    if matching.unknown:
        st.info(t("Not recognised and left out unless you choose: {headings}", headings=formats.listed(matching.unknown)), icon=":material/help:")
    titles = {column.key: _title(column) for column in matching.columns}
    examples = _examples(table)
    places = st.columns(3)
    mapping = {}
    for position, heading in enumerate(table.headings):
        with places[position % len(places)]:
            chosen = _choice(heading, matching.suggested.get(heading, LEAVE_OUT), titles, examples[position], f"match.{key}.{position}", busy)
        if chosen:
            mapping[heading] = chosen
    _missing(matching.columns, mapping)
    return mapping


def _title(column: Column) -> str:
    return f"{column.title} *" if column.required else column.title


def _choice(heading: str, suggested: str, titles: dict[str, str], examples: str, key: str, busy: bool) -> str:
    options = [LEAVE_OUT, *titles]
    words = {**titles, LEAVE_OUT: t("Leave out")}
    index = options.index(suggested)
    return st.selectbox(formats.plain(heading), options, index=index, format_func=words.__getitem__, help=examples or None, key=key, disabled=busy)


def _examples(table: Table) -> list[str]:
    """The first values of every column, as plain text."""
    rows = [cells for _, (_, cells) in zip(range(EXAMPLES), table.rows(), strict=False)]
    width = len(table.headings)
    columns = zip(*((cells + [""] * width)[:width] for cells in rows), strict=True)
    return [" · ".join(f"`{value[:WIDTH].replace('`', '')}`" for value in column if value.strip("`")) for column in columns]


def _missing(columns: Sequence[Column], mapping: dict[str, str]) -> None:
    missing = [column.title for column in columns if column.required and column.key not in mapping.values()]
    if missing:
        st.warning(t("Every row needs: {fields}. Choose the columns that hold them.", fields=formats.listed(missing)), icon=":material/warning:")
