"""Marks that the retention page alone needs: survival curves with numbers at risk, several lines, a waterfall."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from components.chart_look import Layers
from components.charts import ACCENT, SERIES, SLATE, month_axis
from db.language import t

ROW = 0.085
"""The height of a row of numbers at risk, as a part of the curve's."""


def survival(steps: pd.DataFrame, at_risk: pd.DataFrame, projected: pd.DataFrame, ticks: list[int], bands: bool = True) -> Any:
    """Kaplan-Meier curves over months with the numbers at risk in rows below them.

    steps: month, share, low, high, at_risk, group; at_risk: month, n, row (0, 1 ...), group; projected: month, share, drawn dotted, may be empty.
    """
    groups = list(dict.fromkeys(steps["group"]))
    colour = alt.Color(
        "group:N", scale=alt.Scale(domain=groups, range=SERIES[: len(groups)]), legend=None if len(groups) == 1 else alt.Legend(columns=3, symbolOpacity=1)
    )
    lowest = -ROW * (len(groups) + 0.6)
    height = alt.Scale(domain=[lowest, 1], nice=False)
    y = alt.Y("share:Q", scale=height, axis=alt.Axis(format="%", title=None, values=[0, 0.25, 0.5, 0.75, 1]))
    x = alt.X("month:Q", scale=alt.Scale(domain=[0, ticks[-1]], nice=False), axis=alt.Axis(title=t("Months since the start"), values=ticks, format="d"))
    base = alt.Chart(steps).encode(x=x, color=colour)
    tips = [
        alt.Tooltip("group:N", title=""),
        alt.Tooltip("month:Q", title=t("Months")),
        alt.Tooltip("share:Q", format=".1%", title=t("Still customers")),
        alt.Tooltip("low:Q", format=".1%", title=t("At least")),
        alt.Tooltip("high:Q", format=".1%", title=t("At most")),
        alt.Tooltip("at_risk:Q", title=t("Number at risk")),
    ]
    layers = [base.mark_area(interpolate="step-after", opacity=0.13).encode(y=alt.Y("low:Q", scale=height), y2=alt.Y2("high:Q"))] if bands else []
    layers += [base.mark_line(interpolate="step-after", strokeWidth=2).encode(y=y), base.mark_point(opacity=0, size=160).encode(y=y, tooltip=tips)]
    layers += _dotted(projected, x, y) if len(projected) else []
    return Layers(*layers, *_numbers_at_risk(at_risk, x, height, colour))


def _dotted(projected: pd.DataFrame, x: Any, y: Any) -> list[Any]:
    tips = [alt.Tooltip("month:Q", title=t("Months")), alt.Tooltip("share:Q", format=".1%", title=t("Projected"))]
    base = alt.Chart(projected).encode(x=x, y=y, tooltip=tips)
    whole = base.transform_filter("datum.month % 12 == 0")
    return [base.mark_line(strokeDash=[2, 4], strokeWidth=2, color=SLATE), whole.mark_point(color=SLATE, size=34, fill="white", strokeWidth=1.5)]


def _numbers_at_risk(at_risk: pd.DataFrame, x: Any, height: Any, colour: Any) -> list[Any]:
    placed = at_risk.assign(place=[-ROW * (row + 1) for row in at_risk["row"]], side=["left" if month == 0 else "center" for month in at_risk["month"]])
    zero = alt.Chart(pd.DataFrame({"zero": [0]})).mark_rule(color="#C5CCD8").encode(y=alt.Y("zero:Q", scale=height))
    text = alt.Chart(placed).encode(x=x, y=alt.Y("place:Q", scale=height), text=alt.Text("n:Q", format=","), color=colour)
    first, rest = text.transform_filter("datum.month == 0"), text.transform_filter("datum.month > 0")
    return [zero, first.mark_text(align="left", dx=3, fontSize=11), rest.mark_text(fontSize=11)]


def lines(frame: pd.DataFrame, *, label: str, tips: dict[str, str], form: str = ".0f", series: list[str] | None = None, zero: bool = True) -> Any:
    """One line, or one a series, over periods.

    frame: period, value, running (drawn hollow), the columns of the tips; series where there are several lines, low and high where there is one.
    Periods without a value stay on the axis; a line is not drawn across them.
    """
    scale = alt.Scale(zero=zero, nice=True)
    x = alt.X("period:O", sort=None, axis=month_axis())
    y = alt.Y("value:Q", scale=scale, axis=alt.Axis(title=None, format=form, tickCount=4, labelExpr="datum.label + '%'"))
    told = [
        alt.Tooltip("period:O", title=t("Period")),
        *([alt.Tooltip("series:N", title="")] if series else []),
        alt.Tooltip("value:Q", title=label, format=".1f"),
    ]
    told += [alt.Tooltip(f"{name}:Q", title=word, format=".1f" if name in {"low", "high", "churn"} else ",") for name, word in tips.items()]
    colour: Any = alt.ColorValue(SLATE)
    outline: Any = alt.StrokeValue(SLATE)
    if series:
        palette = alt.Scale(domain=series, range=SERIES[: len(series)])
        colour = alt.Color("series:N", sort=series, scale=palette, legend=alt.Legend(columns=4))
        outline = alt.Stroke("series:N", sort=series, scale=palette, legend=None)
    base = alt.Chart(frame).encode(x=x, y=y, color=colour)
    known = alt.Chart(frame).transform_filter("isValid(datum.value)").encode(x=x, y=y, tooltip=told)
    hollow = known.transform_filter("datum.running").mark_point(filled=False, fill="white", size=46, strokeWidth=2, opacity=1)
    layers = [alt.Chart(frame).mark_area(color=ACCENT, opacity=0.10).encode(x=x, y=alt.Y("low:Q", scale=scale), y2=alt.Y2("high:Q"))] if not series else []
    layers += [base.mark_line(strokeWidth=2, invalid="break-paths-show-domains")]
    layers += [
        known.transform_filter("!datum.running").mark_point(filled=True, size=34, opacity=1).encode(color=colour),
        hollow.encode(stroke=outline),
    ]
    return Layers(*layers, *_last_values(frame, x, scale, colour, form))


def _last_values(frame: pd.DataFrame, x: Any, scale: Any, colour: Any, form: str) -> list[Any]:
    known = frame.dropna(subset=["value"])
    last = known.groupby("series", sort=False).tail(1) if "series" in known else known.tail(1)
    shown = last.assign(text=[f"{value:{form}}%" for value in last["value"]])
    base = alt.Chart(shown).encode(x=x, y=alt.Y("value:Q", scale=scale), text=alt.Text("text:N"))
    rim = base.mark_text(dy=-13, fontWeight=600, stroke="white", strokeWidth=4, strokeJoin="round")
    return [rim, base.mark_text(dy=-13, fontWeight=600).encode(color=colour)]


def waterfall(frame: pd.DataFrame) -> Any:
    """From one sum to another in steps, top to bottom. frame: name, begin, end, colour, text."""
    y = alt.Y("name:N", sort=frame["name"].tolist(), axis=alt.Axis(title=None, domain=False, ticks=False, labelPadding=6))
    placed = frame.assign(low=frame[["begin", "end"]].min(axis=1), high=frame[["begin", "end"]].max(axis=1))
    scale = alt.Scale(domain=[0, max(float(placed["high"].max()) * 1.45, 1e-9)], nice=False)
    base = alt.Chart(placed).encode(y=y, tooltip=[alt.Tooltip("name:N", title=""), alt.Tooltip("text:N", title=t("A month"))])
    colour = alt.Color("colour:N", scale=None)
    bar = base.mark_bar(height={"band": 0.6}, stroke=None).encode(x=alt.X("low:Q", scale=scale, axis=None), x2=alt.X2("high:Q"), color=colour)
    edge = base.mark_tick(thickness=1.5, height={"band": 0.6}).encode(x=alt.X("end:Q", scale=scale), color=colour)
    text = base.mark_text(align="left", dx=7, fontWeight=600).encode(x=alt.X("high:Q", scale=scale), text=alt.Text("text:N"))
    return Layers(bar, edge, text)
