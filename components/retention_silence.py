"""Who falls silent and who comes back: stages by month, dormancy and reactivation, the outlook by the buying model, and whom to call."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from components import charts, explain, formats, retention_marks as marks
from components.act_on_list import act_on_list
from components.cache import ask
from components.figures import NONE_BELOW
from components.insight_filters import Lens
from components.panel import no_data, panel
from components.retention_view import currency_of, limits_of, percents
from db.language import t, tn
from db.policy import Actor
from db.queries import act_on, comeback, dormancy, stages
from db.queries.buying_model import FEWEST_REPEATERS
from db.queries.figures import Figure
from db.queries.kpis import KPIS

STAGE_COLOURS = ["#125547", "#C6890E", "#DE7A4F", "#C5CCD8"]


def stage_areas(actor: Actor, lens: Lens) -> None:
    table = ask(actor, stages.stages_by_month, lens.as_of, 13, lens.filters)
    words = {"active": t("Active"), "at_risk": t("At risk"), "dormant": t("Dormant"), "lost": t("Lost")}
    limits = vars(limits_of(actor))
    with panel(
        _stage_title(table),
        t("Who ever bought, by days since the last purchase: active up to {active}, at risk up to {at_risk}, dormant up to {dormant}, then lost", **limits),
    ):
        if table.empty or not table[list(words)].to_numpy().sum():
            no_data()
            return
        frame = table.melt(id_vars=["month"], value_vars=list(words), var_name="code", value_name="n")
        frame["stage"], frame["period"] = frame["code"].map(words), [formats.month(day) for day in frame["month"]]
        chart = charts.areas(frame, part="stage", parts=list(words.values()), value="n", colours=STAGE_COLOURS)
        charts.draw(chart, "stages", t("Life-cycle stages by month"), height=300)


def _stage_title(table: pd.DataFrame) -> str:
    if len(table) < 2 or not table["active"].any():
        return t("Life-cycle stages")
    change = int(table["active"].iloc[-1]) - int(table["active"].iloc[0])
    if not change:
        return t("As many active customers as a year ago")
    if change > 0:
        return tn("{count} more active customer than a year ago", "{count} more active customers than a year ago", change, count=formats.number(change))
    return tn("{count} fewer active customer than a year ago", "{count} fewer active customers than a year ago", -change, count=formats.number(-change))


def silence(actor: Actor, lens: Lens) -> None:
    table = ask(actor, dormancy.by_month, lens.as_of, 12, lens.filters)
    limits, words = limits_of(actor), {"dormancy": t("Dormant"), "reactivation": t("Won back")}
    measure = t(
        "Dormant: last purchase {more} to {most} days ago, of all buyers, at the month's end. Won back: of those silent for {more} days or more at its start.",
        more=limits.at_risk + 1,
        most=limits.dormant,
    )
    with panel(_silence_title(table), measure):
        parts = [_series(table, "dormancy", words["dormancy"], "buyers", "dormant"), _series(table, "reactivation", words["reactivation"], "silent", "back")]
        frame = pd.concat(parts, ignore_index=True)
        if not frame["value"].notna().any():
            no_data()
            return
        tips = {"part": t("Customers"), "n": t("of")}
        charts.draw(
            marks.lines(frame, label=t("Share, %"), tips=tips, series=list(words.values())), "silence", t("Dormancy and reactivation by month"), height=300
        )


def _series(table: pd.DataFrame, column: str, word: str, whole: str, part: str) -> pd.DataFrame:
    rates = percents(table[column], table[whole] >= NONE_BELOW)
    return pd.DataFrame(
        {
            "period": [formats.month_short(day) for day in table["month"]],
            "series": word,
            "value": rates,
            "running": table["running"],
            "part": table[part],
            "n": table[whole],
        }
    )


def _silence_title(table: pd.DataFrame) -> str:
    back = int(table["back"].sum()) if len(table) else 0
    if not back:
        return t("Falling silent and coming back")
    count = formats.number(back)
    return tn("{count} silent customer won back in 12 months", "{count} silent customers won back in 12 months", back, count=count)


def likely_lost(actor: Actor, lens: Lens) -> None:
    """Whom to call; about today, whatever period is looked at."""
    table = ask(actor, act_on.likely_lost, lens.as_of, lens.filters)
    limits, currency = limits_of(actor), currency_of(actor)
    caption = t("Last purchase {more} to {most} days ago and no follow-up planned; those who spent most first", more=limits.active + 1, most=limits.dormant)
    with panel(t("Likely lost, high value"), caption):
        if table.empty:
            no_data(t("Nobody is at risk."))
            return
        rows = table.assign(
            reason=[t("Last purchase {day}, {n} days ago", day=formats.day_month(day), n=formats.number((lens.as_of - day).days)) for day in table["date"]],
            value=[formats.money(amount, currency) for amount in table["value"]],
        )
        act_on_list(actor, rows[["customer_id", "customer", "reason", "value"]], key="likely_lost", subject=t("Win back: silent for long"))


def outlook(actor: Actor, lens: Lens) -> None:
    """The buying model's panel: how many are still here, what they will buy, who is at stake."""
    found = ask(actor, comeback.comeback, lens.as_of, lens.filters)
    currency = currency_of(actor)
    with panel(_outlook_title(found), t("Chance that a customer with repeat purchases has not left for good, by BG/NBD; expected amounts by gamma-gamma")):
        if found is None:
            no_data(t("The model needs {n} customers with a repeat purchase; below that it would be guesswork, and none is shown.", n=FEWEST_REPEATERS))
            return
        frame = _bands(found)
        left, right = st.columns([1, 1.5], gap="medium")
        with left:
            charts.draw(
                charts.bars(frame, x="n", name="name", label=t("Customers")), "alive", t("Customers by chance to be still there"), height=34 * len(frame) + 20
            )
            _sums(actor, lens, found, currency)
        with right:
            _at_stake(actor, found, currency)


def _outlook_title(found: comeback.Comeback | None) -> str:
    if found is None:
        return t("Who will come back?")
    return t("Who will come back? {n} purchases expected in 12 months", n=formats.number(found.expected))


def _bands(found: comeback.Comeback) -> pd.DataFrame:
    size = 100 // comeback.BANDS
    names = [f"{formats.number(size * band)}–{formats.percent(size * (band + 1) / 100, 0)}" for band in range(comeback.BANDS)]
    counts = [*reversed(found.bands), found.too_early]
    frame = pd.DataFrame({"name": [*reversed(names), t("Too early")], "n": counts, "text": [formats.number(n) for n in counts]})
    return frame.assign(highlight=[name in names[: comeback.BANDS // 2] for name in frame["name"]])


def _sums(actor: Actor, lens: Lens, found: comeback.Comeback, currency: str) -> None:
    with st.container(key="kpi_outlook", gap=None):
        st.caption(
            t("Expected purchases: {soon} in 39 weeks, {year} in 12 months", soon=formats.number(found.expected_39), year=formats.number(found.expected))
        )
        explain.button(actor, KPIS["expected_purchases"], Figure(found.expected, n=found.buyers), lens, currency)
    if found.worth is not None:
        st.caption(t("Their expected amount in 12 months: {amount}", amount=formats.money(found.worth, currency)))
    st.caption(t("Too early: {n} customers with one purchase day so far", n=formats.number(found.too_early)))
    if not found.unrelated:
        st.caption(t("Take care: here, frequent buyers spend more or less each time than others, which the expected amount does not allow for."))


def _at_stake(actor: Actor, found: comeback.Comeback, currency: str) -> None:
    st.caption(t("Probably gone, most value at stake first; no follow-up planned"))
    if found.rows.empty:
        no_data(t("Nobody is at risk."))
        return
    rows = found.rows.assign(reason=[_reason(row, currency) for row in found.rows.to_dict("records")])
    rows["value"] = [formats.money(stake, currency) if found.worth is not None else formats.number(stake, 1) for stake in rows["stake"]]
    act_on_list(actor, rows[["customer_id", "customer", "reason", "value"]], key="at_stake", subject=t("Win back: silent for long"))


def _reason(row: dict[Any, Any], currency: str) -> str:
    chance = t("under 1%") if row["alive"] < 0.01 else formats.percent(row["alive"], 0)
    soon, year, full = (formats.number(row[key], 1) for key in ("expected_39", "expected", "if_here"))
    numbers = {"chance": chance, "soon": soon, "year": year, "full": full}
    if row["worth"] != row["worth"]:
        return t("{chance} still there · expected: {soon} purchases in 39 weeks, {year} in 12 months; {full} if still there", **numbers)
    worth = formats.money(row["worth"], currency)
    return t("{chance} still there · expected: {soon} purchases in 39 weeks, {year} in 12 months ({worth}); {full} if still there", worth=worth, **numbers)
