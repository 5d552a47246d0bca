"""KPI cards, drawn from the declaration: value, change, spark line, and the way to its explanation."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from components import explain, figures, formats, published
from components.cache import ask
from components.insight_filters import Lens
from db.engine import reading
from db.language import t
from db.policy import Actor
from db.queries import dashboard
from db.queries.dashboard import Card
from db.queries.filters import Filters
from db.queries.kpis import KPIS
from db.queries.periods import Period
from db.session import CrmSession

TONES = {"good": "green", "bad": "red", "": "off"}


def cards(actor: Actor, keys: tuple[str, ...], lens: Lens, columns: int = 6) -> list[Card]:
    """A row of cards; returns the figures so that a headline can speak of them."""
    found = [Card(KPIS[key], *ask(actor, _card, key, lens.as_of, lens.filters, lens.period, lens.compare)) for key in keys]
    with reading(actor) as session:
        currency = session.organisation.currency
    with st.grid(columns, min_column_width=168, gap="small"):
        for card in found:
            _draw(actor, card, lens, currency)
    return found


def _card(session: CrmSession, key: str, as_of: date, filters: Filters, period: Period, compare: str) -> tuple[Any, ...]:
    """A declaration holds functions and cannot be kept in a cache: its key stands for it."""
    found = dashboard.card(session, as_of, key, filters, period=period, compare=compare)
    return found.figure, found.before, found.spark, found.running


def _draw(actor: Actor, card: Card, lens: Lens, currency: str) -> None:
    value = figures.shown(card.kpi, card.figure, currency)
    options = _comparison(card, lens) if value != formats.NOTHING else _reason(card)
    with st.container(key=f"kpi_{card.kpi.key}", border=True, height="stretch", gap=None):
        st.metric(t(card.kpi.label), value, height="stretch", **options)
        explain.button(actor, card.kpi, card.figure, lens, currency)
        published.note(actor, card.kpi, card.figure, lens, currency)


def _reason(card: Card) -> dict[str, Any]:
    """Why there is no figure, where a few answers are the reason."""
    few = figures.sample(card.kpi, card.figure)
    return {"delta": few, "delta_color": "off", "delta_arrow": "off"} if few else {}


def _comparison(card: Card, lens: Lens) -> dict[str, Any]:
    """The chip with the change, and the spark line; nothing of a figure that is itself not shown."""
    delta, tone = figures.change(card.kpi, card.figure, card.before) if lens.before else ("", "")
    options: dict[str, Any] = {}
    if delta:
        options = {"delta": delta, "delta_color": TONES[tone], "delta_arrow": figures.arrow(delta), "delta_description": lens.before_word}
    known = [value for value in card.spark if value is not None]
    return options | ({"chart_data": known, "chart_type": "line"} if len(known) > 1 else {})
