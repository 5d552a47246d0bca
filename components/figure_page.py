"""One figure on a page of its own: its course over the months, where it differs, and every row behind it."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from components import charts, figure_sheet, figures, formats, published, what_if
from components.cache import ask
from components.figures import FEW, NONE_BELOW
from components.group_words import group_words
from components.insight_filters import Lens
from components.navigation import link
from components.panel import no_data, panel
from db.engine import reading
from db.language import t
from db.policy import Actor
from db.queries.figures import Figure
from db.queries.kpi import Kpi
from db.queries.kpi_groups import by_group, cuts
from db.queries.kpi_targets import own_targets, target_among, target_of
from db.queries.kpis import KPIS, measure, measure_each

THEMES = {"satisfaction": "Satisfaction", "retention": "Retention", "workload": "Workload", "value": "Value"}
MOST_GROUPS = 15


def wanted() -> Kpi:
    """The figure that the address names."""
    return KPIS.get(st.query_params.get("kpi", "")) or next(iter(KPIS.values()))


def draw_catalogue(actor: Actor) -> None:
    """All declared figures, theme by theme, each with the way to its page."""
    with reading(actor) as session:
        own = own_targets(session)
        formulas = {key: t(kpi.formula, **kpi.terms(session.organisation)) for key, kpi in KPIS.items()}
    for theme, word in THEMES.items():
        st.subheader(t(word), anchor=False)
        with st.container(border=True, gap="xsmall"):
            for kpi in (kpi for kpi in KPIS.values() if kpi.theme == theme):
                _entry(kpi, formulas[kpi.key], target_among(own, kpi))


def _entry(kpi: Kpi, formula: str, target: float | None) -> None:
    with st.container(key=f"row_kpi_{kpi.key}", gap=None):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            link("figure", t(kpi.label), kpi=kpi.key)
            if target is not None:
                st.badge(t("Target {value}", value=formats.plain(figures.printed(kpi, target))), color="gray")
        st.caption(formats.plain(f"{t(kpi.question)} {formula}"))


def draw(actor: Actor, kpi: Kpi, lens: Lens) -> None:
    with reading(actor) as session:
        currency, target = session.organisation.currency, target_of(session, kpi)
    figure: Figure = ask(actor, _figure, kpi.key, lens)
    left, right = st.columns([1, 1.7], gap="medium")
    with left, st.container(border=True, height="stretch"):
        _head(actor, kpi, figure, lens, currency)
    with right:
        _course(actor, kpi, lens, target)
        _groups(actor, kpi, lens, currency)
    figure_sheet.draw_rows(actor, kpi, figure, lens)


def _figure(session: Any, key: str, lens: Lens) -> Figure:
    return measure(session, key, lens.as_of, lens.period, lens.filters)


def _head(actor: Actor, kpi: Kpi, figure: Figure, lens: Lens, currency: str) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(f"# {figures.shown(kpi, figure, currency)}")
        figure_sheet.draw_target(actor, kpi)
    st.caption(" · ".join(filter(None, (lens.caption, figures.sample(kpi, figure)))))
    published.line(actor, kpi, lens, currency)
    figure_sheet.draw_definition(actor, kpi)
    figure_sheet.draw_numbers(actor, kpi, figure, currency)
    what_if.draw(actor, kpi, lens, currency)


def _course(actor: Actor, kpi: Kpi, lens: Lens, target: float | None) -> None:
    found: list[Figure] = ask(actor, _months, kpi.key, lens)
    frame = pd.DataFrame([vars(figure) for figure in found])
    frame["period"] = [formats.month_short(month.start) for month in lens.history]
    frame["running"] = [month.is_running(lens.as_of) for month in lens.history]
    with panel(t("Over the months"), t("The last 12 months; hollow: the running month; dashed: the target")):
        if frame["value"].notna().sum() < 1:
            no_data()
            return
        low, high = ("low", "high") if frame["low"].notna().any() else (None, None)
        form = {"percent": ".0%", "money": ",.0f"}.get(kpi.unit, ",.2~f")
        drawn = charts.line(frame, y="value", label=t(kpi.label), form=form, target=target, low=low, high=high)
        charts.draw(drawn, f"course_{kpi.key}", t(kpi.label), height=200)


def _months(session: Any, key: str, lens: Lens) -> list[Figure]:
    return measure_each(session, key, lens.as_of, lens.history, lens.filters)


def _groups(actor: Actor, kpi: Kpi, lens: Lens, currency: str) -> None:
    words = {
        "manager": t("Account manager"),
        "team": t("Team"),
        "tier": t("Tier"),
        "region": t("Region"),
        "industry": t("Industry"),
        "kind": t("Kind"),
        "product": t("Product"),
        "channel": t("Channel"),
    }
    with panel(t("Where it differs"), t("The same figure for each group; groups with fewer than {n} answers are marked", n=FEW)):
        offered = cuts(kpi)
        by = st.pills(t("By"), offered, default="manager", format_func=words.__getitem__, key=f"by_{kpi.key}", label_visibility="collapsed", required=True)
        table = ask(actor, _by, kpi.key, lens, by)
        enough = table["low"].isna() | (table["n"] >= NONE_BELOW)
        shown = table[enough].dropna(subset=["value"]).sort_values("value", ascending=False).head(MOST_GROUPS)
        if shown.empty:
            no_data(t("Fewer than 5 answers in each group; no figures are shown.") if not enough.all() else "")
            return
        names = group_words(actor, by, kpi.nouns[0])
        frame = shown.assign(name=[str(names.get(group, label)) for group, label in zip(shown["group"], shown["label"], strict=True)])
        frame["text"] = [_text(kpi, row, currency) for row in frame.itertuples()]
        low, high = ("low", "high") if frame["low"].notna().all() else (None, None)
        drawn = charts.bars(frame, x="value", name="name", label=t(kpi.label), low=low, high=high)
        charts.draw(drawn, f"groups_{kpi.key}_{by}", t(kpi.label), height=32 * len(frame) + 20)


def _by(session: Any, key: str, lens: Lens, by: str) -> pd.DataFrame:
    return by_group(session, key, lens.as_of, by, lens.period, lens.filters)


def _text(kpi: Kpi, row: Any, currency: str) -> str:
    few = f"  (n = {row.n})" if row.low is not None and row.low == row.low and row.n < FEW else ""
    return f"{figures.printed(kpi, row.value, currency)}{few}"
