"""Every row against the declaration, before anything is written: records to write, or the reasons why not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field as member
from typing import Any

from db import records
from db.choices import fields_for
from db.errors import Invalid, Message
from db.fields import Kind
from db.models import NOUNS
from db.policy import Scope
from db.session import CrmSession
from db.transfer import shapes
from db.transfer.cells import plain
from db.transfer.columns import Column
from db.transfer.duplicates import Duplicates
from db.transfer.items import Item
from db.transfer.reading import Readers
from db.transfer.table import Table
from db.transfer.uniqueness import Uniqueness
from db.validation import Refused

STEP = 2000
Progress = Callable[[int], None]


@dataclass
class Checked:
    """What a file holds. problems, warnings: row number -> column key ('' for the whole row) -> message."""

    items: list[Item] = member(default_factory=list)
    problems: dict[int, dict[str, Message]] = member(default_factory=dict)
    warnings: dict[int, dict[str, Message]] = member(default_factory=dict)


class Checker:
    def __init__(self, session: CrmSession, noun: str, columns: Sequence[tuple[int, Column]]) -> None:
        self.session, self.noun, self.columns = session, noun, columns
        self.readers = Readers(session, noun, [column for _, column in columns])
        self.shape = shapes.shape_of(session, noun, self.readers)
        self.unique = Uniqueness(session, noun)
        self.duplicates = Duplicates(session) if noun == "customer" else None
        self.codes = self.readers.codes
        mapped = {column.key for _, column in columns if not column.part}
        fields = fields_for(session, noun)
        self.fields = [field for field in fields if field.editable and (field.key in mapped or field.required or field.key in self.shape.fills)]
        within = session.row_scope("create", noun)
        self.owners = session.visible_owners(within) if noun == "customer" and within < Scope.ALL else None
        self.public = within == Scope.TEAM

    def check(self, number: int, cells: list[str]) -> Item:
        """The records of a row. Raises Invalid with all its problems."""
        values, problems = self._read(cells)
        item = Item(number, [], [])
        try:
            self.shape.build(item, values)
        except Refused as refused:
            problems.setdefault("", refused.message)
        except Invalid as invalid:
            problems = {**invalid.problems, **problems}
        for position, raw in enumerate(item.mains):
            try:
                item.mains[position] = self._record(raw, problems)
            except Invalid as invalid:
                problems = {**invalid.problems, **problems}
        if problems:
            raise Invalid(problems)
        return item

    def _read(self, cells: list[str]) -> tuple[dict[str, Any], dict[str, Message]]:
        values: dict[str, Any] = {}
        problems: dict[str, Message] = {}
        for position, column in self.columns:
            if text := cells[position]:
                try:
                    values[column.key] = self.readers.read(column, plain(text), values)
                except Refused as refused:
                    problems[column.key] = refused.message
        return values, problems

    def _record(self, raw: Mapping[str, Any], problems: Mapping[str, Message]) -> dict[str, Any]:
        fields = [field for field in self.fields if field.key not in problems]
        values = records.validated(self.session, self.noun, raw, fields, self.codes)
        self.unique.claim(values)
        if self.owners is not None and not (values.get("owner_id") in self.owners or (self.public and values.get("owner_id") is None)):
            raise Invalid.because("This colleague is not in your team.", "owner_id")
        return values


def check_all(session: CrmSession, noun: str, table: Table, columns: Sequence[tuple[int, Column]], progress: Progress | None = None) -> Checked:
    """Look at every row. progress is told the number of rows that are done."""
    checker, found, width = Checker(session, noun, columns), Checked(), len(table.headings)
    for done, (number, cells) in enumerate(table.rows(), 1):
        if progress and done % STEP == 0:
            progress(done)
        if len(cells) != width:
            message = Message("This row has {count} cells, the heading has {width}.", {"count": len(cells), "width": width})
            found.problems[number] = {"": message}
            continue
        try:
            item = checker.check(number, cells)
        except Invalid as invalid:
            found.problems[number] = invalid.problems
        else:
            if checker.duplicates and (doubts := checker.duplicates.of(item.mains[0], number)):
                found.warnings[number] = doubts
            checker.shape.keep(item, found.items)
    _refuse_whole_orders(noun, found, checker)
    return found


def _refuse_whole_orders(noun: str, found: Checked, checker: Checker) -> None:
    """An order of which one row was refused is refused with all its rows: half an order is a wrong one."""
    if noun != "order":
        return
    broken = {number: checker.shape.code_of.get(number) for number in found.problems}
    codes = {code for code in broken.values() if code}
    kept = []
    for item in found.items:
        if item.mains[0].get("code") in codes:
            for row in item.rows:
                found.problems[row] = {"": Message("Another row of this order was refused.")}
        else:
            kept.append(item)
    found.items[:] = kept


def is_number(kind: Kind) -> bool:
    return kind in {Kind.MONEY, Kind.DECIMAL}


def models_of(noun: str) -> Any:
    return NOUNS[noun]
