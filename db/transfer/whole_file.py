"""All rows of a file, one after the other; then what the updates would change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from db.batches import batches
from db.choices import fields_for
from db.dialect import among
from db.errors import Invalid, Message
from db.fields import DATED
from db.models import NOUNS, CustomerTag, Record
from db.records import value_of
from db.session import CrmSession
from db.transfer.checking import Checked, Checker
from db.transfer.columns import SHEET, Column, folded
from db.transfer.day_order import DayOrder, order_of
from db.transfer.handling import Handling
from db.transfer.items import Item
from db.transfer.presets import presets
from db.transfer.progress import Progress
from db.transfer.sheet import SheetChecker
from db.transfer.table import Table

STEP, BATCH = 500, 1000


def check_all(session: CrmSession, noun: str, table: Table, columns: Sequence[tuple[int, Column]], handling: Handling, progress: Progress) -> Checked:
    """Look at every row. progress is told the number of rows that are done. Raises Cancelled."""
    progress.begin("check", table.row_count)
    handling = replace(handling, dates=handling.dates or day_order(table, columns).sure)
    found, width = Checked(), len(table.headings)
    preset, folded_headings = presets().get(handling.preset), [folded(heading) for heading in table.headings]
    preset = preset if preset and preset.only else None
    checker = SheetChecker(session, columns, handling) if noun == "sheet" else Checker(session, noun, columns, handling)
    for done, (number, cells) in enumerate(table.rows(), 1):
        if done % STEP == 0:
            progress.tell(done)
        if len(cells) != width:
            found.problems[number] = {"": Message("This row has {count} cells, the heading has {width}.", {"count": len(cells), "width": width})}
            continue
        if preset and not preset.counts(dict(zip(folded_headings, cells, strict=True))):
            found.left["other"] += 1
            continue
        try:
            checker.take(number, cells, found)
        except Invalid as invalid:
            found.problems[number] = invalid.problems
    for part in checker.checkers:
        own = [item for item in found.items if item.noun == part.noun]
        part.shape.finish(own, found.problems)
        found.items = [*(item for item in found.items if item.noun != part.noun), *own]
        Comparison(session, part, found).run()
        found.signs = part.duplicates.signs if part.duplicates else found.signs
    found.items.sort(key=_turn)
    progress.tell(table.row_count)
    return found


def day_order(table: Table, columns: Sequence[tuple[int, Column]]) -> DayOrder:
    """What the file's own dates say of the order of day and month."""
    places = [position for position, column in columns if column.field and column.field.kind in DATED]
    return order_of(cells[position] for _, cells in table.rows() for position in places if position < len(cells)) if places else DayOrder()


def _turn(item: Item) -> tuple[int, bool, int]:
    """Noun by noun, new records first; updates in the order of their numbers, so that two imports never wait for each other."""
    place = SHEET.index(item.noun) if item.noun in SHEET else 0
    return place, item.verb == "update", item.id or 0


class Comparison:
    """What the updates of a noun would change; those that change nothing are let go."""

    def __init__(self, session: CrmSession, checker: Checker, found: Checked) -> None:
        self.session, self.checker, self.found, self.noun = session, checker, found, checker.noun
        self.fields = {field.key: field for field in fields_for(session, self.noun)}

    def run(self) -> None:
        updates = [item for item in self.found.items if item.verb == "update" and item.noun == self.noun]
        for some in batches(updates, BATCH):
            self._compare(some)
        idle = {id(item) for item in updates if not item.changes and not item.children}
        if idle:
            self.found.left["unchanged"] += sum(len(item.rows) for item in updates if id(item) in idle and item.rows[0] not in self.found.problems)
            self.found.items[:] = [item for item in self.found.items if id(item) not in idle]

    def _compare(self, items: list[Item]) -> None:
        model, numbers = NOUNS[self.noun], [item.id for item in items]
        present = {record.id: record for record in self.session.scalars(select(model).where(among(model.id, numbers)))}
        carried = self._tags(numbers) if self.noun == "customer" else set()
        for item in items:
            assert item.id is not None
            item.children = [(noun, values) for noun, values in item.children if (item.id, values.get("tag_id")) not in carried]
            try:
                self._see(item, present[item.id])
            except Invalid as invalid:
                self.found.problems.update({row: invalid.problems for row in item.rows})
                item.changes, item.children = {}, []

    def _see(self, item: Item, record: Record) -> None:
        before = {key: value_of(record, self.fields[key]) for key in item.mains[0]}
        item.changes = {key: (before[key], value) for key, value in item.mains[0].items() if value != before[key]}
        if fixed := [key for key in item.changes if self.fields[key].fixed]:
            raise Invalid({key: Message("This cannot be changed later.") for key in fixed})
        self.checker.unique.claim_anew(record, {key: new for key, (_, new) in item.changes.items()})

    def _tags(self, numbers: Sequence[Any]) -> set[tuple[int, int]]:
        """Customer and tag of every tag that they carry."""
        rows = self.session.execute(select(CustomerTag.customer_id, CustomerTag.tag_id).where(among(CustomerTag.customer_id, numbers)))
        return {(customer_id, tag_id) for customer_id, tag_id in rows}
