"""Any list, or all records of a noun, as a file that comes back unchanged through the import."""

from __future__ import annotations

import csv
import io
import json
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from operator import attrgetter
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from sqlalchemy import select

from db import clock
from db.batches import batches
from db.choices import fields_for, labels, titles
from db.dialect import among
from db.errors import Invalid
from db.fields import Field, Kind
from db.language import t
from db.masking import may_search, shown
from db.models import NOUNS
from db.policy import require
from db.queries import lists
from db.queries.lists import ListQuery
from db.records import value_of
from db.session import CrmSession
from db.transfer import links
from db.transfer.cells import joined, safe, without_controls
from db.transfer.columns import AUTHOR, TAGS, WRITTEN
from db.transfer.mapping import CUSTOMER_NAME
from db.transfer.workbook import MAX_ROWS

BATCH = 1000
EVERYTHING = ListQuery(sort="id", descending=False)


@dataclass(frozen=True)
class Out:
    """A column of an export: its heading and the values of some records."""

    heading: str
    field: Field | None = None
    special: str = ""


def file_name(stem: str, kind: str) -> str:
    """A name that says what and when, and that nobody can guess."""
    return f"{stem.lower().replace(' ', '-')}-{clock.local(clock.now()):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}.{kind}"


def export(session: CrmSession, noun: str, query: ListQuery = EVERYTHING, kind: str = "csv", with_labels: bool = False, every: bool = False) -> bytes:
    """A file with the records of the list.

    kind: 'csv' or 'xlsx'. with_labels: headings and options in the reader's words, else field keys and codes; both can be imported.
    every: also what the product keeps for itself.
    """
    require(session.actor, "export", noun)
    ids = lists.ids(session, noun, query, limit=1_000_000)
    if kind == "xlsx" and len(ids) > MAX_ROWS:
        raise Invalid.because("A workbook holds at most {limit} rows; please choose CSV.", limit=f"{MAX_ROWS:,}")
    columns = columns_out(session, noun, with_labels, every)
    rows = _rows(session, noun, ids, columns, with_labels)
    return (as_csv if kind == "csv" else as_xlsx)([column.heading for column in columns], rows)


def columns_out(session: CrmSession, noun: str, with_labels: bool, every: bool = False) -> list[Out]:
    """Every field that people see: what an import reads, what is worked out, and in a file for people the customer's name."""
    fields = [field for field in fields_for(session, noun) if field.editable or field.derived or every]
    columns = [Out(field.title if with_labels else field.key, field) for field in fields]
    if noun == "customer":
        columns.append(Out(t("Tags") if with_labels else TAGS, special=TAGS))
    if noun == "follow_up":
        columns += [Out(t(word) if with_labels else key, special=key) for key, word in ((AUTHOR, "Written by"), (WRITTEN, "Written at"))]
    if with_labels and "customer_id" in {field.key for field in fields}:
        columns.insert(1, Out(t(CUSTOMER_NAME), special=CUSTOMER_NAME))
    return columns


def _rows(session: CrmSession, noun: str, ids: Sequence[int], columns: Sequence[Out], with_labels: bool) -> Iterator[tuple[Any, ...]]:
    """Read as plain rows: making records of them took longer than all the rest."""
    model = NOUNS[noun]
    columns_of_all = [getattr(model, attribute.key) for attribute in model.__mapper__.column_attrs]
    for wanted in batches(ids, BATCH):
        found = {record.id: record for record in session.execute(select(*columns_of_all).where(among(model.id, wanted)))}
        records = [found[id_] for id_ in wanted if id_ in found]
        yield from cells(session, columns, records, with_labels)


def cells(session: CrmSession, columns: Sequence[Out], records: Sequence[Any], with_labels: bool) -> Iterator[tuple[Any, ...]]:
    """Records, or database rows with all their columns, as rows of these columns."""
    return zip(*(_values(session, column, records, with_labels) for column in columns), strict=True)


def _values(session: CrmSession, column: Out, records: Sequence[Any], with_labels: bool) -> list[Any]:
    if column.special == TAGS:
        tags = links.tags_of(session, [record.id for record in records])
        return [joined(tags.get(record.id, ())) for record in records]
    if column.special == AUTHOR:
        names = links.references(session, "user", [record.created_by_id for record in records])
        return [names.get(record.created_by_id or 0) for record in records]
    if column.special == WRITTEN:
        return [_instant(record.created_at, with_labels) for record in records]
    if column.special == CUSTOMER_NAME:
        ids = [record.customer_id for record in records]
        customers = titles(session, "customer", ids)
        return [customers.get(id_) for id_ in ids]
    assert column.field is not None
    return _field_values(session, column.field, records, with_labels)


def _field_values(session: CrmSession, field: Field, records: Sequence[Any], with_labels: bool) -> list[Any]:
    values = [value_of(record, field) for record in records] if field.custom else list(map(attrgetter(field.key), records))
    if field.kind == Kind.LINK:
        names = links.references(session, field.target, values)
        return [names.get(value) for value in values]
    if field.among:
        titles_of = labels(session, field)
        return [joined(titles_of[id_] for id_ in chosen if id_ in titles_of) for chosen in values]
    if not may_search(session.actor, field):
        return [shown(session.actor, field, value) for value in values]
    if field.kind == Kind.CHOICE and with_labels:
        code_words = labels(session, field)
        return [code_words.get(value, value) for value in values]
    if field.kind == Kind.INSTANT:
        return [_instant(value, with_labels) for value in values]
    if field.kind == Kind.BOOLEAN:
        yes, no = (t("Yes"), t("No")) if with_labels else ("true", "false")
        return [None if value is None else yes if value else no for value in values]
    return values


def _instant(value: datetime | None, with_labels: bool) -> str | None:
    """For machines with its zone and to the microsecond; for people on the organisation's clock."""
    if value is None:
        return None
    local = clock.local(value)
    return local.replace(tzinfo=None).isoformat(sep=" ", timespec="seconds") if with_labels else local.isoformat()


def as_csv(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """UTF-8 with its mark, everything quoted, nothing that a spreadsheet would run."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, quoting=csv.QUOTE_ALL)
    writer.writerow([safe(heading) for heading in headings])
    writer.writerows(map(_text, row) for row in rows)
    return target.getvalue().encode("utf-8-sig")


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return safe(value)
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return value.isoformat() if isinstance(value, date) else str(value)


def as_xlsx(headings: Sequence[str], rows: Iterable[Sequence[Any]], *more: tuple[str, Sequence[Sequence[Any]]]) -> bytes:
    """more: further sheets, each with its name and rows."""
    book = Workbook(write_only=True)
    _fill(book, t("Data"), [headings, *rows])
    for name, lines in more:
        _fill(book, name, lines)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _fill(book: Workbook, name: str, rows: Iterable[Sequence[Any]]) -> None:
    sheet = book.create_sheet(name)
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])


def _cell(sheet: Any, value: Any) -> Any:
    """Text stays text, whatever it begins with; numbers and dates stay what they are."""
    if value is None or isinstance(value, bool | int | float | Decimal | date):
        return value
    cell = WriteOnlyCell(sheet, value=without_controls(str(value)))
    cell.data_type = "s"
    return cell

