"""The two marks of workload's own: a share against a line, and a number before and after."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from components.chart_look import Layers
from components.charts import BAD, PALE, QUIET, SLATE, WATCH, legible, when


def _people(frame: pd.DataFrame) -> alt.Y:
    return alt.Y("name:N", sort=frame["name"].tolist(), axis=alt.Axis(title=None, domain=False, ticks=False, labelPadding=6))


def against_line(frame: pd.DataFrame, *, x: str, label: str, line: float) -> Any:
    """Bars of a share with a line to compare with. frame: name, the share, text, over (drawn in the colour for bad)."""
    tips = [alt.Tooltip("name:N", title=""), alt.Tooltip("text:N", title=label)]
    base = alt.Chart(frame).encode(y=_people(frame), tooltip=tips)
    fill = alt.ColorValue(QUIET, condition=when("datum.over", BAD))
    scale = alt.Scale(domain=[0, max(line, float(frame[x].max())) * 1.02], nice=False)
    rule = alt.Chart(pd.DataFrame({"line": [line]})).mark_rule(color=WATCH, strokeDash=[4, 3]).encode(x=alt.X("line:Q", scale=scale))
    text = base.encode(x=alt.X(f"{x}:Q", scale=scale), text=alt.Text("text:N"))
    bars = base.mark_bar(height={"band": 0.62}).encode(x=alt.X(f"{x}:Q", axis=None, scale=scale), color=fill)
    return Layers(bars, rule, *legible(text, rim=10, align="left", dx=8))


def before_after(frame: pd.DataFrame, *, label: str) -> Any:
    """A pale bar for what is, a solid one for what would be. frame: name, before, after, end (the longer), text."""
    tips = [alt.Tooltip("name:N", title=""), alt.Tooltip("text:N", title=label)]
    base = alt.Chart(frame).encode(y=_people(frame), tooltip=tips)
    text = base.encode(x=alt.X("end:Q"), text=alt.Text("text:N"))
    return Layers(base.mark_bar(height={"band": 0.78}, color=PALE).encode(x=alt.X("before:Q", axis=None)),
                     base.mark_bar(height={"band": 0.36}, color=SLATE).encode(x=alt.X("after:Q", axis=None)),
                     text.mark_text(align="left", dx=6, fontWeight=600))
