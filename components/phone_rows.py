"""A table on a phone: each row a line with its figure, the other columns behind a tap; nothing to push sideways."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

import streamlit as st

from components.pager import page_number


@dataclass(frozen=True)
class PhoneRow:
    """One row as a phone shows it, in printed words.

    title, figure: the first line, left and right; note, hint: the second, left and right; more: what a tap opens, heading by heading;
    way: an address and its words, the title itself being the link where a tap opens nothing.
    """

    title: str
    figure: str = ""
    note: str = ""
    hint: str = ""
    more: Mapping[str, str] = field(default_factory=dict)
    way: tuple[str, str] | None = None
    is_total: bool = False


def wide(key: str) -> Any:
    """The place of the table itself, which a phone does not show."""
    return st.container(key=f"wide_{key}")


def narrow(key: str, rows: Sequence[PhoneRow], at_once: int = 0) -> None:
    """The same rows for a phone; wider screens do not show them. at_once: so many, if given; the rest by turning over."""
    with st.container(key=f"narrow_{key}"):
        place = st.container()
        if at_once:
            number = page_number(len(rows), at_once, f"narrow_page_{key}")
            rows = rows[at_once * (number - 1) : at_once * number]
        place.html(markup(rows))


def markup(rows: Iterable[PhoneRow]) -> str:
    return f'<div class="phone-rows">{"".join(map(_row, rows))}</div>'


def _row(row: PhoneRow) -> str:
    kind = "phone-row phone-total" if row.is_total else "phone-row"
    if not row.more:
        return f'<div class="{kind}">{_lines(row, _link(row.way[0], row.title) if row.way else escape(row.title))}</div>'
    parts = "".join(f"<dt>{escape(word)}</dt><dd>{escape(value)}</dd>" for word, value in row.more.items())
    way = f"<p>{_link(*row.way)}</p>" if row.way else ""
    return f'<details class="{kind}"><summary>{_lines(row, escape(row.title))}</summary><dl>{parts}</dl>{way}</details>'


def _lines(row: PhoneRow, title: str) -> str:
    second = "".join(f"<small>{escape(words)}</small>" for words in (row.note, row.hint) if words or row.hint)
    return f"<b>{title}</b><b>{escape(row.figure)}</b>{second}"


def _link(address: str, words: str) -> str:
    return f'<a href="{escape(address)}">{escape(words)}</a>'
