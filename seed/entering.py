"""Small samples go the way of users' data: every row is validated, checked and journalled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from db import records
from db.choices import fields_for
from db.completion import Numbers
from db.fields import Field
from db.models import NOUNS, Record
from db.policy import require
from db.session import CrmSession

SELF = {"product_line": "parent_id", "follow_up": "previous_id"}
"""Nouns that point at themselves: what is pointed at must be saved first."""
Row = Mapping[str, Any]


def enter(session: CrmSession, batches: Iterable[tuple[str, list[dict[str, Any]]]], numbers: Numbers) -> dict[str, int]:
    """Save the rows by the rules; returns how many there were of each noun."""
    saved: list[Record] = []  # keeps the records within the session's reach, which asks for every link
    counts: dict[str, int] = {}
    for noun, rows in batches:
        require(session.actor, "create", noun)
        session.info.pop("options", None)
        session.info.pop("custom_fields", None)
        fields = [field for field in fields_for(session, noun) if field.editable]
        for wave in _waves(noun, rows):
            records_of_wave = [_record(session, noun, row, fields) for row in wave]
            session.add_all(records_of_wave)
            session.flush()
            saved += records_of_wave
        counts[noun] = counts.get(noun, 0) + len(rows)
    numbers.keep()
    return counts


def _record(session: CrmSession, noun: str, row: Row, fields: list[Field]) -> Record:
    given = {**row, **row.get("custom", {})}
    cleaned = records.validated(session, noun, given, fields)
    own = {field.key for field in fields if not field.custom}
    return NOUNS[noun](**{**row, **{key: value for key, value in cleaned.items() if key in own}})


def _waves(noun: str, rows: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """The rows in groups none of which points into itself."""
    if noun not in SELF:
        yield rows
        return
    depth: dict[int, int] = {}
    for row in rows:
        depth[row["id"]] = depth.get(row[SELF[noun]], -1) + 1
    for level in range(max(depth.values(), default=-1) + 1):
        yield [row for row in rows if depth[row["id"]] == level]
