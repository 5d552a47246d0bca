"""Who was asked to answer a survey, and how many did: the response rate."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, and_, case, func, or_, select

from db.dialect import month_of
from db.models import Customer, SurveyInvitation
from db.queries.figures import Figure, share
from db.queries.filters import ATTRIBUTES, EVERYBODY, AnySelect, Filters, about, ask, attribute_of, frame, happened
from db.queries.labels import labelled
from db.queries.periods import Period
from db.session import CrmSession

BIAS_BELOW = 0.1
"""Where fewer answer, those who did may well differ from those who did not."""
REACH = {"active": ("active",), "buyers": ("active", "dormant"), "everybody": ("lead", "prospect", "active", "dormant")}
"""Which customers a wave may go to, by the status they have."""


def response_rate(session: CrmSession, as_of: date, period: Period, filters: Filters = EVERYBODY) -> Figure:
    """Completed answers / (sent − undeliverable), of the invitations sent in the period; parts of a sheet do not count (AAPOR RR1)."""
    rows = _each(as_of, period, filters).subquery()
    return _rate(*ask(session, select(func.count(rows.c.id), _sum(rows.c.completed), _sum(rows.c.undeliverable))).one())


def response_each(session: CrmSession, as_of: date, periods: list[Period], filters: Filters = EVERYBODY) -> list[Figure]:
    """The rate of each period, none of which overlap, as it stood at its end, or at the as-of date."""
    sent_in = [(and_(SurveyInvitation.sent_on >= period.start, SurveyInvitation.sent_on < period.end), place) for place, period in enumerate(periods)]
    known_by = case(*((within, min(as_of, periods[place].last)) for within, place in sent_in))
    whole = Period(min(period.start for period in periods), max(period.end for period in periods))
    rows = _each(as_of, whole, filters, case(*sent_in), known_by).subquery()
    counted = select(rows.c.group, func.count(rows.c.id), _sum(rows.c.completed), _sum(rows.c.undeliverable)).group_by(rows.c.group)
    found = {place: counts for place, *counts in ask(session, counted)}
    return [_rate(*found.get(place, (0, 0, 0))) for place in range(len(periods))]


def _rate(sent: int, completed: int, undeliverable: int) -> Figure:
    return share(int(completed), int(sent) - int(undeliverable), int(undeliverable))


def response_by(session: CrmSession, as_of: date, period: Period, by: str, filters: Filters = EVERYBODY) -> pd.DataFrame:
    """One row a group: group, label, sent, undeliverable, partial, completed, n (delivered), rate, low, high.

    by: channel, month, wave, manager, or an attribute of the customer. The group None is 'unknown'.
    """
    rows = _each(as_of, period, filters, _group(by)).subquery()
    sums = [_sum(rows.c[name]).label(name) for name in ("undeliverable", "partial", "completed")]
    found = frame(session, select(rows.c.group, func.count(rows.c.id).label("sent"), *sums).group_by(rows.c.group).order_by(rows.c.group))
    figures = [share(int(done), int(sent - lost)) for done, sent, lost in zip(found["completed"], found["sent"], found["undeliverable"], strict=True)]
    each = [(figure.n, figure.value, figure.low, figure.high) for figure in figures]
    measured = pd.DataFrame(each, columns=["n", "rate", "low", "high"], index=found.index)
    return labelled(session, found.join(measured), by)


def rows(session: CrmSession, as_of: date, period: Period, filters: Filters) -> AnySelect:
    """The invitations that were delivered, the newest first; counted: those answered completely."""
    each = _each(as_of, period, filters).subquery()
    columns = (Customer.id.label("customer_id"), Customer.name.label("customer"), each.c.day.label("date"), each.c.manager_id, each.c.wave.label("note"),
               (each.c.completed == 1).label("counted"))
    return select(*columns).join(each, each.c.customer_id == Customer.id).where(each.c.undeliverable == 0).order_by(each.c.day.desc(), each.c.id.desc())


def _each(as_of: date, period: Period, filters: Filters, group: Any = None, known_by: Any = None) -> AnySelect:
    """One row a customer, survey and wave: the latest that was answered, else the latest.

    known_by: the last day whose answers are known yet, by default the as-of date; where it is given, each group has such a row.
    """
    passed, invited = period.until(as_of), SurveyInvitation
    known = or_(invited.answered_on.is_(None), invited.answered_on <= (as_of if known_by is None else known_by))
    answered = [_flag(and_(invited.state == state, known)) for state in ("answered", "partial")]
    round_ = case((invited.wave.is_(None), invited.id), else_=0)
    latest = func.row_number().over(
        partition_by=(invited.customer_id, invited.survey_id, invited.wave, round_, *(() if known_by is None else (group,))),
        order_by=((answered[0] + answered[1]).desc(), func.coalesce(invited.answered_on, invited.sent_on).desc(), invited.id.desc()),
    )
    came = (answered[0].label("completed"), answered[1].label("partial"), _flag(invited.state == "undeliverable").label("undeliverable"))
    about_it = (invited.id, invited.customer_id, invited.sent_on.label("day"), invited.account_owner_id.label("manager_id"), invited.wave)
    within = (invited.sent_on >= passed.start, invited.sent_on < passed.end, happened(invited), *about(invited, filters))
    grouped = (group.label("group"),) if group is not None else ()
    ranked = select(*about_it, *came, latest.label("place"), *grouped).where(*within).subquery()
    return select(ranked).where(ranked.c.place == 1)


def _group(by: str) -> Any:
    own = {"channel": SurveyInvitation.channel, "wave": SurveyInvitation.wave, "manager": SurveyInvitation.account_owner_id}
    if by == "month":
        return month_of(SurveyInvitation.sent_on)
    return attribute_of(SurveyInvitation, by) if by in ATTRIBUTES else own[by]


def _flag(condition: ColumnElement[bool]) -> Any:
    return case((condition, 1), else_=0)


def _sum(column: Any) -> Any:
    return func.coalesce(func.sum(column), 0)


def reachable(session: CrmSession, reach: str, owner_id: int | None = None, tier: str | None = None) -> list[int]:
    """The customers that a wave can go to. reach: active, buyers (active or dormant), everybody (all but the lost)."""
    wanted: list[ColumnElement[bool]] = [Customer.status.in_(REACH[reach])]
    wanted += [Customer.owner_id == owner_id] if owner_id is not None else []
    wanted += [Customer.tier == tier] if tier is not None else []
    return list(session.scalars(select(Customer.id).where(*wanted).order_by(Customer.id)))
