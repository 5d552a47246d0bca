"""What the two views of the retention page share: which of them, whom it counts, its periods and its words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pandas as pd
import streamlit as st

from components import formats
from components.cache import ask
from components.insight_filters import Lens
from components.navigation import link, may_go
from components.switches import switch
from db.engine import reading
from db.fields import field_of
from db.language import t
from db.models import Organisation
from db.policy import Actor
from db.queries.basis import kinds_counted
from db.queries.contracts import any_contract
from db.queries.stages import Limits

COUNTS = {"month": 12, "quarter": 8, "year": 5}
"""How many periods of each length a line shows."""


def kind_switch(actor: Actor) -> str:
    words = {"purchases": t("By purchases"), "contracts": t("Under contract")}
    first = "contracts" if ask(actor, any_contract) else "purchases"
    return switch(t("Kind of business"), words, "retention_kind", first, in_address=True)


def say_basis(actor: Actor, kind: str) -> bool:
    """Say whose retention is counted how; whether anybody's is counted in this view."""
    with reading(actor) as session:
        house, words = session.organisation, field_of(Organisation, "company_basis").choices
        basis = {"company": t(words[house.company_basis]), "person": t(words[house.person_basis])}
        counted = kinds_counted(session, "contract" if kind == "contracts" else "purchase")
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="retention_basis"):
        st.caption(t("Companies: {company} · Individuals: {person}", **{key: _inside(word) for key, word in basis.items()}), width="content")
        if may_go("settings_organisation"):
            link("settings_organisation", t("Change this"))
    if not counted:
        st.info(t("The settings count nobody's retention this way."))
    return bool(counted)


def _inside(word: str) -> str:
    return word[:1].lower() + word[1:]


def say_period(lens: Lens) -> None:
    st.caption(lens.caption)


def beside(first: Callable[[], None], second: Callable[[], None]) -> None:
    """Two panels in a row, the wider one first."""
    left, right = st.columns([1.4, 1], gap="medium")
    with left:
        first()
    with right:
        second()


def limits_of(actor: Actor) -> Limits:
    with reading(actor) as session:
        return Limits.of(session)


def currency_of(actor: Actor) -> str:
    with reading(actor) as session:
        return session.organisation.currency


def period_name(unit: str, start: date) -> str:
    if unit == "month":
        return formats.month(start)
    if unit == "quarter":
        return t("Q{quarter} {year}", quarter=(start.month - 1) // 3 + 1, year=start.year)
    return formats.year(start)


def period_short(unit: str, start: date) -> str:
    return formats.month_short(start) if unit == "month" else period_name(unit, start)


def percents(ratios: pd.Series, shown: pd.Series) -> list[float | None]:
    """Ratios as the percent that an axis shows, where they are shown at all."""
    return [100 * float(ratio) if fit and ratio is not None and ratio == ratio else None for ratio, fit in zip(ratios, shown, strict=True)]
