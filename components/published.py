"""What was published of a finished month, beside what the same question gives now."""

from __future__ import annotations

import streamlit as st

from components import figures, formats
from components.cache import ask
from components.insight_filters import Lens
from db import clock
from db.engine import reading
from db.language import t
from db.policy import Actor
from db.queries import published
from db.queries.figures import Figure
from db.queries.kpi import Kpi
from db.queries.published import Published


def note(actor: Actor, kpi: Kpi, figure: Figure, lens: Lens, currency: str) -> None:
    """Below a card: as published and as of now, where they differ and the card shows the latter."""
    found = _found(actor, kpi, lens)
    if found and _differ(kpi, found, currency) and figures.printed(kpi, found.again.value, currency) == figures.printed(kpi, figure.value, currency):
        st.caption(_both(kpi, found, currency))


def line(actor: Actor, kpi: Kpi, lens: Lens, currency: str) -> None:
    """In the explain panel: what was published, and what the same day's figure is now if it differs."""
    found = _found(actor, kpi, lens)
    if found:
        value = t("Published on {day}: {value}", day=formats.date_long(clock.local(found.at).date()), value=figures.printed(kpi, found.figure.value, currency))
        st.caption(f":material/lock_clock: {_both(kpi, found, currency) if _differ(kpi, found, currency) else value}")


def _found(actor: Actor, kpi: Kpi, lens: Lens) -> Published | None:
    if lens.unit != "month" or lens.period.last >= clock.today():
        return None
    with reading(actor) as session:
        if not published.is_there(session, kpi.key, lens.period, lens.filters):
            return None
    found: Published | None = ask(actor, published.beside, kpi.key, lens.period, lens.filters)
    return found


def _differ(kpi: Kpi, found: Published, currency: str) -> bool:
    """Whether a reader would see two numbers."""
    return figures.printed(kpi, found.figure.value, currency) != figures.printed(kpi, found.again.value, currency)


def _both(kpi: Kpi, found: Published, currency: str) -> str:
    return t(
        "As published {value} ({day}) · as of now {now}",
        value=figures.printed(kpi, found.figure.value, currency),
        day=formats.day_month(clock.local(found.at).date()),
        now=figures.printed(kpi, found.again.value, currency),
    )
