"""The reports' tables as a phone shows them: what matters first, all of it without pushing sideways."""

from __future__ import annotations

from typing import Any

from components import formats
from components.daily_words import Section
from components.navigation import address
from components.phone_rows import PhoneRow
from db import clock
from db.language import t
from db.queries.daily import Day
from db.queries.reports import Report, Result

LEADS = {"done": "at", "planned": "at", "orders": "amount", "answers": "score"}
"""The column of a day's list that stands beside the customer."""


def report(report: Report, found: Result, headings: list[str], rows: list[list[str]]) -> list[PhoneRow]:
    """Amount, the year before and the change; the other columns behind a tap. rows: printed, the last one the total."""
    shown = ("amount", "amount_before", "change")
    keys = [column.key for column in report.columns]
    groups = found.rows["group"].tolist()
    drawn = []
    for position, (title, *cells) in enumerate(rows):
        values = dict(zip(keys, cells, strict=True))
        more = {heading: values[key] for key, heading in zip(keys, headings[1:], strict=True) if key not in shown}
        is_total = position == len(groups)
        drawn.append(
            PhoneRow(
                title,
                values["amount"],
                note=formats.labelled(t("Year before"), values["amount_before"]),
                hint=values["change"],
                more=more,
                way=None if is_total or not report.noun else _way(report.noun, t("Open"), id=groups[position]),
                is_total=is_total,
            )
        )
    return drawn


def team(found: Day, headings: list[str], rows: list[list[str]], total: list[str]) -> list[PhoneRow]:
    """What each did, and in the second line whatever else is not nothing; the name leads to that day alone."""
    people = [None if manager != manager else manager for manager in found.people["manager_id"]]
    ways = [None if manager is None else _way("reports", name, **day_of(found, int(manager))) for manager, (name, *_) in zip(people, rows, strict=True)]
    return [_person(headings, row, way) for row, way in zip([*rows, total], [*ways, None], strict=True)]


def _person(headings: list[str], row: list[str], way: tuple[str, str] | None) -> PhoneRow:
    (name, done, *cells), (_, first, *words) = row, headings
    rest = [formats.labelled(word, cell) for word, cell in zip(words, cells, strict=True) if any(digit in cell for digit in "123456789")]
    return PhoneRow(name, formats.labelled(first, done), note=" · ".join(rest), way=way, is_total=name == t("Total"))


def day_of(found: Day, manager: int) -> dict[str, Any]:
    """The address of that day of one person; today needs no day."""
    return {"owner": manager, **({"day": found.day.isoformat()} if found.day != clock.today() else {})}


def section(section: Section) -> list[PhoneRow]:
    """Customer and time, amount or score; the other cells below as they are."""
    lead = LEADS.get(section.key, "")
    return [_entry(dict(zip(section.keys, row, strict=True)), lead, customer) for row, customer in zip(section.rows, section.ids, strict=True)]


def _entry(cells: dict[str, str], lead: str, customer: int) -> PhoneRow:
    name, figure = cells.pop("customer"), cells.pop(lead, "")
    if cells.get("tier"):
        cells["tier"] = formats.labelled(t("Tier"), cells["tier"])
    return PhoneRow(name, figure, note=" · ".join(cell for cell in cells.values() if cell), way=_way("customer", name, id=customer))


def _way(page: str, words: str, **params: Any) -> tuple[str, str] | None:
    found = address(page, **params)
    return None if found is None else (found, words)
