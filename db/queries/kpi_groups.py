"""A KPI for each group in turn: by manager, team, the customer's attributes, product or channel."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import select

from db.errors import Unavailable
from db.models import Customer, FollowUp, Order, OrderLine, Product, SurveyInvitation, SurveyResponse, Team, User
from db.queries.filters import ATTRIBUTES, EVERYBODY, AnySelect, Filters, channel_of, lookup
from db.queries.kpi import Kpi
from db.queries.kpis import measure, readable
from db.queries.periods import Period
from db.queries.workload import managers
from db.session import CrmSession

PARTS = {"manager": "owner_id", "team": "team_id", "product": "product_id", "channel": "channel", **{key: key for key in ATTRIBUTES}}
"""What a figure can be asked by, and the filter that narrows it to one group."""
CHANNELLED: dict[str, Any] = {"survey_response": SurveyResponse, "survey_invitation": SurveyInvitation, "order": Order, "follow_up": FollowUp}
ABOUT_PRODUCTS: dict[str, Any] = {"survey_response": SurveyResponse.product_id, "order": OrderLine.product_id}
NAMED: dict[str, AnySelect] = {"team": select(Team.id, Team.name), "product": select(Product.id, Product.name)}


def cuts(kpi: Kpi) -> tuple[str, ...]:
    """By what the KPI can be asked: what its rows themselves carry, and whose customer they are about."""
    subject = "" if "target" in kpi.nouns else kpi.nouns[0]
    own = (*(["product"] if subject in ABOUT_PRODUCTS else []), *(["channel"] if subject in CHANNELLED else []))
    return ("manager", "team", *ATTRIBUTES, *own)


def by_group(session: CrmSession, key: str, as_of: date, by: str, period: Period | None = None, filters: Filters = EVERYBODY) -> pd.DataFrame:
    """The same question for each group in turn: group, label, value, numerator, denominator, n, left_out, low, high.

    by: one of `cuts`. What lacks the attribute belongs to no group. Raises Unavailable where the KPI cannot be asked so.
    """
    kpi = readable(session, key)
    if by not in cuts(kpi):
        raise Unavailable("The KPI {key} cannot be asked by {by}.", key=key, by=by)
    groups = dict(managers(session, filters)) if by == "manager" else _groups(session, kpi, by)
    figures = [(group, label, measure(session, key, as_of, period, narrowed(filters, by, group))) for group, label in groups.items()]
    columns = ["group", "label", "value", "numerator", "denominator", "n", "left_out", "low", "high"]
    return pd.DataFrame([{"group": group, "label": label, **vars(figure)} for group, label, figure in figures], columns=columns)


def narrowed(filters: Filters, by: str, group: Any) -> Filters:
    """The filters, about one group only."""
    part: dict[str, Any] = {PARTS[by]: group}
    return replace(filters, **part)


def _groups(session: CrmSession, kpi: Kpi, by: str) -> dict[Any, Any]:
    """The groups that occur, with their names; codes of drop-downs keep their code for the page to translate."""
    column = _column(kpi, by)
    found = session.scalars(select(column).where(column.is_not(None)).distinct().order_by(column)).all()
    names = lookup(session, NAMED[by]) if by in NAMED else {}
    return {group: names.get(group, group) for group in found}


def _column(kpi: Kpi, by: str) -> Any:
    if by == "channel":
        return channel_of(CHANNELLED[kpi.nouns[0]])
    if by == "product":
        return ABOUT_PRODUCTS[kpi.nouns[0]]
    return User.team_id if by == "team" else getattr(Customer, by)
