"""The whole database as it stands, table by table, row by row: what undo must bring back exactly."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, text

from db.base import Base
from db.dialect import SEARCH
from db.engine import engine_for
from db.journal import PLUMBING

JOURNAL = {"change", "change_row", "change_payload", "journal_head", "request_key", "user_session"}


def whole() -> dict[str, list[tuple[Any, ...]]]:
    """Every table but the journal's own; without the version and date that every write moves."""
    tables = [table for name, table in Base.metadata.tables.items() if name not in JOURNAL]
    with engine_for().connect() as connection:
        kept = {table.name: [column for column in table.columns if column.name not in PLUMBING] for table in tables}
        rows = {name: sorted((tuple(row) for row in connection.execute(select(*columns))), key=repr) for name, columns in kept.items()}
        rows[SEARCH] = sorted(tuple(row) for row in connection.execute(text(f"SELECT rowid, words, personal FROM {SEARCH} WHERE words <> ''")))
    return rows
