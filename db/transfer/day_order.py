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
        if found := YEAR_LAST.fullmatch(text):
            example = example or text
            first, separator, second = int(found[1]), found[2], int(found[3])
            possible -= ({"mdy"} if first > 12 or separator == "." else set()) | ({"dmy"} if second > 12 else set())
    return DayOrder(example, tuple(order for order in ORDERS if order in possible))


def year_first(text: str, order: str) -> str:
    """The date, with its time if it has one, as 2026-03-31 14:05:00; other texts as they are. Raises Refused where the order is not settled."""
    found = YEAR_LAST.fullmatch(text)
    if found is None:
        return text
    if order not in ORDERS:
        raise Refused("“{value}” may be two different days; please say whether the day or the month comes first.", value=text[:60])
    first, _, second, year, hour, minute, seconds, half = found.groups()
    day, month = (first, second) if order == "dmy" else (second, first)
    date = f"{year}-{int(month):02d}-{int(day):02d}"
    return f"{date} {_hour(int(hour), half):02d}:{minute}:{seconds or '00'}" if hour else date


def _hour(hour: int, half: str | None) -> int:
    return hour if half is None else hour % 12 + 12 * (half in "Pp")

