"""An empty file to fill in: headings, one example row, and what each column takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from db import clock
from db.choices import labels
from db.errors import Forbidden
from db.fields import DATED, Field, Kind
from db.language import t
from db.models import NOUNS
from db.session import CrmSession
from db.transfer.columns import Column, columns_of, may_import
from db.transfer.export import as_csv, as_xlsx

REQUIRED = "*"
CONTENTS = {
    Kind.TEXT: "Text", Kind.LONG_TEXT: "Long text", Kind.INTEGER: "Whole number", Kind.DECIMAL: "Number", Kind.MONEY: "Amount",
    Kind.DATE: "Date, as 2026-03-31", Kind.INSTANT: "Date and time, as 2026-03-31 14:30", Kind.TIME: "Time, as 14:30", Kind.BOOLEAN: "Yes or no",
    Kind.CHOICE: "One of the options", Kind.LINK: "Code or name of a record", Kind.EMAIL: "E-mail address", Kind.PHONE: "Phone number",
    Kind.URL: "Web address", Kind.RATING: "Whole number",
}
EXAMPLES = {"name", "contact.name", "follow_up.subject", "follow_up.due_on", "order.ordered_on", "order.amount"}
"""Columns without a star that the example fills in all the same."""
PART_CONTENTS = {"tags": "Names, separated by semicolons", "author": "Name of a person", "name_part": "Text"}


def template(session: CrmSession, noun: str, kind: str = "xlsx", with_labels: bool = True) -> bytes:
    """The noun's import template; the workbook explains itself on a second sheet."""
    if not may_import(session.actor, noun):
        raise Forbidden
    columns = columns_of(session, noun)
    headings = [_heading(column, with_labels) for column in columns]
    example = [_example(session, column) for column in columns]
    if kind == "csv":
        return as_csv(headings, [example])
    explained = [[t("Column"), t("Field key"), t("Contents"), t("Options")], *_explained(session, columns, headings)]
    return as_xlsx(headings, [example], (t("Explanation"), explained))


def _heading(column: Column, with_labels: bool) -> str:
    return f"{column.title}{REQUIRED if column.required else ''}" if with_labels else column.key


def _explained(session: CrmSession, columns: Sequence[Column], headings: Sequence[str]) -> list[list[str]]:
    return [[heading, column.key, _contents(column), ", ".join(_options(session, column.field))] for column, heading in zip(columns, headings, strict=True)]


def _contents(column: Column) -> str:
    if column.field is None:
        return t(PART_CONTENTS.get(column.part, "Whole number"))
    return t(CONTENTS[column.field.kind])


def _options(session: CrmSession, field: Field | None) -> list[str]:
    return list(labels(session, field, with_retired=False).values()) if field and field.kind == Kind.CHOICE else []


def _example(session: CrmSession, column: Column) -> Any:
    """A value of the right kind where one is needed; the rest is left empty."""
    field = column.field
    hanging = column.noun not in {"", "customer"}
    if field is None or not (column.required or column.key in EXAMPLES or (field.kind == Kind.CHOICE and not hanging)):
        return ""
    options = _options(session, field)
    if options:
        return options[0]
    if field.kind in DATED:
        return clock.today().isoformat()
    if field.kind == Kind.LINK:
        return f"{NOUNS[field.target].prefix}-0001"
    return {Kind.INTEGER: 1, Kind.RATING: 5, Kind.MONEY: 100, Kind.DECIMAL: 1}.get(field.kind, t("Example"))
