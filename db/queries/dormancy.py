"""Who falls silent, and who comes back after silence."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
from sqlalchemy import case, func, select

from db.models import Customer, Order
from db.queries.figures import Figure, share
from db.queries.filters import EVERYBODY, AnySelect, Filters, ask, known
from db.queries.periods import ONE_DAY, Period, at_month_ends, latest
from db.queries.purchases import purchases
from db.queries.stages import STAGES, Limits, spells_since, stages_on
from db.session import CrmSession


def reactivation_rate(session: CrmSession, as_of: date, period: Period, filters: Filters = EVERYBODY) -> Figure:
    """Customers silent for longer than 'at risk' at the start who bought in the period / customers so silent at the start."""
    passed = period.until(as_of)
    each = _silent(session, as_of, passed, filters).subquery()
    silent = each.c.before <= _silent_since(session, passed)
    returned, total = ask(session, select(func.sum(each.c.back), func.count()).select_from(each).where(silent)).one()
    return share(int(returned or 0), int(total))


def _silent(session: CrmSession, as_of: date, passed: Period, filters: Filters) -> AnySelect:
    """One row a buyer: customer_id, last purchase before the period, whether they bought in it."""
    back = func.max(case((Order.ordered_on >= passed.start, 1), else_=0)).label("back")
    before = func.max(case((Order.ordered_on < passed.start, Order.ordered_on))).label("before")
    counted = (*purchases(session, filters, passed.last), known(Order.customer_id, as_of))
    return select(Order.customer_id.label("customer_id"), before, back).where(*counted).group_by(Order.customer_id)


def reactivation_rates(session: CrmSession, as_of: date, periods: list[Period], filters: Filters = EVERYBODY) -> list[Figure]:
    """The same for many periods, from the months in which customers bought again."""
    if not at_month_ends([day for period in periods for day in (period.start - ONE_DAY, period.last)], as_of):
        return [reactivation_rate(session, min(as_of, period.last), period, filters) for period in periods]
    spells = spells_since(session, as_of, min(period.start for period in periods) - ONE_DAY, filters)
    return [_reactivated(spells, period, _silent_since(session, period)) for period in periods]


def _silent_since(session: CrmSession, period: Period) -> date:
    """The last day on which somebody who counts as silent at the start of the period has bought."""
    return period.start - timedelta(days=Limits.of(session).at_risk + 1)


def _reactivated(spells: pd.DataFrame, period: Period, since: date) -> Figure:
    here = ~(spells["gone"] <= pd.Timestamp(period.last))
    silent = spells[here & (spells["day"] <= pd.Timestamp(since)) & (spells["until"] >= period.key)]
    return share(int(silent["n"][silent["until"] <= f"{period.last:%Y-%m}"].sum()), int(silent["n"].sum()))


def behind_reactivation(session: CrmSession, as_of: date, period: Period, filters: Filters = EVERYBODY) -> AnySelect:
    """The silent of the start with their last purchase before it, the longest silent last; counted: bought again in the period."""
    passed = period.until(as_of)
    each = _silent(session, as_of, passed, filters).subquery()
    columns = (Customer.id.label("customer_id"), Customer.name.label("customer"), each.c.before.label("date"), Customer.owner_id.label("manager_id"),
               (each.c.back == 1).label("counted"))
    joined = select(*columns).join(each, each.c.customer_id == Customer.id).where(each.c.before <= _silent_since(session, passed))
    return joined.order_by(each.c.back.desc(), each.c.before.desc(), Customer.id)


def by_month(session: CrmSession, as_of: date, months: int = 12, filters: Filters = EVERYBODY) -> pd.DataFrame:
    """The last months: month, running, buyers (so far), dormant (of them, at the end), dormancy; silent (at the start), back (of them), reactivation."""
    periods = [period.until(as_of) for period in latest(as_of, months)]
    counts = stages_on(session, as_of, [period.last for period in periods], filters)
    rows = []
    for whole, count, back in zip(latest(as_of, months), counts, reactivation_rates(session, as_of, periods, filters), strict=True):
        dormant = share(count["dormant"], sum(count[stage] for stage in STAGES))
        rows.append({"month": whole.start, "running": whole.is_running(as_of), "buyers": dormant.n, "dormant": count["dormant"], "dormancy": dormant.value,
                     "silent": back.n, "back": int(back.numerator or 0), "reactivation": back.value})
    return pd.DataFrame(rows)
