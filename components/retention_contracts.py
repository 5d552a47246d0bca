"""Retention under contract: customers and revenue kept, and why they left."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from components import charts, formats, retention_marks as marks
from components.act_on_list import act_on_list
from components.cache import ask
from components.figures import FEW, NONE_BELOW
from components.insight_filters import Lens
from components.panel import no_data, panel
from components.retention_view import COUNTS, currency_of, percents, period_name, period_short
from db.choices import labels
from db.engine import reading
from db.fields import field_of
from db.language import t
from db.models import Order
from db.policy import Actor
from db.queries import act_on, retention
from db.queries.periods import last_months

CARDS = ("retention_rate", "churn_rate", "gross_revenue_retention", "net_revenue_retention", "contract_customers")


def _table(actor: Actor, lens: Lens) -> pd.DataFrame:
    return ask(actor, retention.retention_by, lens.as_of, lens.unit, COUNTS[lens.unit], lens.filters)


def movements(actor: Actor, lens: Lens) -> None:
    table = _table(actor, lens)
    with panel(
        _kept_title(table, lens),
        t("Share of those under contract at the start who still are at the end, with its 95% interval; a running period is hollow"),
    ):
        if not (table["start"] >= NONE_BELOW).any():
            no_data(t("No contracts yet.") if not table["start"].any() else t("Fewer than 5 customers under contract; no rates are shown."))
            return
        shown = table["start"] >= NONE_BELOW
        frame = pd.DataFrame(
            {
                "period": [period_short(lens.unit, day) for day in table["start_on"]],
                "value": percents(table["retention"], shown),
                **{name: percents(table[name], shown) for name in ("low", "high", "churn")},
                "running": table["running"],
                "lost": table["lost"],
                "n": table["start"],
            }
        )
        tips = {"low": t("At least"), "high": t("At most"), "churn": t("Churn, %"), "lost": t("Lost"), "n": t("Customers at the start")}
        charts.draw(marks.lines(frame, label=t("Retention, %"), tips=tips, form=".1f", zero=False), "movements", t("Retention per period"))
        _say_few(int(table["start"].iloc[-1]))


def _say_few(n: int) -> None:
    if n < FEW:
        st.caption(t("n = {n}: few customers, the rate swings widely", n=formats.number(n)))


def _kept_title(table: pd.DataFrame, lens: Lens) -> str:
    last = table.iloc[-1]
    if last["start"] < NONE_BELOW:
        return t("Customers kept per period")
    kept, lost, period = formats.percent(last["retention"]), formats.percent(last["churn"]), period_name(lens.unit, last["start_on"])
    return t("{period}: {kept} stayed, {lost} left", kept=kept, lost=lost, period=period)


def revenue(actor: Actor, lens: Lens) -> None:
    currency = currency_of(actor)
    last = _table(actor, lens).iloc[-1].to_dict()
    known = last["then"] > 0
    title = t("Revenue kept and grown")
    if known:
        gross, net = formats.percent(last["grr"]), formats.percent(last["nrr"])
        title = t("{gross} of the monthly revenue was kept, {net} with growth", gross=gross, net=net)
    with panel(
        title,
        t("Monthly amounts of the customers of the start, {period}; new customers left out", period=period_name(lens.unit, lens.period.start)),
    ):
        if not known:
            no_data(t("No monthly amounts in contracts yet."))
            return
        charts.draw(marks.waterfall(_steps(last, currency)), "revenue_kept", t("Gross and net revenue retention"), height=230)


def _steps(last: dict[Any, Any], currency: str) -> pd.DataFrame:
    """Start, less contraction and churn, is what was kept; with expansion it is what there is now."""
    then, kept, now = (float(last[key]) for key in ("then", "kept", "now"))
    smaller = then - float(last["contraction"])
    rows = [
        (t("At the start"), 0.0, then, charts.SLATE, formats.money(then, currency)),
        (t("Contraction"), then, smaller, charts.BAD, _signed("−", last["contraction"], currency)),
        (t("Churn"), smaller, kept, charts.BAD, _signed("−", last["churned"], currency)),
        (t("Kept"), 0.0, kept, charts.SLATE, f"{formats.money(kept, currency)} · {formats.percent(last['grr'])}"),
        (t("Expansion"), kept, now, charts.GOOD, _signed("+", last["expansion"], currency)),
        (t("At the end"), 0.0, now, charts.SLATE, f"{formats.money(now, currency)} · {formats.percent(last['nrr'])}"),
    ]
    return pd.DataFrame(rows, columns=["name", "begin", "end", "colour", "text"])


def _signed(sign: str, amount: float, currency: str) -> str:
    return f"{sign if round(amount) else ''}{formats.money(abs(float(amount)), currency)}"


def reasons(actor: Actor, lens: Lens) -> None:
    table = ask(actor, retention.end_reasons, lens.as_of, lens.period, lens.filters)
    widened = bool(table["contracts"].sum() < NONE_BELOW)
    if widened:
        table = ask(actor, retention.end_reasons, lens.as_of, last_months(lens.as_of), lens.filters)
    with reading(actor) as session:
        words, currency = labels(session, field_of(Order, "end_reason")), session.organisation.currency
    named, silent = table[table["reason"].notna()], table[table["reason"].isna()]
    names = [words.get(code, str(code)) for code in named["reason"]]
    with panel(
        _reason_title(names, named["contracts"].tolist()),
        t("Contracts that ended without a new one after them, by recorded reason, with their monthly amounts"),
    ):
        if table.empty:
            no_data(t("No contract ended in this period."))
            return
        shown = pd.concat([named.head(7), silent])
        texts = [f"{formats.number(n)} · {formats.money(amount, currency)}" for n, amount in zip(shown["contracts"], shown["monthly"], strict=True)]
        frame = pd.DataFrame({"name": [*names[:7], *[t("Unknown")] * len(silent)], "n": shown["contracts"].to_numpy(), "text": texts})
        charts.draw(charts.bars(frame, x="n", name="name", label=t("Contracts")), "end_reasons", t("Contracts ended by reason"), height=32 * len(frame) + 20)
        if widened:
            st.caption(t("Last 12 months: the period alone has too few."))


def _reason_title(names: list[str], counts: list[int]) -> str:
    if sum(counts) < NONE_BELOW or (len(counts) > 1 and counts[0] == counts[1]):
        return t("Why they left")
    top, total = formats.number(counts[0]), formats.number(sum(counts))
    return t("Why they left: most often “{reason}”, {n} of {total} with a reason", reason=names[0], n=top, total=total)


def ending(actor: Actor, lens: Lens) -> None:
    """Contracts to renew; about today, whatever period is looked at."""
    table = ask(actor, act_on.contracts_ending, lens.as_of, lens.filters)
    currency = currency_of(actor)
    with panel(
        t("Contracts about to end"),
        t("Customers whose last contract ends within {days} days and for whom no follow-up is planned, largest monthly amount first", days=act_on.ENDING_DAYS),
    ):
        if table.empty:
            no_data(t("No contract ends soon without a follow-up."))
            return
        rows = table.assign(
            reason=[t("Contract ends {day}", day=formats.day_month(day)) for day in table["date"]],
            value=[t("{amount} a month", amount=formats.money(amount, currency)) for amount in table["value"]],
        )
        act_on_list(actor, rows[["customer_id", "customer", "reason", "value"]], key="contracts_ending", subject=t("Renew the contract"))
