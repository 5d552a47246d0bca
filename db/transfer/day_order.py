"""Dates with the year last: whether the day or the month comes first is settled by the file's own dates, else by the person."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from db.validation import Refused

ORDERS = {"dmy": "Day first", "mdy": "Month first"}
YEAR_LAST = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?:[ T,]+(\d{1,2}):(\d{2})(?::(\d{2}))?(?: *([AaPp])\.?[Mm]\.?)?)?")


@dataclass(frozen=True)
class DayOrder:
    """example: the first such date, '' where there is none; possible: the orders that all of them allow."""

    example: str = ""
    possible: tuple[str, ...] = ()

    @property
    def sure(self) -> str:
        return self.possible[0] if self.example and len(self.possible) == 1 else ""


def order_of(texts: Iterable[str]) -> DayOrder:
    example, possible = "", set(ORDERS)
    for text in texts:
        if (found := YEAR_LAST.fullmatch(text)) and (readings := _readings(found)):
            example, possible = example or text, possible & readings.keys()
    return DayOrder(example, tuple(order for order in ORDERS if order in possible))


def year_first(text: str, order: str) -> str:
    """The date, with its time if it has one, as 2026-03-31 14:05:00; what is no such date as it is. Raises Refused where the order is not settled."""
    found = YEAR_LAST.fullmatch(text)
    readings = _readings(found) if found else {}
    if found is None or not readings:
        return text
    if order not in ORDERS:
        raise Refused("“{value}” may be two different days; please say whether the day or the month comes first.", value=text[:60])
    if order not in readings:
        return text
    day, month = readings[order]
    year, hour, minute, seconds, half = found.groups()[3:]
    date = f"{year}-{month:02d}-{day:02d}"
    return f"{date} {_hour(int(hour), half):02d}:{minute}:{seconds or '00'}" if hour else date


def _readings(found: re.Match[str]) -> dict[str, tuple[int, int]]:
    """Day and month by each order that makes sense; where dots stand between them the day comes first."""
    first, second = int(found[1]), int(found[3])
    ways = {"dmy": (first, second)} if found[2] == "." else {"dmy": (first, second), "mdy": (second, first)}
    return {order: (day, month) for order, (day, month) in ways.items() if 1 <= day <= 31 and 1 <= month <= 12}


def _hour(hour: int, half: str | None) -> int:
    return hour if half is None else hour % 12 + 12 * (half in "Pp")
