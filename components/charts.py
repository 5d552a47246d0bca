"""Charts: one look for all. Form tells the scenario, colour carries meaning, marks are labelled directly."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from components import chart_image
from components.chart_look import Layers, Styled
from db.language import t

SLATE, ACCENT, PALE, QUIET = "#334155", "#3451D1", "#C5CCD8", "#7A8CBE"
GOOD, BAD, WATCH = "#0B7A75", "#C2410C", "#C6890E"
SERIES = ["#3451D1", "#C6890E", "#125547", "#BB3F74", "#25A1DA", "#6D3306"]
DIVERGING = ["#8F2F08", "#DE7A4F", "#E5E8EE", "#4FA59F", "#07544F"]
SEQUENTIAL = ["#EEF1FD", "#C3CEF7", "#8799EA", "#4E66DA", "#203287"]


def draw(chart: Any, key: str, alt_text: str, height: int = 260, *, title: str = "", caption: str = "", n: int | None = None) -> None:
    """Put a chart on the page in the house's look, with links to it as a picture.

    title, caption: what the picture says above the chart, by default the words of the panel around it; n: the rows behind it, where the tips do not tell.
    """
    styled: Any = Styled(chart, height)  # Streamlit asks a chart for nothing but `to_dict`
    st.altair_chart(styled, theme=None, key=key, alt=alt_text)
    chart_image.offer(styled, key, height, title=title, caption=caption, n=n)


def when(test: str, value: str) -> dict[str, str]:
    """The value that a mark has where the test holds."""
    return {"test": test, "value": value}


def month_axis(title: str | None = None) -> alt.Axis:
    return alt.Axis(title=title, labelAngle=0, labelOverlap="greedy", labelSeparation=6, labelFlush=12)


def line(
    frame: pd.DataFrame,
    *,
    y: str,
    label: str,
    form: str = ".1f",
    low: str | None = None,
    high: str | None = None,
    target: float | None = None,
    zero: bool = False,
) -> Any:
    """A line over months. frame: period (str), the y column, optionally low/high (a band), running (drawn dashed), n."""
    scale = alt.Scale(zero=zero, nice=True)
    x = alt.X("period:O", axis=month_axis(), sort=None)
    tips = [alt.Tooltip("period:O", title=t("Month")), alt.Tooltip(f"{y}:Q", title=label, format=form)]
    tips += [alt.Tooltip("n:Q", title="n")] if "n" in frame else []
    layers = []
    if low and high:
        layers.append(alt.Chart(frame).mark_area(color=ACCENT, opacity=0.10).encode(x=x, y=alt.Y(f"{low}:Q", scale=scale, title=None), y2=alt.Y2(f"{high}:Q")))
    axis = alt.Axis(title=None, format=form, tickCount=4)
    base = alt.Chart(frame).encode(x=x, y=alt.Y(f"{y}:Q", scale=scale, axis=axis), tooltip=tips)
    layers += [base.mark_line(color=SLATE, strokeWidth=2), _points(base, frame)]
    layers += _last_label(frame, y, form)
    if target is not None:
        rule = alt.Chart(pd.DataFrame({"target": [target]})).mark_rule(color=WATCH, strokeDash=[4, 3]).encode(y=alt.Y("target:Q", scale=scale))
        layers.append(rule)
    return Layers(*layers)


def _points(base: Any, frame: pd.DataFrame) -> Any:
    """Finished months are solid points, the running one is hollow."""
    if "running" not in frame:
        return base.mark_circle(color=SLATE, size=34)
    return base.mark_point(size=40, strokeWidth=2, color=SLATE).encode(fill=alt.FillValue(SLATE, condition=when("datum.running", "white")))


def _last_label(frame: pd.DataFrame, y: str, form: str) -> list[Any]:
    last = alt.Chart(frame.dropna(subset=[y]).tail(1))
    return legible(last.encode(x=alt.X("period:O", sort=None), y=alt.Y(f"{y}:Q"), text=alt.Text(f"{y}:Q", format=form)), dy=-12)


def legible(base: Any, rim: float = 4, **look: Any) -> list[Any]:
    """A label with a white rim, so that it can be read on top of a line; a rim of 10 closes the gaps between its characters."""
    look = {"fontWeight": 600, **look}
    return [base.mark_text(stroke="white", strokeWidth=rim, strokeJoin="round", **look), base.mark_text(**look)]


def columns(frame: pd.DataFrame, *, y: str, label: str, before: str | None = None, form: str = ",.0f") -> Any:
    """Columns over months: solid actual, pale the year before, the running month hollow."""
    x = alt.X("period:O", axis=month_axis(), sort=None)
    tips = [alt.Tooltip("period:O", title=t("Month")), alt.Tooltip(f"{y}:Q", title=label, format=form)]
    tips += [alt.Tooltip(f"{before}:Q", title=t("Year before"), format=form)] if before else []
    layers = []
    if before:
        layers.append(alt.Chart(frame).mark_bar(color=PALE, width={"band": 0.85}).encode(x=x, y=alt.Y(f"{before}:Q", axis=None), tooltip=tips))
    bar = alt.Chart(frame).mark_bar(width={"band": 0.5}, color=SLATE, stroke=SLATE, strokeWidth=1.2)
    fill = alt.FillValue(SLATE, condition=when("datum.running", "#F4F5F8")) if "running" in frame else alt.FillValue(SLATE)
    layers.append(bar.encode(x=x, y=alt.Y(f"{y}:Q", axis=None), fill=fill, tooltip=tips))
    return Layers(*layers, *(_column_labels(frame, x, y) if "label" in frame else []))


def _column_labels(frame: pd.DataFrame, x: alt.X, y: str) -> list[Any]:
    """What each column is worth; where columns are too narrow for that, on a phone, the highest and the last."""
    last, highest = frame.index[-1:], frame.index[frame[y] == frame[y].max()][:1]
    placed = frame.assign(told=[row in highest or row in last for row in frame.index])
    width = 6.2 * max((len(text) for text in frame["label"]), default=0)
    shown = alt.OpacityValue(0, condition=[{"test": f"datum.told || width / {max(len(frame), 1)} > {width:.0f}", "value": 1}])
    return legible(alt.Chart(placed).encode(x=x, y=alt.Y(f"{y}:Q"), text=alt.Text("label:N"), opacity=shown), dy=-8, fontSize=10.5, fontWeight="normal")


def bars(
    frame: pd.DataFrame, *, x: str, name: str, label: str, low: str | None = None, high: str | None = None, mark_mean: bool = False, colour: str = QUIET
) -> Any:
    """Horizontal bars, sorted by value; `label` is the printed value, `highlight` marks the bar that matters."""
    ordered = frame[name].tolist()
    y = alt.Y(f"{name}:N", sort=ordered, axis=alt.Axis(title=None, domain=False, ticks=False, labelPadding=6))
    tips = [alt.Tooltip(f"{name}:N", title=""), alt.Tooltip("text:N", title=label)] + ([alt.Tooltip("n:Q", title="n")] if "n" in frame else [])
    fill = alt.ColorValue(colour, condition=when("datum.highlight", BAD)) if "highlight" in frame else alt.ColorValue(colour)
    scale = alt.Scale(zero=True, nice=False, padding=0)
    base = alt.Chart(frame).encode(y=y, tooltip=tips)
    layers = [base.mark_bar(height={"band": 0.62}).encode(x=alt.X(f"{x}:Q", axis=None, scale=scale), color=fill)]
    if low and high:
        layers.append(base.mark_rule(color=SLATE, strokeWidth=1.4).encode(x=alt.X(f"{low}:Q", scale=scale), x2=alt.X2(f"{high}:Q")))
    if mark_mean and len(frame):
        mean = pd.DataFrame({"mean": [frame[x].mean()]})
        layers.append(alt.Chart(mean).mark_rule(color=WATCH, strokeDash=[4, 3]).encode(x=alt.X("mean:Q")))
    layers += legible(base.encode(x=alt.X(f"{high or x}:Q"), text=alt.Text("text:N")), rim=10 if mark_mean else 4, align="left", dx=8 if mark_mean else 6)
    return Layers(*layers)


def bars_beside(frame: pd.DataFrame, *, x: str, before: str, name: str, label: str) -> Any:
    """Horizontal bars, pale and wider behind each the year before; `text` is the printed value."""
    y = alt.Y(f"{name}:N", sort=frame[name].tolist(), axis=alt.Axis(title=None, domain=False, ticks=False, labelPadding=6))
    tips = [alt.Tooltip(f"{name}:N", title=" "), alt.Tooltip("text:N", title=label), alt.Tooltip(f"{before}:Q", title=t("Year before"), format=",.0f")]
    base = alt.Chart(frame).encode(y=y, tooltip=tips)
    return Layers(
        base.mark_bar(height={"band": 0.78}, color=PALE).encode(x=alt.X(f"{before}:Q", axis=None)),
        base.mark_bar(height={"band": 0.46}, color=SLATE).encode(x=alt.X(f"{x}:Q", axis=None)),
        *legible(base.encode(x=alt.X(f"{x}:Q"), text=alt.Text("text:N")), align="left", dx=6),
    )


def bullets(frame: pd.DataFrame, *, x: str, target: str, name: str) -> Any:
    """What was reached as a bar, the target as a tick."""
    y = alt.Y(f"{name}:N", sort=frame[name].tolist(), axis=alt.Axis(title=None, domain=False, ticks=False, labelPadding=6))
    tips = [alt.Tooltip(f"{name}:N", title=""), alt.Tooltip(f"{x}:Q", title=t("Actual")), alt.Tooltip(f"{target}:Q", title=t("Target"), format=".1f")]
    base = alt.Chart(frame).encode(y=y, tooltip=tips)
    fill = alt.ColorValue(SLATE, condition=when("datum.behind", BAD))
    return Layers(
        base.mark_bar(height={"band": 0.5}).encode(x=alt.X(f"{x}:Q", axis=None), color=fill),
        base.mark_tick(thickness=2.5, color="#1B2333", height={"band": 0.8}).encode(x=alt.X(f"{target}:Q")),
        base.mark_text(align="left", dx=8, fontWeight=600).encode(x=alt.X("end:Q"), text=alt.Text("text:N")),
    )


def heat(
    frame: pd.DataFrame,
    *,
    x: str,
    y: str,
    value: str,
    text: str,
    x_title: str = "",
    y_title: str = "",
    tips: dict[str, str] | None = None,
    reverse: bool = False,
    most: float | None = None,
    order: list[str] | None = None,
) -> Any:
    """A grid of coloured cells with their numbers.

    most: the least value that takes the darkest colour; order: the columns from left to right, by default ascending (a row may lack any of them).
    """
    across = alt.X(f"{x}:O", sort=order or "ascending", axis=alt.Axis(title=x_title or None, orient="top", labelAngle=0, domain=False, ticks=False))
    rows = list(dict.fromkeys(frame[y]))  # named, since a row of empty cells would come last
    down = alt.Y(f"{y}:O", sort="descending" if reverse else rows, axis=alt.Axis(title=y_title or None, domain=False, ticks=False))
    base = alt.Chart(frame).encode(x=across, y=down)
    scale = alt.Scale(range=SEQUENTIAL, domain=[0, max(most or 0, float(frame[value].max() or 0)) or 1])
    cells = base.mark_rect(cornerRadius=2, stroke="white", strokeWidth=2).encode(
        color=alt.Color(f"{value}:Q", scale=scale, legend=None),
        tooltip=[alt.Tooltip(f"{key}", title=word) for key, word in (tips or {}).items()],
    )
    top = max(most or 0, float(frame[value].max() or 0)) * 0.55
    words = base.mark_text(fontSize=11).encode(text=alt.Text(f"{text}:N"), color=alt.ColorValue("#1B2333", condition=when(f"datum.{value} > {top}", "white")))
    return Layers(cells, words)


def areas(frame: pd.DataFrame, *, part: str, parts: list[str], value: str, colours: list[str]) -> Any:
    """Stacked areas over months."""
    colour = alt.Color(f"{part}:N", sort=parts, scale=alt.Scale(domain=parts, range=colours), legend=alt.Legend(columns=4))
    order = alt.Order("order:Q")
    placed = frame.assign(order=frame[part].map({word: position for position, word in enumerate(parts)}))
    return (
        alt.Chart(placed)
        .mark_area(opacity=0.9)
        .encode(
            x=alt.X("period:O", sort=None, axis=month_axis()),
            y=alt.Y(f"{value}:Q", axis=alt.Axis(title=None, tickCount=4, format=",.0f")),
            color=colour,
            order=order,
            tooltip=[
                alt.Tooltip("period:O", title=t("Month")),
                alt.Tooltip(f"{part}:N", title=""),
                alt.Tooltip(f"{value}:Q", format=",.0f", title=t("Customers")),
            ],
        )
    )


def curve(points: list[tuple[float, float]], x_title: str, y_title: str) -> Any:
    """A Lorenz curve beside the line of perfect equality."""
    frame = pd.DataFrame(points, columns=["x", "y"])
    equal = pd.DataFrame({"x": [0.0, 1.0], "y": [0.0, 1.0]})
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%", title=x_title, tickCount=5))
    y = alt.Y("y:Q", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%", title=y_title, tickCount=5))
    return Layers(
        alt.Chart(equal).mark_line(color=PALE, strokeDash=[4, 3]).encode(x=x, y=y),
        alt.Chart(frame).mark_area(color=ACCENT, opacity=0.08).encode(x=x, y=y),
        alt.Chart(frame).mark_line(color=SLATE, point=True).encode(x=x, y=y),
    )


def stacked_count(frame: pd.DataFrame, *, name: str, part: str, parts: list[str], value: str, colours: list[str]) -> Any:
    """Horizontal bars made of counted parts."""
    colour = alt.Color(f"{part}:N", sort=parts, scale=alt.Scale(domain=parts, range=colours), legend=alt.Legend(columns=len(parts)))
    placed = frame.assign(order=frame[part].map({word: position for position, word in enumerate(parts)}))
    y = alt.Y(f"{name}:N", sort=list(dict.fromkeys(frame[name])), axis=alt.Axis(title=None, domain=False, ticks=False, labelPadding=6))
    tips = [alt.Tooltip(f"{name}:N", title=""), alt.Tooltip(f"{part}:N", title=""), alt.Tooltip(f"{value}:Q", format=",.0f", title=t("Count"))]
    return (
        alt.Chart(placed)
        .mark_bar(height={"band": 0.62})
        .encode(y=y, x=alt.X(f"{value}:Q", axis=alt.Axis(title=None, tickCount=4, format=",.0f")), color=colour, order=alt.Order("order:Q"), tooltip=tips)
    )


def centred(frame: pd.DataFrame, *, name: str, place: str) -> pd.DataFrame:
    """Shares laid out from a common middle: start, end. place: -1 left of it, 0 half on each side, 1 right of it; the rows of a name run from worst to best."""
    left_of_middle = frame["share"] * frame[place].map({-1: 1.0, 0: 0.5, 1: 0.0})
    left = left_of_middle.groupby(frame[name]).transform("sum")
    end = frame.groupby(name)["share"].cumsum() - left
    return frame.assign(start=end - frame["share"], end=end)


def diverging(frame: pd.DataFrame, ends: pd.DataFrame, *, name: str, part: str, parts: list[str], colours: list[str]) -> Any:
    """Bars to both sides of a middle line.

    frame: as `centred` leaves it, with n; ends: name, low and high (where the bar ends), left and right (the labels there).
    """
    rows = list(dict.fromkeys(frame[name]))
    y = alt.Y(f"{name}:N", sort=rows, axis=alt.Axis(title=None, domain=False, ticks=False, labelPadding=6))
    colour = alt.Color(f"{part}:N", sort=parts, scale=alt.Scale(domain=parts, range=colours), legend=alt.Legend(columns=len(parts)))
    tips = [alt.Tooltip(f"{key}:N", title="") for key in (name, part)]
    tips += [alt.Tooltip("n:Q", title="n"), alt.Tooltip("share:Q", format=".1%", title=t("Share"))]
    scale = alt.Scale(domain=[float(ends["low"].min()) - 0.2, float(ends["high"].max()) + 0.12], nice=False)
    x = alt.X("start:Q", scale=scale, axis=None)
    shares = alt.Chart(frame).mark_bar(height={"band": 0.66}).encode(y=y, x=x, x2=alt.X2("end:Q"), color=colour, tooltip=tips)
    middle = alt.Chart(pd.DataFrame({"zero": [0.0]})).mark_rule(color=SLATE, strokeWidth=1).encode(x=alt.X("zero:Q", scale=scale))
    base = alt.Chart(ends).encode(y=y)
    left = base.mark_text(align="right", dx=-6, fontWeight=600).encode(x=alt.X("low:Q", scale=scale), text=alt.Text("left:N"))
    right = base.mark_text(align="left", dx=6, fontWeight=600).encode(x=alt.X("high:Q", scale=scale), text=alt.Text("right:N"))
    return Layers(shares, middle, left, right)
