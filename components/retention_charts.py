"""Who comes back? Without contracts: cohorts, stages, RFM. Under contract: churn, revenue kept, survival, reasons."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from components import charts, formats
from components.cache import ask
from components.insight_filters import Lens
from components.navigation import link
from components.panel import no_data, panel
from components.switches import switch
from db.choices import labels
from db.engine import reading
from db.fields import field_of
from db.language import t, tn
from db.models import Order
from db.policy import Actor
from db.queries import cohorts, retention, rfm, stages, tenure

NOUNS = ("order", "customer")
STAGE_COLOURS = ["#125547", "#C6890E", "#DE7A4F", "#C5CCD8"]


def stage_words() -> dict[str, str]:
    return {"active": t("Active"), "at_risk": t("At risk"), "dormant": t("Dormant"), "lost": t("Lost")}


def kind_switch(contracts: bool) -> str:
    words = {"purchases": t("By purchases"), "contracts": t("Under contract")}
    return switch(t("Kind of business"), words, "retention_kind", "contracts" if contracts else "purchases", in_address=True)


def cohort_heat(actor: Actor, lens: Lens, contracts: bool = False) -> None:
    question = cohorts.contract_cohorts if contracts else cohorts.purchase_cohorts
    table = ask(actor, question, lens.as_of, lens.filters, 12, nouns=NOUNS)
    with panel(
        _cohort_title(table, contracts),
        t("Row: month of the first purchase. Cell: share of that group who bought in the month that many months later.")
        if not contracts
        else t("Row: month of the contract's start. Cell: share still under contract at the end of that month."),
    ):
        seen = table[(table["months_after"] <= 11) & table["share"].notna()].copy() if len(table) else table
        if seen.empty:
            no_data()
            return
        groups = zip(seen["cohort"], seen["size"], strict=True)
        seen["row"] = [t("{month} ({n})", month=formats.month_short(day), n=formats.number(size)) for day, size in groups]
        seen["text"] = [formats.percent(share, 0) for share in seen["share"]]
        seen["heat"] = seen["share"].where(seen["months_after"] > 0, 0) if not contracts else seen["share"]
        charts.draw(
            charts.heat(
                seen,
                x="months_after",
                y="row",
                value="heat",
                text="text",
                x_title=t("months after"),
                tips={"row:N": t("Cohort"), "months_after:Q": t("months after"), "active:Q": t("Customers"), "text:N": t("Share")},
            ),
            "cohorts",
            t("Cohorts by month"),
            height=28 * seen["row"].nunique() + 60,
        )


def _cohort_title(table: pd.DataFrame, contracts: bool) -> str:
    third = cohorts.column_averages(table).get(3) if len(table) else None
    if third is None or third != third:
        return t("Cohorts")
    n = round(100 * third)
    if contracts:
        return t("Of 100 new contracts, {n} still run in the third month after", n=n)
    return t("Of 100 new customers, {n} buy in the third month after", n=n)


def stage_areas(actor: Actor, lens: Lens) -> None:
    table = ask(actor, stages.stages_by_month, lens.as_of, 12, lens.filters, nouns=NOUNS)
    words = stage_words()
    with panel(
        _stage_title(table), t("Customers who ever bought, by days since the last purchase: active up to 90, at risk up to 180, dormant up to 365, then lost")
    ):
        if table.empty or not table[list(words)].to_numpy().sum():
            no_data()
            return
        frame = table.melt(id_vars=["month"], value_vars=list(words), var_name="code", value_name="n")
        frame["stage"], frame["period"] = frame["code"].map(words), [formats.month_short(day) for day in frame["month"]]
        charts.draw(charts.areas(frame, part="stage", parts=list(words.values()), value="n", colours=STAGE_COLOURS), "stages", t("Life-cycle stages by month"))


def _stage_title(table: pd.DataFrame) -> str:
    if len(table) < 2:
        return t("Life-cycle stages")
    change = int(table["active"].iloc[-1]) - int(table["active"].iloc[0])
    if not change:
        return t("As many active customers as a year ago")
    if change > 0:
        return tn("{n} more active customer than a year ago", "{n} more active customers than a year ago", change)
    return tn("{n} fewer active customer than a year ago", "{n} fewer active customers than a year ago", -change)


def rfm_heat(actor: Actor, lens: Lens) -> None:
    table = ask(actor, rfm.rfm_grid, lens.as_of, lens.filters, nouns=NOUNS)
    with panel(t("Recency and frequency"), t("Scores 1–5, 5 is best, ties together; the number is the customers, the tip their mean amount")):
        if table.empty:
            no_data(t("Scores are shown from five customers with purchases on."))
            return
        frame = table.assign(text=[formats.number(n) for n in table["customers"]], mean=[formats.money(value) for value in table["mean_spent"]])
        charts.draw(
            charts.heat(
                frame,
                x="f",
                y="r",
                value="customers",
                text="text",
                x_title=t("Frequency"),
                y_title=t("Recency"),
                reverse=True,
                tips={"customers:Q": t("Customers"), "mean:N": t("Mean amount")},
            ),
            "rfm",
            t("Customers by recency and frequency"),
            height=250,
        )


def likely_lost(actor: Actor, lens: Lens) -> None:
    with reading(actor) as session:
        rows = stages.customers_in(session, lens.as_of, "at_risk", lens.filters, limit=8).to_dict("records")
        currency = session.organisation.currency
    with panel(t("Valuable and at risk"), t("The largest customers whose last purchase was 91 to 180 days ago")):
        if not rows:
            no_data(t("Nobody is at risk."))
        for row in rows:
            with st.container(horizontal=True, horizontal_alignment="distribute", key=f"row_risk_{row['customer_id']}", vertical_alignment="center"):
                link("customer", row["customer"], id=row["customer_id"])
                st.caption(f"{formats.money(row['value'], currency)} · {formats.day_month(row['date'])}")


def movements(actor: Actor, lens: Lens) -> None:
    table = ask(actor, retention.retention_by, lens.as_of, lens.unit, 12, lens.filters, nouns=NOUNS)
    with panel(t("Customers kept per period"), t("Customers under contract at the start who still are at the end")):
        known = table[table["start"] > 0].copy() if len(table) else table
        if known.empty:
            no_data(t("No contracts yet."))
            return
        known["period"] = [formats.month_short(day) if lens.unit != "year" else formats.year(day) for day in known["start_on"]]
        known["value"] = known["retention"].astype(float) * 100
        known["n"] = known["start"]
        known["running"] = [last >= lens.as_of for last in known["last_day"]]
        charts.draw(charts.line(known, y="value", label=t("Retention, %"), form=".1f"), "movements", t("Retention per period"))


def revenue(actor: Actor, lens: Lens) -> None:
    table = ask(actor, retention.retention_by, lens.as_of, lens.unit, 12, lens.filters, nouns=NOUNS)
    with panel(t("Revenue kept and grown"), t("Gross: what stayed of the start's monthly amounts. Net: with their growth.")):
        known = table[table["then"] > 0] if len(table) else table
        if known.empty:
            no_data(t("No monthly amounts in contracts yet."))
            return
        last = known.iloc[-1]
        frame = pd.DataFrame({"name": [t("Net retention"), t("Gross retention")], "value": [float(last["nrr"]), float(last["grr"])]})
        frame["text"] = [formats.percent(value) for value in frame["value"]]
        charts.draw(charts.bars(frame, x="value", name="name", label=t("Share")), "revenue_kept", t("Gross and net revenue retention"), height=100)


def survival(actor: Actor, lens: Lens) -> None:
    curves = ask(actor, tenure.survival_curves, lens.as_of, lens.filters, nouns=NOUNS)
    frame = pd.concat([_steps(curve) for curve in curves.values()], ignore_index=True) if curves else pd.DataFrame()
    with panel(
        t("How long contracts last"),
        t("Share still customers by months since the start (Kaplan–Meier) with its 95 % band; drawn while at least 10 are at risk"),
    ):
        if frame.empty:
            no_data(t("Nobody has left yet, so there is no curve."))
            return
        curve = next(iter(curves.values()))
        median = t("{n} months", n=formats.number(curve.median)) if curve.median is not None else t("not reached")
        charts.draw(charts.steps(frame, x_title=t("Months")), "survival", t("Survival curve of contracts"))
        st.caption(t("Median: {median} · {n} customers, {lost} of them left", median=median, n=formats.number(curve.n), lost=formats.number(curve.lost)))


def _steps(curve: Any) -> pd.DataFrame:
    drawn = curve.drawn()
    if drawn.empty:
        return pd.DataFrame()
    frame = pd.DataFrame({"month": drawn["time"], "share": drawn["survival"], "low": drawn["low"], "high": drawn["high"], "at_risk": drawn["at_risk"]})
    start = pd.DataFrame({"month": [0.0], "share": [1.0], "low": [1.0], "high": [1.0], "at_risk": [curve.n]})
    return pd.concat([start, frame], ignore_index=True).assign(group=t("All customers"))


def reasons(actor: Actor, lens: Lens) -> None:
    table = ask(actor, retention.end_reasons, lens.as_of, lens.period, lens.filters, nouns=(*NOUNS, "option"))
    with panel(t("Why they left"), t("Contracts that ended in the period, by reason")):
        if table.empty:
            no_data(t("No contract ended in this period."))
            return
        with reading(actor) as session:
            words = labels(session, field_of(Order, "end_reason"))
        frame = pd.DataFrame(
            {
                "name": [words.get(code, t("Unknown")) for code in table["reason"]],
                "n": table["contracts"],
                "text": [formats.number(n) for n in table["contracts"]],
            }
        )
        charts.draw(charts.bars(frame, x="n", name="name", label=t("Contracts")), "end_reasons", t("Contracts ended by reason"), height=32 * len(frame) + 20)
