"""Import in two steps: a dry run that shows what would happen, then one transaction that is one Change and can be undone."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field as member

from sqlalchemy.exc import IntegrityError

from db.engine import reading, transaction
from db.errors import Forbidden, Invalid
from db.policy import Actor, require
from db.transfer import refused, writer
from db.transfer.checking import Checked, Messages, check_all
from db.transfer.columns import IMPORTABLE, Column, columns_of
from db.transfer.mapping import checked, suggest, unknown, worked_out
from db.transfer.progress import Progress
from db.transfer.table import Table

SHOWN = 200
SAMPLE = 5


@dataclass(frozen=True)
class Note:
    """Something to say about one row: its number and all that is wrong with it, or doubtful."""

    row: int
    text: str


@dataclass(frozen=True)
class Preview:
    """What an import would do. `problems` and `doubts` hold the first of `refused` and `warnings`; refused_file holds all refused rows."""

    noun: str
    rows: int
    new: int
    attached: Mapping[str, int]
    refused: int
    warnings: int
    problems: tuple[Note, ...]
    doubts: tuple[Note, ...]
    sample: tuple[Mapping[str, str], ...]
    refused_file: bytes | None = member(repr=False, default=None)


@dataclass(frozen=True)
class Result:
    change_id: int | None
    created: int
    attached: Mapping[str, int]
    refused: int


@dataclass(frozen=True)
class Matching:
    """The columns that a noun knows, which heading was recognised as which, and the headings that nobody knows."""

    columns: tuple[Column, ...]
    suggested: Mapping[str, str]
    unknown: tuple[str, ...]


def match(actor: Actor, noun: str, table: Table) -> Matching:
    """The first step: what the headings probably mean."""
    _require(actor, noun)
    with reading(actor) as session:
        columns = columns_of(session, noun)
        suggested = suggest(columns, table.headings)
        return Matching(columns, suggested, tuple(unknown(table.headings, suggested, worked_out(session, noun))))


def _require(actor: Actor, noun: str) -> None:
    if noun not in IMPORTABLE:
        raise Forbidden
    require(actor, "import", noun)


def dry_run(actor: Actor, noun: str, table: Table, mapping: Mapping[str, str], progress: Progress | None = None) -> Preview:
    """mapping: heading -> column key. Raises Invalid where the mapping cannot work."""
    _require(actor, noun)
    with reading(actor) as session:
        columns = checked(session, noun, table.headings, mapping)
        found = check_all(session, noun, table, columns, progress)
        titles = {column.key: column.title for column in columns_of(session, noun)}
    new, attached = _counts(found)
    return Preview(
        noun, table.row_count, new, attached, len(found.problems), len(found.warnings), _notes(found.problems, titles), _notes(found.warnings, titles),
        _sample(table, columns, found.problems), refused.file_of(table, found.problems, titles) if found.problems else None,
    )


def _counts(found: Checked) -> tuple[int, Mapping[str, int]]:
    return sum(len(item.mains) for item in found.items), Counter(noun for item in found.items for noun, _ in item.children)


def _notes(messages: Messages, titles: Mapping[str, str]) -> tuple[Note, ...]:
    return tuple(Note(row, refused.reason(messages[row], titles)) for row in sorted(messages)[:SHOWN])


def _sample(table: Table, columns: list[tuple[int, Column]], problems: Messages) -> tuple[Mapping[str, str], ...]:
    """The first rows that would be written, under the product's own words."""
    rows = (cells for number, cells in table.rows() if number not in problems)
    return tuple({column.title: cells[position] for position, column in columns} for _, cells in zip(range(SAMPLE), rows, strict=False))


def run(actor: Actor, noun: str, table: Table, mapping: Mapping[str, str], file_name: str = "", progress: Progress | None = None,
        request_key: str | None = None) -> Result:
    """Check again, then write all rows that are right in one transaction. Raises Invalid when none is, Cancelled when asked to stop.

    A Change "import.<noun>" carries the file's name; `history.undo` takes the whole import back.
    """
    _require(actor, noun)
    progress = progress or Progress()
    with _collector_paused():
        with reading(actor) as session:
            found = check_all(session, noun, table, checked(session, noun, table.headings, mapping), progress)
        if not found.items:
            raise Invalid.because("No row of this file can be imported.")
        new, attached = _counts(found)
        progress.begin("wait")
        try:
            with transaction(actor, f"import.{noun}", request_key=request_key, note=file_name[-200:] or None, at_length=True) as session:
                writer.write(session, noun, found.items, progress)
        except IntegrityError as error:
            raise Invalid.because("Somebody entered the same records in the meantime; please check the file again.") from error
    return Result(session.info.get("change_id"), new, attached, len(found.problems))


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
