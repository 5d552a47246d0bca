"""Importing and exporting as a person does it, for tests."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from db.defaults import add_options
from db.engine import reading, transaction
from db.models import NOUNS
from db.policy import SYSTEM, Actor
from db.transfer import importer
from db.transfer.export import export
from db.transfer.progress import Progress
from db.transfer.reader import read


def csv_of(*rows: Sequence[object], encoding: str = "utf-8-sig", delimiter: str = ",") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


def preview(actor: Actor, noun: str, content: bytes, name: str = "file.csv") -> importer.Preview:
    table = read(name, content)
    return importer.dry_run(actor, noun, table, importer.match(actor, noun, table).suggested)


def bring_in(actor: Actor, noun: str, content: bytes, name: str = "file.csv") -> importer.Result:
    table = read(name, content)
    return importer.run(actor, noun, table, importer.match(actor, noun, table).suggested, name)


def problems(actor: Actor, noun: str, content: bytes) -> dict[int, str]:
    return {note.row: note.text for note in preview(actor, noun, content).problems}


def exported(actor: Actor, noun: str, kind: str = "csv", with_labels: bool = False) -> bytes:
    with reading(actor) as session:
        return export(session, noun, kind=kind, with_labels=with_labels)


def with_options() -> None:
    with transaction(SYSTEM, "setup") as session:
        add_options(session)


def rows_of(noun: str, *leave_out: str) -> list[Mapping[str, Any]]:
    """Every row of a table as it is stored, in the order of its numbers."""
    model = NOUNS[noun]
    keys = [attribute.key for attribute in model.__mapper__.column_attrs if attribute.key not in leave_out]
    with reading(SYSTEM) as session:
        records = session.scalars(select(model).order_by(model.id), execution_options={"with_deleted": True})
        return [{key: getattr(record, key) for key in keys} for record in records]


class Visited(Progress):
    """Somebody else comes in when all is checked and nothing is written yet."""

    def __init__(self, visit) -> None:
        super().__init__()
        self.visit = visit

    def begin(self, stage: str, total: int = 0) -> None:
        super().begin(stage, total)
        if stage == "wait":
            self.visit()
