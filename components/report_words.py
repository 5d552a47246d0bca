"""A standard report's values as they are printed, on the screen and on paper."""

from __future__ import annotations

from datetime import date
from typing import Any

from components import formats
from db.language import t
from db.queries.periods import Period
from db.queries.reports import Column, Report, Result
from db.queries.turnover import View


def printed(value: Any, unit: str, currency: str) -> str:
    """A cell in its column's unit; nothing is a dash."""
    if value is None or value != value:
        return formats.NOTHING
    if unit == "date":
        return formats.date_table(value if isinstance(value, date) else date.fromisoformat(str(value)))
    if unit == "number":
        return formats.number(value)
    if unit == "money":
        return formats.money_exact(value, currency)
    if unit == "difference":
        return f"{'+' if value > 0 else '−' if value < 0 else ''}{formats.money_exact(abs(value), currency)}"
    return formats.percent(value) if unit == "percent" else change(value) if unit == "change" else str(value)


def change(ratio: float | None) -> str:
    """+12.3%; a dash where there was nothing a year before"""
    return formats.NOTHING if ratio is None or ratio != ratio else f"{formats.signed(ratio * 100, 1)}%"


def columns_of(report: Report) -> tuple[Column, ...]:
    return (Column("label", report.group, "text"), *report.columns)


def finding(report: Report, found: Result, view: View, currency: str) -> str:
    """What the report says, in one sentence from its total."""
    now, before, ratio = found.total["amount"], found.total["amount_before"], found.total["change"]
    if not now and not before:
        return t("No orders in this period, nor a year before.") if not report.contracts_only else t("No contracts in this period, nor a year before.")
    amount, earlier = formats.money(now, currency), formats.money(before, currency)
    if ratio is None:
        return t("{amount}; there was nothing in the same period last year.", amount=amount)
    if abs(ratio) < 0.0005:
        return t("{amount}, as much as in the same period last year.", amount=amount)
    more = t("{amount}, {change} more than in the same period last year ({before}).", amount=amount, change=_size(ratio), before=earlier)
    less = t("{amount}, {change} less than in the same period last year ({before}).", amount=amount, change=_size(ratio), before=earlier)
    return more if ratio > 0 else less


def _size(ratio: float) -> str:
    return formats.percent(abs(ratio))


def span(period: Period) -> str:
    """1 Nov 2026 – 25 Nov 2026"""
    return f"{formats.date_long(period.start)} – {formats.date_long(period.last)}"


def caption(view: View) -> str:
    running = f" · {t('to date')}" if view.period.is_running(view.as_of) else ""
    return f"{span(view.now)}{running} · {t('compared with {period}', period=span(view.before))}"
