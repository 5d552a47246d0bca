"""What if? Levers on a figure and their effects, worked out from the company's own numbers; nothing is ever written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from db.models.survey import is_unhappy
from db.queries import retention, satisfaction, workload_figures
from db.queries.filters import Filters
from db.queries.periods import ONE_DAY, Period, months_later
from db.queries.sales import sales
from db.queries.statistics import lifetime_multiple
from db.queries.workload import managers
from db.session import CrmSession

Base = Mapping[str, float]
Settings = Mapping[str, float]
DISCOUNT = 10.0


@dataclass(frozen=True)
class Lever:
    """A slider: what is changed, from `low` to `high`. unit: points (percentage points), percent or number."""

    key: str
    label: str
    low: float
    high: float
    step: float
    start: float = 0.0
    unit: str = "percent"


@dataclass(frozen=True)
class Effect:
    """What a lever does to one quantity. unit: as of a KPI; value None: no such value exists."""

    label: str
    unit: str
    base: float | None
    changed: float | None


@dataclass(frozen=True)
class WhatIf:
    """ask: the company's numbers now, None where there are none; effects: pure arithmetic; worth: what one unit of the first lever brings.

    `lesson` is a sentence of the catalogue with {worth}, an amount of money.
    """

    kpis: tuple[str, ...]
    levers: tuple[Lever, ...]
    ask: Callable[[CrmSession, date, Period, Filters], Base | None]
    effects: Callable[[Base, Settings], list[Effect]]
    note: str
    lesson: str = ""
    worth: Callable[[Base], float] | None = None


def _contracts(session: CrmSession, as_of: date, _period: Period, filters: Filters) -> Base | None:
    year = Period(months_later(as_of, -12) + ONE_DAY, as_of + ONE_DAY)
    moves = retention.movements(session, as_of, [year], filters).iloc[0]
    if not moves["start"] or not moves["end"]:
        return None
    last = Period(as_of + ONE_DAY, as_of + ONE_DAY)
    monthly = retention.movements(session, as_of + ONE_DAY, [last], filters).iloc[0]["then"]
    return {"customers": float(moves["end"]), "retention": float(moves["retention"]), "yearly": 12 * float(monthly) / float(moves["end"])}


def _kept(base: Base, points: float) -> float:
    return min(1.0, max(0.0, base["retention"] + points / 100))


def _receipts(base: Base, kept: float) -> float:
    """Of the next 12 months, when customers leave evenly over the year."""
    return base["customers"] * base["yearly"] * (1 + kept) / 2


def _lifetime_value(base: Base, kept: float, discount: float) -> float | None:
    multiple = lifetime_multiple(kept, discount / 100)
    return None if multiple is None else base["yearly"] * multiple


def _retention_effects(base: Base, settings: Settings) -> list[Effect]:
    before, after = base["retention"], _kept(base, settings["retention"])
    return [
        Effect("Retention in a year", "percent", before, after),
        Effect("Of today's customers, in 12 months", "number", base["customers"] * before, base["customers"] * after),
        Effect("Receipts of the next 12 months", "money", _receipts(base, before), _receipts(base, after)),
        Effect("Lifetime value of a customer", "money", _lifetime_value(base, before, DISCOUNT), _lifetime_value(base, after, settings["discount"])),
    ]


def _point_of_retention(base: Base) -> float:
    return abs(_receipts(base, _kept(base, 1)) - _receipts(base, _kept(base, 0))) or abs(_receipts(base, base["retention"]) - _receipts(base, _kept(base, -1)))


def _answers(session: CrmSession, as_of: date, period: Period, filters: Filters) -> Base | None:
    table = satisfaction.distribution(session, as_of, period, filters, kind="csat")
    if table.empty or not table["n"].sum():
        return None
    low, high = int(table["score"].min()), int(table["score"].max())
    unhappy = is_unhappy(table["score"], low, high)
    return {"n": float(table["n"].sum()), "satisfied": float(table.loc[table["score"] >= high - 1, "n"].sum()), "unhappy": float(table.loc[unhappy, "n"].sum())}


def _recovery_effects(base: Base, settings: Settings) -> list[Effect]:
    won = base["unhappy"] * settings["recovered"] / 100
    return [
        Effect("Satisfied customers", "percent", base["satisfied"] / base["n"], (base["satisfied"] + won) / base["n"]),
        Effect("Unhappy answers", "number", base["unhappy"], base["unhappy"] - won),
    ]


def _sold(session: CrmSession, as_of: date, period: Period, filters: Filters) -> Base | None:
    found = sales(session, as_of, period, filters)
    return {"sales": found.value, "orders": float(found.n)} if found.value else None


def _price_effects(base: Base, settings: Settings) -> list[Effect]:
    orders = base["orders"] * (1 - settings["lost"] / 100)
    average = base["sales"] / base["orders"]
    return [
        Effect("Average order", "money", average, average * (1 + settings["price"] / 100)),
        Effect("Orders", "number", base["orders"], orders),
        Effect("Sales", "money", base["sales"], orders * average * (1 + settings["price"] / 100)),
    ]


def _visited(session: CrmSession, as_of: date, period: Period, filters: Filters) -> Base | None:
    people = len(managers(session, filters))
    visits = workload_figures.visits_done(session, as_of, period, filters).value or 0.0
    return {"people": float(people), "visits": visits, "hours": session.organisation.follow_up_minutes / 60} if people else None


def _visit_effects(base: Base, settings: Settings) -> list[Effect]:
    after = base["visits"] * (1 + settings["visits"] / 100)
    each = base["visits"] / base["people"], after / base["people"]
    return [
        Effect("Visits done", "number", base["visits"], after),
        Effect("Visits per account manager", "number", *each),
        Effect("Hours per account manager", "number", *(visits * base["hours"] for visits in each)),
    ]


WHAT_IFS = (
    WhatIf(
        kpis=("retention_rate", "churn_rate", "gross_revenue_retention", "net_revenue_retention"),
        levers=(Lever("retention", "Retention", -10, 10, 0.5, unit="points"), Lever("discount", "Discount rate", 1, 30, 1, DISCOUNT)),
        ask=_contracts, effects=_retention_effects, worth=_point_of_retention,
        lesson="One point of retention is worth {worth} here in the next 12 months.",
        note="From the retention of the last 12 months and today's monthly amounts. Revenue stands for margin; take the cost off for a true lifetime value.",
    ),
    WhatIf(
        kpis=("csat_top_two", "csat_mean", "csat_index"),
        levers=(Lever("recovered", "Unhappy customers won back", 0, 100, 5, 50),),
        ask=_answers, effects=_recovery_effects,
        note="Unhappy: the lowest two fifths of the scale. Whoever is won back counts as satisfied.",
    ),
    WhatIf(
        kpis=("sales", "average_order"),
        levers=(Lever("price", "Price", -20, 20, 1), Lever("lost", "Orders lost by it", 0, 50, 1)),
        ask=_sold, effects=_price_effects,
        note="The orders of the period at other prices.",
    ),
    WhatIf(
        kpis=("visits_done", "visit_attainment"),
        levers=(Lever("visits", "Visits", -50, 100, 5),),
        ask=_visited, effects=_visit_effects,
        note="A visit is counted with the minutes that a follow-up takes by the organisation's settings.",
    ),
)


def what_if_of(key: str) -> WhatIf | None:
    """The levers that bear on a KPI."""
    return next((found for found in WHAT_IFS if key in found.kpis), None)
