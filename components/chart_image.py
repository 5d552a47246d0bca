"""A chart as a picture for a slide or a letter: its finding, unit, period, n, whose it is and when it was made. Drawn when it is asked for."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import altair as alt
import streamlit as st

from components import formats
from components.actor import current_actor
from db import clock, language
from db.engine import reading
from db.language import t
from db.policy import Actor
from db.transfer.export import file_name

MEDIA = {"SVG": "image/svg+xml", "PNG": "image/png"}
WIDTH, SCALE, PADDING = 860, 2, 24
TITLE_CELLS, LINE_CELLS = 74, 120
"""How many half-width characters a line of the title and of the words below it holds."""
_frame: ContextVar[tuple[str, str]] = ContextVar("frame", default=("", ""))
_actor: ContextVar[Actor | None] = ContextVar("actor", default=None)
_period: ContextVar[str] = ContextVar("period", default="")


@dataclass(frozen=True)
class About:
    """What a picture says besides the chart."""

    title: str
    caption: str
    period: str
    n: int | None = None


def framed(title: str, caption: str) -> None:
    """The panel that is being drawn: its charts carry its words."""
    _frame.set((title, caption))


def opened_by(actor: Actor) -> None:
    """Whose page is being drawn; it looks at no period yet."""
    _actor.set(actor)
    seen("")


def seen(period: str) -> None:
    """The period that the page looks at; empty where it looks at none."""
    _period.set(period)


def offer(chart: Any, key: str, height: int, *, title: str = "", caption: str = "", n: int | None = None) -> None:
    """Two quiet links below a chart; the picture is made when one is clicked."""
    actor, spoken = _actor.get() or current_actor(), language.current()
    about = About(title or _frame.get()[0], caption or _frame.get()[1], _period.get(), n)
    with st.container(horizontal=True, horizontal_alignment="right", key=f"image_{key}", gap="small"):
        for kind, media in MEDIA.items():
            name = file_name(key.replace("_", "-"), kind.lower())
            st.download_button(
                kind,
                _maker(actor, spoken, chart, height, about, kind),
                name,
                media,
                key=f"image_{key}_{kind}",
                type="tertiary",
                on_click="ignore",
                help=t("Save this chart as {kind}", kind=kind),
            )


def _maker(actor: Actor, spoken: str, chart: Any, height: int, about: About, kind: str) -> Callable[[], bytes]:
    def content() -> bytes:
        with language.speaking(spoken):
            with reading(actor) as session:
                owner = session.organisation.name
            return picture(chart, height, about, owner, kind)

    return content


def picture(chart: Any, height: int, about: About, owner: str, kind: str) -> bytes:
    """The chart with its words as 'SVG' (text stays text) or 'PNG' (twice as fine as a screen)."""
    import vl_convert  # loads its engine, a second that no page needs

    spec = titled(chart, height, about, owner)
    if kind == "SVG":
        return str(vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])).encode()
    return bytes(vl_convert.vegalite_to_png(spec, scale=SCALE, allowed_base_urls=[]))


def titled(chart: Any, height: int, about: About, owner: str) -> dict[str, Any]:
    """The Vega-Lite of the picture."""
    plain: dict[str, Any] = chart.to_dict()
    n = about.n if about.n is not None else _sample(plain)
    parts = [about.caption, _months(plain) or about.period, f"n = {formats.number(n)}" if n else ""]
    below = [*wrapped(" · ".join(part for part in parts if part), LINE_CELLS), f"{owner} · {formats.date_long(clock.today())}"]
    head = alt.TitleParams(
        text=wrapped(about.title, TITLE_CELLS) or [" "],
        subtitle=below,
        anchor="start",
        frame="group",
        offset=16,
        fontSize=16,
        fontWeight=600,
        subtitleFontSize=11.5,
        subtitleColor="#5B6475",
        subtitleLineHeight=17,
        subtitlePadding=6,
        color="#1B2333",
        lineHeight=21,
    )
    return {
        **plain,
        "width": WIDTH,
        "height": height,
        "title": head.to_dict(),
        "background": "white",
        "padding": PADDING,
        "autosize": {"type": "fit-x", "contains": "padding"},
    }


def _months(spec: dict[str, Any]) -> str:
    """The first and last name on the axis of a chart over months, which shows more than the page's period."""
    names = [[str(row["period"]) for row in rows] for rows in spec.get("datasets", {}).values() if rows and "period" in rows[0]]
    longest = max(names, key=len, default=[])
    return f"{longest[0]} – {longest[-1]}" if len(longest) > 1 else ""


def _sample(spec: dict[str, Any]) -> int | None:
    """The answers behind a chart whose tips name n: the sum of the largest table that has it."""
    if not _names_n(spec):
        return None
    sums = [sum(row.get("n") or 0 for row in rows) for rows in spec.get("datasets", {}).values() if rows and isinstance(rows[0], dict) and "n" in rows[0]]
    return int(max(sums)) if sums else None


def _names_n(part: Any) -> bool:
    if isinstance(part, dict):
        return part.get("title") == "n" or any(_names_n(value) for key, value in part.items() if key != "datasets")
    return isinstance(part, list) and any(_names_n(value) for value in part)


def wrapped(text: str, cells: int) -> list[str]:
    """The text in lines; Chinese may break anywhere, other words stay whole."""
    lines, line, width = [], "", 0
    for word in _words(text):
        size = sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in word)
        if line.strip() and width + size > cells:
            lines.append(line.rstrip())
            line, width = "", 0
        line, width = line + word, width + size
    return [*lines, line.rstrip()] if line.strip() else lines


def _words(text: str) -> list[str]:
    words = [""]
    for letter in text:
        wide = unicodedata.east_asian_width(letter) in "WF"
        if wide or words[-1].endswith(" ") or (words[-1] and unicodedata.east_asian_width(words[-1][-1]) in "WF"):
            words.append(letter)
        else:
            words[-1] += letter
    return words
