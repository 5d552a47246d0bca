"""Who comes back without a contract: repeat purchases, cohorts, activity from period to period, RFM."""

from __future__ import annotations

from datetime import date

import pandas as pd

from components import charts, formats, retention_marks as marks
from components.cache import ask
from components.figures import FEW, NONE_BELOW
from components.insight_filters import Lens
from components.panel import no_data, panel
from components.retention_view import COUNTS, currency_of, percents, period_name, period_short
from db.language import t
from db.policy import Actor
from db.queries import cohorts, purchases, rfm
from db.queries.periods import latest

CARDS = ("repeat_purchase_rate", "repeat_within_90", "active_share", "dormancy_rate", "reactivation_rate", "activity_rate")
ENTRY_MONTHS = 18


def repeats(actor: Actor, lens: Lens) -> None:
    table = ask(actor, purchases.repeat_by_entry, lens.as_of, lens.filters, months=ENTRY_MONTHS)
    words = {days: t("{n} days", n=days) for days in purchases.WINDOWS}
    with panel(
        _repeat_title(table),
        t("Share of new customers who bought again within so many days, by month of the first purchase; shown from 5 customers on"),
    ):
        shown = table["customers"] >= NONE_BELOW
        if not shown.any():
            no_data(t("Fewer than 5 new customers a month; no rates are shown."))
            return
        frame = pd.DataFrame(
            {
                "period": [formats.month(date.fromisoformat(f"{month}-01")) for month in table["month"]],
                "series": [words[days] for days in table["days"]],
                "value": percents(table["rate"], shown),
                "running": False,
                "repeated": table["repeated"],
                "n": table["customers"],
            }
        )
        tips = {"repeated": t("Bought again"), "n": t("Customers")}
        charts.draw(
            marks.lines(frame, label=t("Share, %"), tips=tips, series=list(words.values())), "repeats", t("Repeat purchases by month of the first purchase")
        )


def _repeat_title(table: pd.DataFrame) -> str:
    """Of the newcomers of the months shown, as far as they are old enough to tell."""
    soon = table[table["days"] == purchases.WINDOWS[1]]
    if soon["customers"].sum() < NONE_BELOW:
        return t("How soon new customers come back")
    rate = soon["repeated"].sum() / soon["customers"].sum()
    return t("{share} of new customers buy again within {n} days", share=formats.percent(rate, 0), n=purchases.WINDOWS[1])


def activity(actor: Actor, lens: Lens) -> None:
    unit = "year" if lens.unit == "year" else "quarter"
    table = ask(actor, purchases.activity, lens.as_of, unit, COUNTS[unit] + 1, lens.filters)
    known = table.dropna(subset=["rate"])
    title = t("From one period to the next")
    if len(known) and known["active"].iloc[-1] >= NONE_BELOW:
        last = known.iloc[-1]
        period = period_name(unit, last["start_on"])
        title = t("{share} of the buyers of {period} bought again in the next", share=formats.percent(last["rate"], 0), period=period)
    words = {"quarter": t("Share of the buyers of a quarter who bought in the next one"), "year": t("Share of the buyers of a year who bought in the next one")}
    with panel(title, words[unit]):
        shown = (table["active"] >= NONE_BELOW) & table["rate"].notna()
        if not shown.any():
            no_data()
            return
        frame = pd.DataFrame(
            {
                "period": [period_short(unit, day) for day in table["start_on"]],
                "value": percents(table["rate"], shown),
                "low": percents(table["low"], shown),
                "high": percents(table["high"], shown),
                "running": False,
                "retained": table["retained"],
                "n": table["active"],
            }
        )
        tips = {"low": t("At least"), "high": t("At most"), "retained": t("Bought again"), "n": t("Buyers")}
        charts.draw(marks.lines(frame.head(-1), label=t("Share, %"), tips=tips), "activity", t("Buyers who bought again in the next period"))


def cohort_heat(actor: Actor, lens: Lens, contracts: bool = False) -> None:
    question = cohorts.contract_cohorts if contracts else cohorts.purchase_cohorts
    table = ask(actor, question, lens.as_of, lens.filters, None)
    months = [period.start for period in latest(lens.as_of, 13)][:-1]
    with panel(
        _cohort_title(table, contracts),
        t("Row: month of the first purchase and its customers. Cell: % of them who bought in the month that many months after; only whole months.")
        if not contracts
        else t("Row: month of the contract's start and its customers. Cell: % still under contract at the end of that month; darker: more of them have gone."),
    ):
        seen = table[(table["months_after"] <= 11) & table["cohort"].isin(months)].copy() if len(table) else table
        if seen.empty:
            no_data()
            return
        sizes = dict(zip(seen["cohort"], seen["size"], strict=True))
        rows = {day: t("{month} ({n})", month=formats.month_short(day), n=formats.number(sizes.get(day, 0))) for day in months}
        grid = pd.DataFrame([(row, months_after) for row in rows.values() for months_after in range(12)], columns=["row", "months_after"])
        seen["row"] = [rows[day] for day in seen["cohort"]]
        seen["text"] = [formats.number(100 * share) for share in seen["share"]]
        seen["heat"] = 1 - seen["share"] if contracts else seen["share"].where(seen["months_after"] > 0, 0)
        frame = grid.merge(seen[["row", "months_after", "text", "heat", "active"]], how="left", on=["row", "months_after"]).fillna({"text": ""})
        tips = {"row:N": t("Cohort"), "months_after:Q": t("Months after"), "active:Q": t("Customers"), "text:N": t("Share, %")}
        chart = charts.heat(frame, x="months_after", y="row", value="heat", text="text", x_title=t("Months after"), tips=tips, most=0.1)
        charts.draw(chart, "cohorts", t("Cohorts by month"), height=26 * len(rows) + 60)


def _cohort_title(table: pd.DataFrame, contracts: bool) -> str:
    third = cohorts.column_averages(table).get(3) if len(table) else None
    if third is None or third != third or table.loc[table["months_after"] == 3, "size"].sum() < FEW:
        return t("Cohorts")
    n = round(100 * third)
    if contracts:
        return t("Of 100 new contracts, {n} still run in the third month after", n=n)
    return t("Of 100 new customers, {n} buy in the third month after", n=n)


def rfm_heat(actor: Actor, lens: Lens) -> None:
    table = ask(actor, rfm.rfm_grid, lens.as_of, lens.filters)
    currency = currency_of(actor)
    with panel(
        _rfm_title(table),
        t("Customers by score of recency and frequency, 1–5, 5 is best, ties share a score; the tip tells their mean amount"),
    ):
        if table.empty:
            no_data(t("Scores are shown from five customers with purchases on."))
            return
        frame = table.assign(text=[formats.number(n) for n in table["customers"]], mean=[formats.money(value, currency) for value in table["mean_spent"]])
        tips = {"r:Q": t("Recency"), "f:Q": t("Frequency"), "customers:Q": t("Customers"), "mean:N": t("Mean amount")}
        chart = charts.heat(frame, x="f", y="r", value="customers", text="text", x_title=t("Frequency"), y_title=t("Recency"), reverse=True, tips=tips)
        charts.draw(chart, "rfm", t("Customers by recency and frequency"), height=360)


def _rfm_title(table: pd.DataFrame) -> str:
    """How many once bought often and have not been seen for long."""
    if table.empty:
        return t("Recency and frequency")
    fading = int(table.loc[(table["r"] <= 2) & (table["f"] >= 4), "customers"].sum())
    return t("Recency and frequency: {n} frequent buyers have not come for long", n=formats.number(fading)) if fading else t("Recency and frequency")
