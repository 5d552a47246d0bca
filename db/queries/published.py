"""Figures as they were published at the end of a month, beside what the same question gives now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from db.models import PublishedFigure
from db.policy import Scope, require
from db.queries.figures import Figure
from db.queries.filters import EVERYBODY, Filters
from db.queries.kpis import KPIS, measure
from db.queries.periods import Period
from db.session import CrmSession


@dataclass(frozen=True)
class Published:
    """figure: as it was kept at `at`; again: the same question, as of the same day, asked now."""

    figure: Figure
    at: datetime
    again: Figure


def beside(session: CrmSession, key: str, period: Period, filters: Filters = EVERYBODY) -> Published | None:
    """What was published of a whole month, for everybody or one person, as far as the actor may see it.

    An account manager who does not filter means the own figures. None for anything that is not published in this cut.
    """
    own = _meant(session, filters)
    row = _kept(session, key, period, own)
    if row is None:
        return None
    return Published(Figure(**row.figure), row.published_at, measure(session, key, period.last, period, own))


def is_there(session: CrmSession, key: str, period: Period, filters: Filters = EVERYBODY) -> bool:
    """Whether `beside` has something to say; costs one look-up."""
    return _kept(session, key, period, _meant(session, filters)) is not None


def _meant(session: CrmSession, filters: Filters) -> Filters:
    return replace(filters, owner_id=session.actor.id) if session.actor.role == "rep" and filters == EVERYBODY else filters


def _kept(session: CrmSession, key: str, period: Period, filters: Filters) -> PublishedFigure | None:
    if period.whole_months() != 1 or filters != Filters(owner_id=filters.owner_id) or not _may_see(session, key, filters.owner_id):
        return None
    meant = PublishedFigure.owner_id.is_(None) if filters.owner_id is None else PublishedFigure.owner_id == filters.owner_id
    return session.scalars(select(PublishedFigure).where(PublishedFigure.month == period.start, PublishedFigure.kpi == key, meant)).first()


def _may_see(session: CrmSession, key: str, owner_id: int | None) -> bool:
    """Everybody's figures are for those who see everything; a person's for the person and whoever sees that person's work."""
    for noun in KPIS[key].nouns:
        require(session.actor, "read", noun)
    within = session.row_scope("read", "customer")
    return within == Scope.ALL or (owner_id is not None and owner_id in session.visible_owners(within))
