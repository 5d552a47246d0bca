"""A figure carries what it was worked out from, so that a screen can show '37 of 185' beside '20.0 %'."""

from __future__ import annotations

from dataclasses import dataclass

from db.queries.statistics import wilson


@dataclass(frozen=True)
class Figure:
    """value: None where there is no data; n: the rows it rests on; left_out: the rows that could not count."""

    value: float | None
    numerator: float | None = None
    denominator: float | None = None
    n: int = 0
    left_out: int = 0
    low: float | None = None
    high: float | None = None


NOTHING = Figure(None)


def quotient(numerator: float, denominator: float, left_out: int = 0, n: int | None = None) -> Figure:
    """numerator / denominator; no value when there is nothing to divide by."""
    value = numerator / denominator if denominator else None
    return Figure(value, numerator, denominator, int(denominator) if n is None else n, left_out)


def share(part: int, whole: int, left_out: int = 0) -> Figure:
    """A share of counted things with its 95 % Wilson interval."""
    low, high = wilson(part, whole)
    return Figure(part / whole if whole else None, part, whole, whole, left_out, low, high)


def amount(value: float | None, n: int = 0, left_out: int = 0) -> Figure:
    """A sum or a count that is no ratio."""
    return Figure(value, value, None, n, left_out)
