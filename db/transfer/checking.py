"""Every row against the declaration, before anything is written: records to write, or the reasons why not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field as member
from typing import Any

from db import records
from db.choices import fields_for
from db.errors import Invalid, Message
from db.policy import Scope
from db.session import CrmSession
from db.transfer.columns import Column
from db.transfer.duplicates import Duplicates
from db.transfer.items import Item
from db.transfer.progress import Progress
from db.transfer.reading import Readers
from db.transfer.shapes import shape_of
from db.transfer.table import Table
from db.transfer.uniqueness import Uniqueness
from db.validation import Refused

STEP = 500
Messages = dict[int, dict[str, Message]]
"""Row number -> column key ('' for the whole row) -> message."""


@dataclass
class Checked:
    """What a file holds."""

    items: list[Item] = member(default_factory=list)
    problems: Messages = member(default_factory=dict)
    warnings: Messages = member(default_factory=dict)


class Checker:
    def __init__(self, session: CrmSession, noun: str, columns: Sequence[tuple[int, Column]]) -> None:
        self.session, self.noun = session, noun
        self.columns = sorted(columns, key=lambda pair: pair[1].key != "customer_id")
        self.readers = Readers(session, noun, [column for _, column in columns])
        mapped = {column.key for _, column in columns if not column.part}
        self.shape = shape_of(session, noun, self.readers, mapped)
        self.unique = Uniqueness(session, noun)
        self.duplicates = Duplicates(session) if noun == "customer" else None
        wanted = mapped | self.shape.fills
        self.fields = [field for field in fields_for(session, noun) if field.editable and (field.key in wanted or field.required)]
        within = session.row_scope("create", noun)
        self.owners = session.visible_owners(within) | {None} if noun == "customer" and within == Scope.TEAM else None

    def check(self, number: int, cells: list[str]) -> Item:
        """The records of a row. Raises Invalid with all its problems."""
        item = Item([number])
        values: dict[Any, Any] = {}
        problems = self._read(cells, values)
        try:
            self.shape.build(item, values)
        except Refused as refused:
            problems.setdefault("", refused.message)
        except Invalid as invalid:
            problems = {**invalid.problems, **problems}
        if not problems or item.mains:
            self._validate(item, problems)
        if problems:
            raise Invalid(problems)
        return item

    def _read(self, cells: list[str], values: dict[Any, Any]) -> dict[str, Message]:
        problems: dict[str, Message] = {}
        for position, column in self.columns:
            if text := cells[position]:
                try:
                    values[column.question_id or column.key] = self.readers.read(column, text, values)
                except Refused as refused:
                    problems[column.key] = refused.message
        return problems

    def _validate(self, item: Item, problems: dict[str, Message]) -> None:
        fields = [field for field in self.fields if field.key not in problems] if problems else self.fields
        for position, raw in enumerate(item.mains):
            try:
                item.mains[position] = values = records.validated(self.session, self.noun, raw, fields, self.readers.codes)
                if not problems:
                    self._check_against_others(values)
            except Invalid as invalid:
                problems.update(invalid.problems)

    def _check_against_others(self, values: Mapping[str, Any]) -> None:
        if self.owners is not None and values.get("owner_id") not in self.owners:
            raise Invalid.because("This colleague is not in your team.", "owner_id")
        self.unique.claim(values)


def check_all(session: CrmSession, noun: str, table: Table, columns: Sequence[tuple[int, Column]], progress: Progress | None = None) -> Checked:
    """Look at every row. progress is told the number of rows that are done. Raises Cancelled."""
    progress = progress or Progress()
    progress.begin("check", table.row_count)
    checker, found, width = Checker(session, noun, columns), Checked(), len(table.headings)
    for done, (number, cells) in enumerate(table.rows(), 1):
        if done % STEP == 0:
            progress.tell(done)
        if len(cells) != width:
            found.problems[number] = {"": Message("This row has {count} cells, the heading has {width}.", {"count": len(cells), "width": width})}
            continue
        try:
            item = checker.check(number, cells)
        except Invalid as invalid:
            found.problems[number] = invalid.problems
            continue
        checker.shape.keep(item, found.items)
        if checker.duplicates and (doubts := checker.duplicates.of(item.mains[0], number)):
            found.warnings[number] = doubts
    checker.shape.finish(found.items, found.problems)
    progress.tell(table.row_count)
    return found
