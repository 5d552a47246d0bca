"""Sliders beside a figure: what would change, in the company's own numbers. Nothing is written."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from components import formats
from components.cache import ask
from components.insight_filters import Lens
from db.language import t
from db.policy import Actor
from db.queries.kpi import Kpi
from db.queries.what_if import Effect, Lever, what_if_of


def draw(actor: Actor, kpi: Kpi, lens: Lens, currency: str) -> None:
    found = what_if_of(kpi.key)
    if found is None:
        return
    with st.expander(t("Try it: what if …"), icon=":material/tune:"):
        base = ask(actor, found.ask, lens.as_of, lens.period, lens.filters)
        if base is None:
            st.caption(t("There are no numbers yet to try this on."))
            return
        with st.grid(len(found.levers), min_column_width=200):
            settings = {lever.key: _slider(kpi, lever) for lever in found.levers}
        _table(found.effects(base, settings), currency)
        if found.worth:
            st.markdown(f"**{t(found.lesson, worth=formats.plain(formats.money(found.worth(base), currency)))}**")
        st.caption(t(found.note))


def _slider(kpi: Kpi, lever: Lever) -> float:
    unit = t("percentage points") if lever.unit == "points" else "%"
    label = t("{label}, {unit}", label=t(lever.label), unit=unit)
    span = (float(lever.low), float(lever.high), float(lever.start), float(lever.step))
    return float(st.slider(label, *span, format="%g", key=f"what_if_{kpi.key}_{lever.key}"))


def _table(effects: list[Effect], currency: str) -> None:
    rows = [
        (t(effect.label), _printed(effect.base, effect.unit, currency), _printed(effect.changed, effect.unit, currency), _difference(effect, currency))
        for effect in effects
    ]
    st.table(pd.DataFrame(rows, columns=["", t("Now"), t("What if"), t("Difference")]), border="horizontal", hide_index=True, alt=t("Effects"))


def _printed(value: float | None, unit: str, currency: str) -> str:
    if unit == "percent":
        return formats.percent(value)
    return formats.money(value, currency) if unit == "money" else formats.number(value, 1 if value is not None and value != int(value) else 0)


def _difference(effect: Effect, currency: str) -> str:
    if effect.base is None or effect.changed is None:
        return formats.NOTHING
    difference = effect.changed - effect.base
    if effect.unit == "percent":
        return formats.points(difference)
    return ("+" if difference > 0 else "") + _printed(difference, effect.unit, currency)
