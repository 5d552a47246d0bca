"""A figure in words: its unit, its sample, its change."""

from __future__ import annotations

from components import formats
from db.language import t
from db.queries.figures import Figure
from db.queries.kpi import Kpi

FEW, NONE_BELOW = 30, 5
RATES = {"percent", "points", "index", "nps"}


def printed(kpi: Kpi, value: float | None, currency: str = "CNY") -> str:
    """The value in the KPI's unit."""
    if value is None:
        return formats.NOTHING
    return {
        "percent": lambda: formats.percent(value, kpi.decimals),
        "money": lambda: formats.money(value, currency),
        "nps": lambda: formats.signed(value, 0),
        "index": lambda: formats.number(value, kpi.decimals),
        "points": lambda: formats.number(value, kpi.decimals or 2),
        "days": lambda: formats.number(value, kpi.decimals),
        "number": lambda: formats.number(value, kpi.decimals if value != int(value) else 0),
    }[kpi.unit]()


def shown(kpi: Kpi, figure: Figure, currency: str = "CNY") -> str:
    """The value as a card shows it: below five answers no rate."""
    if kpi.unit in RATES and figure.low is not None and figure.n < NONE_BELOW:
        return formats.NOTHING
    return printed(kpi, figure.value, currency)


def sample(kpi: Kpi, figure: Figure) -> str:
    """'n = 12, few answers' for rates that rest on a sample."""
    if kpi.unit not in RATES or figure.low is None:
        return ""
    few = f" · {t('few answers')}" if figure.n < FEW else ""
    return f"n = {formats.number(figure.n)}{few}"


def change(kpi: Kpi, now: Figure, before: Figure | None) -> tuple[str, str]:
    """The change against another period, and whether it is 'good', 'bad' or ''."""
    if before is None or now.value is None or before.value is None:
        return "", ""
    difference = now.value - before.value
    text, unchanged = _difference(kpi, difference, before.value)
    return text, "" if unchanged or not kpi.better else "good" if (difference > 0) == (kpi.better == "up") else "bad"


def _difference(kpi: Kpi, difference: float, before: float) -> tuple[str, bool]:
    """The difference as it is printed, and whether it is nought as printed: rates in points, amounts and days in percent, the rest as a number."""
    if kpi.unit == "percent":
        return formats.points(difference), not round(difference * 100, 1)
    if kpi.unit in {"money", "days"} and before > 0:
        return f"{formats.signed(difference / before * 100, 1)}%", not round(difference / before * 100, 1)
    decimals = 0 if kpi.unit == "money" or (kpi.unit == "number" and difference == int(difference)) else kpi.decimals
    return formats.signed(difference, decimals), not round(difference, decimals)


def arrow(change: str) -> str:
    """Which way a printed change went, for the chip's arrow."""
    return {"+": "up", "−": "down"}.get(change[:1], "off")
