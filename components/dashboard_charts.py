"""The manager's one screen: headline, sales against last year, people against target, tiers and recency, quiet key accounts."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from components import charts, figures, formats
from components.cache import ask
from components.insight_filters import Lens
from components.navigation import link
from components.panel import no_data, panel
from db.engine import reading
from db.language import sentences, t
from db.policy import Actor
from db.queries import quiet, sales
from db.queries.dashboard import Card, Sentence, headline
from db.queries.periods import months_later


def draw_headline(found: list[Card], currency: str, compare: str) -> None:
    """What is good and what to watch, in a sentence made from the cards' own figures."""
    with st.container(border=True, key="headline"):
        st.markdown(sentences(_spoken(sentence, found, currency) for sentence in headline(found, compare)))


def _spoken(sentence: Sentence, found: list[Card], currency: str) -> str:
    kpis = {card.kpi.label: card.kpi for card in found}
    kpi = kpis.get(str(sentence.message.params.get("kpi")))
    if kpi is None:
        return t(sentence.message.text)
    printed = {
        key: t(str(value)) if sentence.units.get(key) == "label" else figures.printed(kpi, value, currency) for key, value in sentence.message.params.items()
    }
    return t(sentence.message.text, **printed)


def sales_columns(actor: Actor, lens: Lens) -> None:
    months = lens.history
    found = ask(actor, sales.sales_each, lens.as_of, months, lens.filters)
    earlier = ask(
        actor,
        sales.sales_each,
        lens.as_of,
        [type(month)(months_later(month.start, -12), months_later(month.end, -12)) for month in months],
        lens.filters,
    )
    with reading(actor) as session:
        currency = session.organisation.currency
    frame = pd.DataFrame(
        {
            "period": [formats.month_short(month.start) for month in months],
            "value": [figure.value or 0 for figure in found],
            "before": [figure.value or 0 for figure in earlier],
            "running": [month.is_running(lens.as_of) for month in months],
        }
    )
    frame["label"] = [formats.money(value, currency) if value else "" for value in frame["value"]]
    with panel(_sales_title(frame), t("Sales per month; pale: the year before; hollow: the running month")):
        if not frame["value"].sum() and not frame["before"].sum():
            no_data(t("No orders yet."))
            return
        charts.draw(charts.columns(frame, y="value", label=t("Sales"), before="before"), "sales_by_month", t("Sales per month and the year before"), height=250)


def _sales_title(frame: pd.DataFrame) -> str:
    complete = frame[~frame["running"]]
    ahead, months = int((complete["value"] > complete["before"]).sum()), len(complete)
    if not complete["before"].sum():
        return t("Sales by month")
    return t("Sales were above the year before in {n} of {months} months", n=ahead, months=months)


def tiers_and_recency(actor: Actor, lens: Lens) -> None:
    table = ask(actor, quiet.tiers_by_silence, lens.as_of, lens.filters)
    words = {"month": "< 1", "quarter": "1–3", "half": "3–6", "longer": "> 6", "never": t("never")}
    with panel(t("Tier and last contact"), t("Customers by tier and time since the last contact")):
        if table.empty:
            no_data(t("No customers yet."))
            return
        frame = table.assign(
            silence=[words[code] for code in table["span"]], text=[formats.number(n) for n in table["n"]],
            grade=[tier if isinstance(tier, str) else t("No tier") for tier in table["tier"]]
        )
        drawn = frame.sort_values("grade")
        tips = {"n:Q": t("Customers")}
        charts.draw(
            charts.heat(
                drawn, x="silence", y="grade", value="n", text="text", x_title=t("Months since the last contact"), tips=tips, order=list(words.values())
            ),
            "tiers",
            t("Customers by tier and time since the last contact"),
            height=210,
        )


def quiet_accounts(actor: Actor, lens: Lens) -> None:
    rows: list[Any] = ask(actor, quiet.quiet_key_accounts, lens.as_of, lens.filters)
    with panel(t("Key accounts gone quiet"), t("Tier A, no contact for longer than their rhythm")):
        if not rows:
            no_data(t("All key accounts were contacted in time."))
        for row in rows[:6]:
            with st.container(horizontal=True, horizontal_alignment="distribute", key=f"row_quiet_{row.id}", vertical_alignment="center"):
                link("customer", row.name, id=row.id)
                st.caption(t("{days} days, usual {usual}", days=formats.number(row.days), usual=formats.number(row.usual)))
