"""How happy are they? Course over the months, by group, and the words of the unhappy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from components import charts, formats
from components.cache import ask
from components.figures import FEW, NONE_BELOW
from components.group_words import group_words
from components.insight_filters import Lens
from components.navigation import link
from components.panel import no_data, panel
from components.switches import switch
from db.language import t
from db.policy import Actor
from db.queries import satisfaction
from db.queries.periods import Period


def kind_switch() -> str:
    words = {"csat": t("Surveys (CSAT)"), "nps": t("Recommendation (NPS)"), "ces": t("Effort (CES)"), "follow_up": t("In follow-ups")}
    return switch(t("Kind of answers"), words, "satisfaction_kind", in_address=True)


def measure_of(kind: str) -> str:
    return "nps" if kind == "nps" else "mean"


def by_month(actor: Actor, lens: Lens, kind: str) -> None:
    span = Period(lens.history[0].start, lens.history[-1].end)
    table = ask(actor, satisfaction.scores_by, lens.as_of, span, "month", lens.filters, kind=kind)
    measure = measure_of(kind)
    frame = _named_months(table, lens)
    known = frame.dropna(subset=[measure]) if len(frame) else frame
    with panel(
        _course(known, measure, kind),
        t("Mean per month with its 95% interval") if measure == "mean" else t("Promoters less detractors per month, with its 95% interval"),
    ):
        if known.empty:
            no_data()
        else:
            charts.draw(
                charts.line(frame, y=measure, label=t("Satisfaction"), form=".0f" if measure == "nps" else ".2f", low=f"{measure}_low", high=f"{measure}_high"),
                "satisfaction_by_month",
                t("Satisfaction per month"),
            )


def _named_months(table: pd.DataFrame, lens: Lens) -> pd.DataFrame:
    months = {period.key: period for period in lens.history}
    frame = table[table["group"].isin(months)].copy() if len(table) else table
    if len(frame):
        frame["period"] = [formats.month_short(months[key].start) for key in frame["group"]]
        frame["running"] = [months[key].is_running(lens.as_of) for key in frame["group"]]
    return frame


def _course(known: pd.DataFrame, measure: str, kind: str) -> str:
    if len(known) < 2:
        return t("Satisfaction by month")
    first, last = float(known[measure].iloc[0]), float(known[measure].iloc[-1])
    decimals = 0 if measure == "nps" else 2
    if abs(last - first) < (3 if measure == "nps" else 0.1):
        return t("Satisfaction holds steady at {value}", value=formats.number(last, decimals))
    months = {"since": known["period"].iloc[0], "until": known["period"].iloc[-1]}
    words = {"first": formats.number(first, decimals), "last": formats.number(last, decimals), **months}
    if last > first:
        return t("Satisfaction rose from {first} in {since} to {last} in {until}", **words)
    return t("Satisfaction fell from {first} in {since} to {last} in {until}", **words)


def often_enough(actor: Actor, lens: Lens, question: Any, kind: str, by: str) -> tuple[pd.DataFrame, bool]:
    """The answers by group, of a span in which some groups have enough of them."""

    def enough(table: pd.DataFrame) -> bool:
        groups = table.groupby("label", dropna=False)["n"].sum() if len(table) else pd.Series(dtype=int)
        return bool((groups >= NONE_BELOW).sum() >= max(1, min(2, len(groups))))

    return widened(lens, lambda span: ask(actor, question, lens.as_of, span, filters=lens.filters, kind=kind, by=by), enough)


def widened(lens: Lens, read: Callable[[Period], pd.DataFrame], enough: Callable[[pd.DataFrame], bool]) -> tuple[pd.DataFrame, bool]:
    """What the period tells or, where that is not enough, the twelve months up to its end; and whether it is these."""
    table = read(lens.period)
    if enough(table):
        return table, False
    return read(Period(lens.history[0].start, lens.history[-1].end)), True


def say_widened(wide: bool) -> None:
    if wide:
        st.caption(t("Last 12 months: the period alone has too few."))


def group_pills(kind: str, key: str) -> str:
    """By what the groups of a chart are made."""
    words = {"manager": t("Account manager"), "product": t("Product"), "channel": t("Method") if kind == "follow_up" else t("Channel"), "tier": t("Tier")}
    offered = [code for code in words if kind != "follow_up" or code != "product"]
    name = _pills_key(kind, key)
    chosen = st.pills(t("By"), offered, default="manager", format_func=lambda code: words[code], key=name, label_visibility="collapsed", required=True)
    return chosen or "manager"


def chosen_group(kind: str, key: str) -> str:
    """What the pills stand at, for a title above them."""
    return str(st.session_state.get(_pills_key(kind, key)) or "manager")


def _pills_key(kind: str, key: str) -> str:
    return f"satisfaction_{key}_{kind}"


def words_of(actor: Actor, by: str, table: pd.DataFrame, kind: str = "csat") -> list[str]:
    """The names of the groups as people read them."""
    words = group_words(actor, by, "follow_up" if kind == "follow_up" else "survey_response")
    unknown = {"manager": t("No account manager"), "tier": t("No tier")}.get(by, t("Unknown"))
    return [unknown if label is None or label != label else words.get(str(label), str(label)) for label in table["label"]]


def by_group(actor: Actor, lens: Lens, kind: str) -> None:
    with panel(t("Where satisfaction differs"), t("Mean with its 95% interval; groups with fewer than {n} answers are marked", n=FEW)):
        by = group_pills(kind, "by")
        table, wide = often_enough(actor, lens, satisfaction.scores_by, kind, by)
        measure = measure_of(kind)
        known = table[table["n"] >= NONE_BELOW].dropna(subset=[measure]).sort_values(measure, ascending=False).head(12) if len(table) else table
        if known.empty:
            no_data(t("Fewer than 5 answers in each group; no means are shown."))
            return
        frame = pd.DataFrame(
            {
                "name": words_of(actor, by, known, kind),
                "value": known[measure].to_numpy(),
                "low": known[f"{measure}_low"].to_numpy(),
                "high": known[f"{measure}_high"].to_numpy(),
                "n": known["n"].to_numpy(),
            }
        )
        frame["text"] = [
            f"{formats.number(value, 0 if measure == 'nps' else 2)}{'' if n >= FEW else f'  (n = {n})'}"
            for value, n in zip(frame["value"], frame["n"], strict=True)
        ]
        charts.draw(
            charts.bars(frame, x="value", name="name", label=t("Satisfaction"), low="low", high="high"),
            f"satisfaction_by_{kind}_{by}",
            t("Satisfaction by group"),
            height=34 * len(frame) + 24,
        )
        say_widened(wide)


def comments(actor: Actor, lens: Lens, kind: str) -> None:
    table, wide = widened(
        lens,
        lambda span: ask(actor, satisfaction.lowest_comments, lens.as_of, span, lens.filters, kind=kind, up_to=0.5),
        lambda found: len(found) >= NONE_BELOW,
    )
    with panel(t("What the least happy say"), t("The lowest answers with a comment; open one to act on it")):
        if table.empty:
            no_data(t("No unhappy comments in the last 12 months."))
        for number, row in enumerate(table.head(8).to_dict("records")):
            with st.container(horizontal=True, key=f"row_comment_{number}", vertical_alignment="center"):
                st.badge(str(int(row["value"])), color="orange")
                with st.container(gap=None):
                    st.text(str(row["note"] or ""))
                    link("customer", f"{row['customer']} · {formats.day_month(row['date'])}", id=row["customer_id"])
        say_widened(wide)
