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
    tone = "" if abs(difference) < 1e-12 or not kpi.better else "good" if (difference > 0) == (kpi.better == "up") else "bad"
    if kpi.unit == "percent":
        return formats.points(difference), tone
    if kpi.unit in {"points", "index", "nps"} or (kpi.unit == "number" and kpi.decimals) or before.value <= 0:
        return formats.signed(difference, 0 if kpi.unit == "money" else kpi.decimals), tone
    return f"{formats.signed(difference / before.value * 100, 1)}%", tone


def arrow(now: Figure, before: Figure) -> str:
    """Which way the figure went, for the chip's arrow."""
    if now.value is None or before.value is None or now.value == before.value:
        return "off"
    return "up" if now.value > before.value else "down"
