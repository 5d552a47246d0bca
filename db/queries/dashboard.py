"""The dashboard: KPI cards and a headline sentence made from their figures."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from db.errors import Message
from db.queries.figures import Figure
from db.queries.filters import EVERYBODY, Filters
from db.queries.kpi import Kpi
from db.queries.kpi_targets import planned
from db.queries.kpis import KPIS, measure, measure_each
from db.queries.periods import Period, latest, month, previous, same_last_year
from db.session import CrmSession

CARDS = ("csat_top_two", "nps", "repeat_purchase_rate", "sales", "new_customers", "overdue_follow_ups")
SPARK_MONTHS = 12
FEW = 5
COMPARISONS = {"previous": previous, "last_year": same_last_year}
PLAN = "plan"
NOTEWORTHY = {"percent": 0.02, "points": 0.1, "index": 2.0, "nps": 5.0}
"""From which difference on a change of such a figure is worth a word; amounts and counts from a tenth on."""


@dataclass(frozen=True)
class Card:
    """A figure, the one it is compared with, and the same figure of the last months, the oldest first; none where it would be asked month by month."""

    kpi: Kpi
    figure: Figure
    before: Figure
    spark: list[float | None] = field(default_factory=list)
    running: bool = False

    @property
    def difference(self) -> float | None:
        """now − before: points for a rate, else the amount."""
        if self.figure.value is None or self.before.value is None:
            return None
        return self.figure.value - self.before.value

    @property
    def is_good(self) -> bool | None:
        """Whether the change is for the better; None for no change or where neither way is better."""
        if not self.difference or not self.kpi.better:
            return None
        return (self.difference > 0) == (self.kpi.better == "up")

    @property
    def weight(self) -> float:
        """How remarkable the change is; 1 is the least worth a word. Nothing is said of few answers."""
        if self.difference is None or self._is_thin():
            return 0.0
        step = NOTEWORTHY.get(self.kpi.unit, abs(self.before.value or 0) / 10)
        return abs(self.difference) / step if step else 0.0

    def _is_thin(self) -> bool:
        return self.kpi.unit not in {"money", "number"} and min(self.figure.n, self.before.n or FEW) < FEW


@dataclass(frozen=True)
class Sentence:
    """An English sentence of the catalogue; `units` says how each parameter is printed ('label' is itself translated)."""

    message: Message
    units: dict[str, str] = field(default_factory=dict)


def card(session: CrmSession, as_of: date, key: str, filters: Filters = EVERYBODY, *, period: Period | None = None, compare: str = "previous") -> Card:
    """The card of a period, by default the month to date, against the period before, the same one last year, or what was planned."""
    chosen = period or month(as_of)
    sparks = latest(as_of, SPARK_MONTHS)
    figures = measure_each(session, key, as_of, sparks, filters) if KPIS[key].series else []
    now = figures[-1] if figures and chosen == sparks[-1] else measure(session, key, as_of, chosen, filters)
    before = _compared(session, KPIS[key], as_of, chosen, filters, compare)
    return Card(KPIS[key], now, before, [figure.value for figure in figures], chosen.is_running(as_of))


def _compared(session: CrmSession, kpi: Kpi, as_of: date, chosen: Period, filters: Filters, compare: str) -> Figure:
    if compare == PLAN:
        return planned(session, kpi, as_of, chosen, filters)
    other = COMPARISONS[compare](chosen, as_of)
    return measure(session, kpi.key, other.last, other, filters)


def headline(found: list[Card], compare: str = "previous") -> list[Sentence]:
    """One sentence on what is best, one on what to watch; a neutral one when nothing stands out."""
    noted = sorted((card for card in found if card.weight >= 1 and card.is_good is not None), key=lambda card: -card.weight)
    good = next((card for card in noted if card.is_good), None)
    bad = next((card for card in noted if not card.is_good), None)
    sentences = [_sentence(card, compare) for card in (good, bad) if card]
    return sentences or [Sentence(Message(NEUTRAL[compare == PLAN]))]


def _sentence(card: Card, compare: str) -> Sentence:
    params: dict[str, Any] = {"kpi": card.kpi.label, "value": card.figure.value, "before": card.before.value}
    units = {"kpi": "label", "value": card.kpi.unit, "before": card.kpi.unit}
    if compare == PLAN:
        return Sentence(Message(AGAINST_PLAN[bool(card.is_good)], params), units)
    return Sentence(Message(SENTENCES[bool(card.is_good), (card.difference or 0) > 0], params), units)


NEUTRAL = {False: "Nothing stands out against the period before.", True: "Everything is close to plan."}
AGAINST_PLAN = {True: "Good: {kpi} at {value}, planned {before}.", False: "To watch: {kpi} at {value}, planned {before}."}


SENTENCES = {
    (True, True): "Good: {kpi} rose from {before} to {value}.",
    (True, False): "Good: {kpi} fell from {before} to {value}.",
    (False, True): "To watch: {kpi} rose from {before} to {value}.",
    (False, False): "To watch: {kpi} fell from {before} to {value}.",
}
