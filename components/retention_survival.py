"""How long contracts last: the survival curve, the numbers behind it, whether groups differ, and what is to be expected."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from components import charts, formats, retention_marks as marks
from components.cache import ask
from components.group_words import group_words
from components.insight_filters import Lens
from components.panel import no_data
from components.switches import compact_list
from db.language import t
from db.policy import Actor
from db.queries import tenure
from db.queries.survival import FEWEST_AT_RISK, Curve, Projection

MOST_TICKS, STRIDES, AHEAD = 6, (1, 2, 3, 6, 12, 24, 36, 60, 120), 36
BANDED = 3
"""Up to so many curves each have their band; more would cover one another."""


def survival(actor: Actor, lens: Lens) -> None:
    words = {"tier": t("By tier"), "region": t("By region"), "kind": t("By kind of customer"), "terms": t("By terms")}
    with st.container(border=True, height="stretch", gap="xsmall"):
        head = st.container(gap="xsmall")
        by = compact_list(t("Compare groups"), words, "survival_by", t("All together"), 220) or ""
        found = ask(actor, tenure.survival, lens.as_of, lens.filters, by)
        head.markdown(f"**{formats.plain(_title(found, by))}**")
        head.caption(t("Share still customers by months since the start (Kaplan–Meier), 95% band, numbers at risk below; drawn while 10 are at risk"))
        names = group_words(actor, by)
        drawn = {_group(names, group) if by else t("All customers"): curve for group, curve in found.curves.items()}
        if drawn:
            _draw({name: curve for name, curve in drawn.items() if len(curve.drawn())}, found.projection)
        else:
            no_data(t("Fewer than {n} customers ever under contract; no curve is drawn.", n=FEWEST_AT_RISK))
        _say(found, drawn, by)


def _group(names: dict[Any, str], group: Any) -> str:
    return names.get(group, str(group)[:24]) if group else t("Unknown")


def _title(found: tenure.Survival, by: str) -> str:
    if by:
        return _difference(found)
    curve = next(iter(found.curves.values()), None)
    if curve is None or not curve.lost:
        return t("How long contracts last")
    if curve.median is not None:
        return t("Half of the customers leave within {n} months", n=formats.number(curve.median))
    last = curve.drawn()
    if last.empty:
        return t("How long contracts last")
    month = int(last["time"].iloc[-1])
    return t("{share} are still customers after {n} months", share=formats.percent(last["survival"].iloc[-1], 0), n=formats.number(month))


def _difference(found: tenure.Survival) -> str:
    if found.difference is None:
        return t("Too few to compare the groups")
    chi2, p = found.difference
    numbers = {"chi2": formats.number(chi2, 1), "p": "p < 0.001" if p < 0.001 else f"p = {p:.3f}" if p < 0.1 else f"p = {p:.2f}"}
    if p < 0.05:
        return t("The groups differ beyond chance (χ² {chi2}, {p})", **numbers)
    return t("The groups do not differ beyond chance (χ² {chi2}, {p})", **numbers)


def _draw(curves: dict[str, Curve], projection: Projection | None) -> None:
    if not curves:
        no_data(t("Nobody has left yet, so there is no curve."))
        return
    steps = pd.concat([_steps(name, curve) for name, curve in curves.items()], ignore_index=True)
    ahead = _projected(projection, float(steps["month"].max())) if projection and len(curves) == 1 else pd.DataFrame()
    ticks = _ticks(float(ahead["month"].max()) if len(ahead) else float(steps["month"].max()))
    rows = [(month, curve.at_risk(month), row, name) for row, (name, curve) in enumerate(curves.items()) for month in ticks]
    at_risk = pd.DataFrame(rows, columns=["month", "n", "row", "group"])
    chart = marks.survival(steps, at_risk[at_risk["n"] > 0], ahead, ticks, bands=len(curves) <= BANDED)
    charts.draw(chart, "survival", t("Survival curve of contracts"), height=250 + 22 * len(curves))


def _steps(name: str, curve: Curve) -> pd.DataFrame:
    drawn = curve.drawn()
    frame = pd.DataFrame({"month": drawn["time"], "share": drawn["survival"], "low": drawn["low"], "high": drawn["high"], "at_risk": drawn["at_risk"]})
    start = pd.DataFrame({"month": [0.0], "share": [1.0], "low": [1.0], "high": [1.0], "at_risk": [curve.n]})
    return pd.concat([start, frame.astype(float)], ignore_index=True).assign(group=name)


def _projected(projection: Projection, last: float) -> pd.DataFrame:
    """From the last whole year that the curve shows, three years on."""
    first = int(last // 12) * 12
    return pd.DataFrame([(month, projection.survival(month / 12)) for month in range(first, first + AHEAD + 1, 3)], columns=["month", "share"])


def _ticks(last: float) -> list[int]:
    stride = next((stride for stride in STRIDES if last / stride <= MOST_TICKS - 1), STRIDES[-1])
    return list(range(0, int(-(-max(last, 1) // stride)) * stride + 1, stride))


def _say(found: tenure.Survival, drawn: dict[str, Curve], by: str) -> None:
    if by:
        if drawn:
            st.caption(t("Median: {median}", median=" · ".join(formats.plain(formats.labelled(name, _median(curve))) for name, curve in drawn.items())))
        _say_groups(found)
    elif found.curves:
        curve = next(iter(found.curves.values()))
        st.caption(
            t("Median: {median} · {n} customers, {lost} of them left", median=_median(curve), n=formats.number(curve.n), lost=formats.number(curve.lost))
        )
        _say_projection(found.projection)


def _median(curve: Curve) -> str:
    return t("{n} months", n=formats.number(curve.median)) if curve.median is not None else t("not reached")


def _say_groups(found: tenure.Survival) -> None:
    if len(found.curves) < found.groups:
        st.caption(t("{shown} of {n} groups: the largest, of {least} customers or more", shown=len(found.curves), n=found.groups, least=FEWEST_AT_RISK))
    if found.difference is None:
        st.caption(t("The log-rank test needs two groups of {least} customers and {lost} customers lost.", least=FEWEST_AT_RISK, lost=tenure.FEWEST_LOST))


def _say_projection(projection: Projection | None) -> None:
    if projection is None:
        st.caption(t("No projection yet: it needs survival over {n} whole years.", n=tenure.FEWEST_YEARS))
        return
    first, fifth = formats.percent(projection.retention(1), 0), formats.percent(projection.retention(5), 0)
    words = t("Dotted: projection (sBG). {first} stay in the first year, of those who remain {fifth} in the fifth.", first=first, fifth=fifth)
    st.caption(words)
