"""What a KPI is to reach: the organisation's own target, else the customary one; or the monthly targets of the account managers."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from db.models import KpiTarget
from db.queries.figures import NOTHING, Figure, amount
from db.queries.filters import EVERYBODY, Filters, lookup
from db.queries.kpi import Kpi
from db.queries.periods import Period
from db.queries.workload import managers, targets
from db.session import CrmSession


def own_targets(session: CrmSession) -> dict[str, float]:
    """The targets that the organisation set, by KPI, as they are typed: percentages as 80."""
    return {key: float(value) for key, value in lookup(session, select(KpiTarget.key, KpiTarget.value).where(KpiTarget.deleted_at.is_(None))).items()}


def scale(kpi: Kpi) -> int:
    """What a value of the KPI is multiplied with to be typed or read: rates are kept as ratios."""
    return 100 if kpi.unit == "percent" else 1


def target_of(session: CrmSession, kpi: Kpi) -> float | None:
    """The target in the unit of the KPI's value."""
    return target_among(own_targets(session), kpi)


def target_among(own: dict[str, float], kpi: Kpi) -> float | None:
    """The same, where the organisation's own targets are known."""
    return own[kpi.key] / scale(kpi) if kpi.key in own else kpi.target


def planned(session: CrmSession, kpi: Kpi, as_of: date, period: Period, filters: Filters = EVERYBODY) -> Figure:
    """What was planned for the period so far: of a figure that adds up, the managers' monthly targets, else the KPI's target."""
    if not kpi.plan:
        target = target_of(session, kpi)
        return NOTHING if target is None else Figure(target)
    goals = targets(session, as_of, period, kpi.plan)
    meant = [goal for person, goal in goals.items() if person in managers(session, filters)]
    return amount(sum(meant), len(meant)) if meant else NOTHING
