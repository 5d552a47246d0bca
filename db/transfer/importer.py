"""Import in two steps: a dry run that shows what would happen, then one transaction that is one Change and can be undone."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field as member

from sqlalchemy.exc import IntegrityError

from db import match_keys
from db.engine import reading, transaction
from db.errors import Conflict, Forbidden, Invalid
from db.policy import Actor
from db.transfer import refused, writer
from db.transfer.checking import Checked, Messages
from db.transfer.columns import Column, columns_of, may_import
from db.transfer.day_order import DayOrder
from db.transfer.drafts import drafts_of, stand, write_drafts
from db.transfer.edits import Edit, edits_of
from db.transfer.handling import Handling
from db.transfer.mapping import checked, suggest, unknown, worked_out
from db.transfer.progress import Progress
from db.transfer.table import Table
from db.transfer.whole_file import check_all, day_order

SHOWN = 200
SAMPLE = 5
MANY = 10_000
AS_NEW = Handling()


@dataclass(frozen=True)
class Note:
    """Something to say about one row: its number and all that is wrong with it, or doubtful."""

    row: int
    text: str


@dataclass(frozen=True)
class Counts:
    """Records that an import makes and changes, of a sheet's other nouns too, records that hang on them, and rows whose record stays as it is."""

    new: int = 0
    updated: int = 0
    also: Mapping[str, int] = member(default_factory=dict)
    attached: Mapping[str, int] = member(default_factory=dict)
    left: Mapping[str, int] = member(default_factory=dict)

    @property
    def made(self) -> int:
        return self.new + sum(self.also.values())

    @property
    def any(self) -> bool:
        return self.made + self.updated > 0


@dataclass(frozen=True)
class Preview:
    """What an import would do. `problems`, `doubts`, `blanks` and `edits` hold the first of all; refused_file holds all refused rows."""

    noun: str
    rows: int
    counts: Counts
    refused: int
    warnings: int
    emptied: int
    problems: tuple[Note, ...]
    doubts: tuple[Note, ...]
    blanks: tuple[Note, ...]
    edits: tuple[Edit, ...]
    sample: tuple[Mapping[str, str], ...]
    refused_file: bytes | None = member(repr=False, default=None)

    @property
    def new(self) -> int:
        return self.counts.new

    @property
    def attached(self) -> Mapping[str, int]:
        return self.counts.attached


@dataclass(frozen=True)
class Result:
    change_id: int | None
    counts: Counts
    refused: int

    @property
    def created(self) -> int:
        return self.counts.new

    @property
    def attached(self) -> Mapping[str, int]:
        return self.counts.attached


@dataclass(frozen=True)
class Matching:
    """The columns that a noun knows, which heading was recognised as which, and the headings that nobody knows."""

    columns: tuple[Column, ...]
    suggested: Mapping[str, str]
    unknown: tuple[str, ...]


def match(actor: Actor, noun: str, table: Table, known: Mapping[str, str] | None = None) -> Matching:
    """The first step: what the headings probably mean. known: heading -> column key of a preset or a saved mapping."""
    _require(actor, noun)
    with reading(actor) as session:
        columns = columns_of(session, noun)
        keys = {column.key for column in columns}
        sure = {heading: key for heading, key in (known or {}).items() if key in keys and heading in table.headings}
        others = suggest(columns, [heading for heading in table.headings if heading not in sure]) if not known else {}
        suggested = {**sure, **others}
        return Matching(columns, suggested, tuple(unknown(table.headings, suggested, worked_out(session, noun))))


def dates_of(actor: Actor, noun: str, table: Table, mapping: Mapping[str, str]) -> DayOrder:
    """Whether the mapped dates have the year last, and which order of day and month they allow."""
    with reading(actor) as session:
        columns = {column.key: column for column in columns_of(session, noun)}
    return day_order(table, [(table.headings.index(heading), columns[key]) for heading, key in mapping.items() if key in columns])


def _require(actor: Actor, noun: str) -> None:
    if not may_import(actor, noun):
        raise Forbidden


def dry_run(actor: Actor, noun: str, table: Table, mapping: Mapping[str, str], progress: Progress | None = None, handling: Handling = AS_NEW) -> Preview:
    """mapping: heading -> column key. Raises Invalid where the mapping cannot work, Cancelled."""
    _require(actor, noun)
    with reading(actor) as session:
        columns = checked(session, noun, table.headings, mapping, handling)
        found = check_all(session, noun, table, columns, handling, progress or Progress())
        titles = {column.key: column.title for column in columns_of(session, noun)}
        edits = edits_of(session, found.items, SHOWN)
    return Preview(
        noun, table.row_count, _counts(noun, found), len(found.problems), len(found.warnings), len(found.emptied),
        _notes(found.problems, titles), _notes(found.warnings, titles), _notes(found.emptied, titles), edits,
        _sample(table, columns, found), refused.file_of(table, found.problems, titles) if found.problems else None,
    )


def _counts(noun: str, found: Checked) -> Counts:
    made: Counter[str] = Counter()
    for item in found.items:
        made[item.noun] += len(item.mains) if item.verb == "create" else 0
    new = made.pop("customer" if noun == "sheet" else noun, 0)
    updated = sum(item.verb == "update" for item in found.items)
    return Counts(new, updated, +made, Counter(noun for item in found.items for noun, _ in item.children), found.left)


def _notes(messages: Messages, titles: Mapping[str, str]) -> tuple[Note, ...]:
    return tuple(Note(row, refused.reason(messages[row], titles)) for row in sorted(messages)[:SHOWN])


def _sample(table: Table, columns: list[tuple[int, Column]], found: Checked) -> tuple[Mapping[str, str], ...]:
    """The first rows that would become new records, under the product's own words."""
    first = sorted(item.rows[0] for item in found.items if item.verb == "create")[:SAMPLE]
    rows = (cells for number, cells in table.rows() if number in first) if first else ()
    return tuple({column.title: cells[position] for position, column in columns} for _, cells in zip(first, rows, strict=False))


def run(actor: Actor, noun: str, table: Table, mapping: Mapping[str, str], file_name: str = "", progress: Progress | None = None,
        request_key: str | None = None, handling: Handling = AS_NEW) -> Result:
    """Check again, then write all rows that are right in one transaction. Raises Invalid when none is, Cancelled when asked to stop.

    A Change "import.<noun>" carries the file's name; `history.undo` takes the whole import back.
    """
    _require(actor, noun)
    progress = progress or Progress()
    with _collector_paused():
        with reading(actor) as session:
            found = check_all(session, noun, table, checked(session, noun, table.headings, mapping, handling), handling, progress)
            counts = _counts(noun, found)
            if not counts.any:
                raise Invalid.because("No row of this file can be imported.")
            if len(found.items) > MANY:
                gc.collect()  # the checkers hold each other, and every sign of the file
            drafts = drafts_of(session, found.items, progress)
        progress.begin("wait")
        try:
            with transaction(actor, f"import.{noun}", request_key=request_key, note=file_name[-200:] or None, at_length=True) as session:
                match_keys.signs_are_known(session, found.signs)
                if drafts and stand(session, drafts):
                    found.items.clear()
                    write_drafts(session, drafts, progress)
                else:
                    writer.write(session, found.items, progress)
        except (IntegrityError, Conflict) as error:
            raise Invalid.because("Somebody entered or changed the same records in the meantime; please check the file again.") from error
    return Result(session.info.get("change_id"), counts, len(found.problems))


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Each full garbage collection would walk all rows held so far: a fifth of the time for nothing."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
