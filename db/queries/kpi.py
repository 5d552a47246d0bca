"""The declaration of a KPI; cards, charts, explain panels, command line, exports and documentation read it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from db.queries.figures import Figure
from db.queries.filters import AnySelect, Filters
from db.queries.periods import Period
from db.session import CrmSession

Question = Callable[[CrmSession, date, Period, Filters], Figure]
Rows = Callable[[CrmSession, date, Period, Filters], AnySelect | None]
Series = Callable[[CrmSession, date, list[Period], Filters], list[Figure]]


@dataclass(frozen=True, kw_only=True)
class Kpi:
    """unit: percent (value is a ratio), points, number, money, index (0-100), nps, days; better: 'up', 'down' or ''.

    ask: the figure of a period; rows: the select of the rows behind it; series: many periods at once, where that is cheaper;
    nouns: the tables it reads, first the one whose rows it counts; target: the customary one, in the unit of the value;
    plan: the measure of the monthly targets of account managers that it is planned by;
    limits: the organisation's settings that the formula names in braces. Words are English sentences of the catalogue.
    """

    key: str
    label: str
    unit: str
    better: str
    question: str
    formula: str
    source: str
    nouns: tuple[str, ...]
    ask: Question
    rows: Rows | None = None
    series: Series | None = None
    pitfalls: str = ""
    target: float | None = None
    plan: str = ""
    decimals: int = 1
    theme: str = ""
    limits: tuple[str, ...] = ()

    def terms(self, organisation: Any) -> dict[str, Any]:
        """What the formula's braces stand for."""
        return {name: getattr(organisation, name) for name in self.limits}
