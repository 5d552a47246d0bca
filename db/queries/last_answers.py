"""What customers said last: the satisfied who are left alone, and the unhappy whom nobody has spoken to since."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd
from sqlalchemy import Float, and_, case, cast, exists, false, func, literal, or_, select, union_all

from db import clock
from db.models import Customer, FollowUp, Question, SurveyResponse
from db.models.survey import is_unhappy
from db.queries.filters import EVERYBODY, AnySelect, Filters, about_customers, about_people
from db.queries.periods import ONE_DAY
from db.session import CrmSession

SATISFIED_DAYS, UNHAPPY_DAYS = 365, 180
LISTED = 200
AT_FIRST, GROWTH = 5, 4
"""The silent are looked through in their order until enough were satisfied: so many times as many as are wanted, then more and more at once."""
KEY_TIER = "A"
COLUMNS = ["customer_id", "customer", "day", "score", "maximum", "marked", "due_on", "next_on"]


def satisfied_but_silent(session: CrmSession, as_of: date, filters: Filters = EVERYBODY, limit: int = LISTED) -> pd.DataFrame:
    """Customers whose last answer or rating within a year is one of the two best, who are due for contact and have none planned, the longest due first.

    Columns: customer_id, customer, day, score, maximum, marked, due_on (by when the cadence wanted a contact), next_on. Of a sheet its worst answer counts.
    """
    planned = exists().where(FollowUp.customer_id == Customer.id, FollowUp.status == "planned", FollowUp.due_on >= as_of, FollowUp.deleted_at.is_(None))
    nothing_comes = or_(Customer.next_contact_on.is_(None), and_(Customer.next_contact_on < as_of, ~planned))
    silent = select(Customer.id).where(Customer.contact_due_on < as_of, nothing_comes, *_about(filters)).order_by(Customer.contact_due_on, Customer.id)
    total = session.scalars(select(func.count()).select_from(silent.order_by(None).subquery())).one()
    rows: list[Any] = []
    seen, step = 0, AT_FIRST * limit
    while len(rows) < limit and seen < total:
        last = _last(as_of, SATISFIED_DAYS, silent.offset(seen).limit(step)).subquery()
        wanted = _listed(last).where(last.c.top == 1, last.c.low == 0).order_by(Customer.contact_due_on, Customer.id)
        rows += session.execute(wanted.limit(limit - len(rows))).all()
        seen, step = seen + step, GROWTH * step
    return pd.DataFrame(rows, columns=COLUMNS)


def unhappy_key_accounts(session: CrmSession, as_of: date, filters: Filters = EVERYBODY, limit: int = LISTED) -> pd.DataFrame:
    """Tier A customers whose last answer or rating within 180 days lies in the lowest two fifths, or is marked as unhappy, with no follow-up done since."""
    last = _last(as_of, UNHAPPY_DAYS, select(Customer.id).where(Customer.tier == KEY_TIER, *_about(filters))).subquery()
    unheard = or_(Customer.last_contact_at.is_(None), Customer.last_contact_at <= last.c.at)
    wanted = _listed(last).where(last.c.low == 1, unheard)
    return pd.DataFrame(session.execute(wanted.order_by(last.c.day, Customer.id).limit(limit)).all(), columns=COLUMNS)


def _about(filters: Filters) -> list[Any]:
    return [*about_customers(filters), *about_people(Customer.owner_id, filters)]


def _listed(last: Any) -> AnySelect:
    columns = (Customer.id, Customer.name, last.c.day, last.c.score, last.c.maximum, last.c.marked, Customer.contact_due_on, Customer.next_contact_on)
    return select(*columns).join(last, last.c.customer_id == Customer.id)


def _last(as_of: date, days: int, meant: AnySelect) -> AnySelect:
    """One row a customer of those meant: the worst of what was said on the last occasion of these days."""
    answers, ratings = _answers(as_of, days), _ratings(as_of, days)
    said = union_all(answers.where(SurveyResponse.customer_id.in_(meant)), ratings.where(FollowUp.customer_id.in_(meant))).subquery()
    place = func.row_number().over(partition_by=said.c.customer_id, order_by=(said.c.at.desc(), said.c.low.desc(), said.c.top, said.c.height, said.c.maximum))
    ranked = select(said, place.label("place")).subquery()
    return select(ranked).where(ranked.c.place == 1)


def _answers(as_of: date, days: int) -> AnySelect:
    """The answers on satisfaction, and whatever was marked as unhappy."""
    answer, asked = SurveyResponse, Question
    steps, above = asked.scale_max - asked.scale_min, answer.score - asked.scale_min
    low = or_(answer.unhappy, is_unhappy(answer.score, asked.scale_min, asked.scale_max))
    said = (answer.answered_at.label("at"), answer.answered_on.label("day"), answer.score, asked.scale_max.label("maximum"), answer.unhappy.label("marked"))
    columns = (answer.customer_id, *said, _flag(answer.score >= asked.scale_max - 1).label("top"),
               _flag(low).label("low"), (cast(above, Float) / steps).label("height"))
    within = (answer.answered_on > as_of - timedelta(days=days), answer.answered_on <= as_of)
    return select(*columns).join(asked, asked.id == answer.question_id).where(*within, or_(asked.kind == "csat", answer.unhappy))


def _ratings(as_of: date, days: int) -> AnySelect:
    call, rating = FollowUp, FollowUp.rating
    said = (call.done_at, call.done_on, rating, literal(5), false())
    columns = (call.customer_id, *said, _flag(rating >= 4), _flag(is_unhappy(rating, 1, 5)), cast(rating - 1, Float) / 4)
    within = (call.done_at >= clock.at(as_of - timedelta(days=days - 1)), call.done_at < clock.at(as_of + ONE_DAY))
    return select(*columns).where(call.status == "done", rating.is_not(None), *within)


def _flag(condition: Any) -> Any:
    return case((condition, 1), else_=0)
