"""The reports' screen: one day of everybody, or a standard report beside last year; on paper and as a workbook."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from components import charts, daily_words, formats, phone_rows, report_phone, report_words
from components.cache import ask
from components.clicks import clicked
from components.files_out import download
from components.insight_filters import Lens, lens
from components.navigation import go
from components.page_head import page_head
from components.pager import page_number
from components.panel import no_data, panel
from components.record_list import HEAD_HEIGHT
from components.report_links import daily_address, report_address
from components.switches import compact_list, switch
from db import clock
from db.engine import reading
from db.fields import field_of
from db.language import t
from db.models import Customer
from db.policy import Actor, may
from db.queries import daily, reports
from db.queries.links import link_choices
from db.queries.reports import NOUN, Report, Result
from db.queries.turnover import View
from db.transfer.report_file import table, workbook

DAILY = "daily"
PAGE = 50
CHART_ROWS = 12


def choice() -> str:
    """Which report is looked at."""
    return switch(t("Report"), {DAILY: t("Daily report"), **{report.key: t(report.label) for report in reports.DECLARED}}, "report", in_address=True)


def actions() -> Any:
    """The place beside the title for what one does with a report."""
    with page_head():
        return st.container(horizontal=True, width="content")


def draw_daily(actor: Actor, head: Any) -> None:
    """A day with its neighbours: a sentence, the team, and list by list what happened."""
    with st.container(horizontal=True, vertical_alignment="center", key="report_days", gap="small"):
        day, owner = _day(), _person(actor)
    with head:
        st.link_button(t("Print"), daily_address(day, owner), icon=":material/print:", type="tertiary")
    found: daily.Day = ask(actor, daily.daily, day, owner)
    with reading(actor) as session:
        currency = session.organisation.currency
    with st.container(border=True, key="headline"):
        st.markdown(formats.plain(daily_words.sentence(found, currency)))
    alone = actor.role == "rep" or owner is not None
    if not alone and any(found.count(key) for key in daily_words.PEOPLE):
        _team(found, currency)
    for section in daily_words.sections(found, currency, with_person=not alone):
        _section(section)


def _day() -> date:
    """The day of the address, today at first; ‹ and › move it."""
    today = clock.today()
    key = "report_day"
    if key not in st.session_state:
        st.session_state[key] = _named_day(st.query_params.get("day")) or today
    st.button(t("The day before"), icon=":material/chevron_left:", key="menu_day_before", on_click=_move, args=(key, -1))
    day: date = st.date_input(t("Day"), key=key, max_value=today, label_visibility="collapsed", width=150, format="YYYY-MM-DD")
    st.button(t("The day after"), icon=":material/chevron_right:", key="menu_day_after", on_click=_move, args=(key, 1), disabled=day >= today)
    st.markdown(f":gray[{formats.weekday(day)}]", width="content")
    if day == today:
        st.query_params.pop("day", None)
    else:
        st.query_params["day"] = day.isoformat()
    return day


def _named_day(text: str | None) -> date | None:
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return None
    return min(found, clock.today())


def _move(key: str, days: int) -> None:
    st.session_state[key] = min(st.session_state[key] + timedelta(days=days), clock.today())


def _person(actor: Actor) -> int | None:
    """Whose day; account managers see their own."""
    if actor.role == "rep":
        return None
    with reading(actor) as session:
        people = link_choices(session, field_of(Customer, "owner_id"))
    return compact_list(t("Account manager"), people, "owner", t("Everybody"), 190) if people else None


def _team(found: daily.Day, currency: str) -> None:
    headings, rows, total = daily_words.people(found, currency)
    with panel(t("The team's day"), t("One row a person; click one to see that day alone")):
        if not rows:
            no_data(t("There are no account managers yet."))
            return
        frame = pd.DataFrame([*rows, total], columns=headings)
        config = {heading: st.column_config.TextColumn(heading, alignment="right") for heading in headings[1:]}
        with phone_rows.wide("team_day"):
            event: Any = st.dataframe(
                frame,
                hide_index=True,
                key=f"team_day_{found.day}",
                row_height=36,
                column_config=config,
                on_select="rerun",
                selection_mode="single-cell",
                placeholder="",
                alt=t("The team's day"),
            )
        phone_rows.narrow("team_day", report_phone.team(found, headings, rows, total))
    row = clicked(event, len(rows))
    if row is not None:
        manager = found.people.iloc[row]["manager_id"]
        if manager is not None and manager == manager:
            go("reports", **report_phone.day_of(found, int(manager)))


def _section(section: daily_words.Section) -> None:
    with panel(section.title, section.more):
        frame = pd.DataFrame(section.rows, columns=section.headings)
        with phone_rows.wide(f"daily_{section.key}"):
            event: Any = st.dataframe(
                frame,
                hide_index=True,
                key=f"daily_{section.key}",
                row_height=36,
                on_select="rerun",
                selection_mode="single-cell",
                placeholder="",
                alt=section.title,
            )
        phone_rows.narrow(f"daily_{section.key}", report_phone.section(section))
    row = clicked(event, len(section.ids))
    if row is not None:
        go("customer", id=section.ids[row])


def draw_report(actor: Actor, key: str, head: Any) -> None:
    """A standard report: its finding, a chart, and the table a page at a time."""
    report, seen = reports.named(key), lens(actor, comparing=False)
    view = View(seen.as_of, seen.period, seen.filters)
    whole = ask(actor, reports.result, key, View(view.as_of, view.period, view.filters, PAGE))
    with reading(actor) as session:
        currency = session.organisation.currency
    with head:
        if may(actor, "export", NOUN):
            download(t("Excel"), lambda session: workbook(session, key, view), t(report.label), "xlsx", f"report_{key}_xlsx")
            download(t("CSV"), lambda session: table(session, key, view), t(report.label), "csv", f"report_{key}_csv")
        st.link_button(t("Print"), report_address(key, seen.period, seen.filters), icon=":material/print:", type="tertiary")
    st.caption(f"{formats.plain(t(report.question))} {report_words.caption(view)}")
    with st.container(border=True, key="headline"):
        st.markdown(formats.plain(report_words.finding(report, whole, view, currency)))
    if whole.count:
        _chart(report, whole, seen, currency)
        _table(actor, report, whole, view, currency)


def _chart(report: Report, found: Result, seen: Lens, currency: str) -> None:
    table = found.rows.head(31 if report.key == "sales_state" else CHART_ROWS)
    if not table["amount"].any() and not table["amount_before"].any():
        return
    with panel(_chart_title(report, found, seen), t("Amount; pale: same period last year")):
        frame = pd.DataFrame({"name": table["label"], "period": table["label"], "value": table["amount"], "before": table["amount_before"]})
        frame["text"] = [formats.money(value, currency) for value in frame["value"]]
        if report.key == "sales_state":
            frame["period"] = [formats.month_short(day) if seen.unit != "month" else formats.number(day.day) for day in table["group"]]
            frame["running"] = [seen.unit != "month" and (day.year, day.month) == (seen.as_of.year, seen.as_of.month) for day in table["group"]]
            frame["label"] = [formats.money(value, currency) if value and len(frame) <= CHART_ROWS else "" for value in frame["value"]]
            drawn, height = charts.columns(frame, y="value", label=t("Amount"), before="before"), 230
        else:
            drawn, height = charts.bars_beside(frame, x="value", before="before", name="name", label=t("Amount")), 34 * len(frame) + 20
        charts.draw(drawn, f"report_{report.key}", t(report.label), height=height)


def _chart_title(report: Report, found: Result, seen: Lens) -> str:
    """The finding of the chart, neutral where there is none."""
    if not found.total["amount"]:
        return t(report.label)
    if report.key == "sales_state":
        above, all_ = int((found.rows["amount"] > found.rows["amount_before"]).sum()), len(found.rows)
        if seen.unit == "month":
            return t("Sales were above the year before on {n} of {days} days", n=above, days=all_)
        return t("Sales were above the year before in {n} of {months} months", n=above, months=all_)
    top = found.rows.sort_values("amount", ascending=False, kind="stable").iloc[0]
    return t("{name} makes {share} of it", name=top["label"], share=formats.percent(top["amount"] / found.total["amount"]))


def _table(actor: Actor, report: Report, first: Result, view: View, currency: str) -> None:
    slot = st.container()
    number = page_number(first.count, PAGE, f"report_page_{report.key}")
    found = (
        first if number == 1 else ask(actor, reports.result, report.key, View(view.as_of, view.period, view.filters, PAGE, (number - 1) * PAGE))
    )
    columns = report_words.columns_of(report)
    rows = [[report_words.printed(row[column.key], column.unit, currency) for column in columns] for row in found.rows.to_dict("records")]
    rows.append([t("Total"), *(report_words.printed(found.total[column.key], column.unit, currency) for column in report.columns)])
    headings = [t(column.label) for column in columns]
    config = {heading: st.column_config.TextColumn(heading, alignment="right") for heading in headings[1:]}
    options: dict[str, Any] = {"on_select": "rerun", "selection_mode": "single-cell"} if report.noun else {}
    with slot, phone_rows.wide("report"):
        event: Any = st.dataframe(
            pd.DataFrame(rows, columns=headings),
            hide_index=True,
            key=f"report_table_{report.key}_{number}",
            row_height=36,
            column_config=config,
            height=min(len(rows), 20) * 36 + HEAD_HEIGHT,
            placeholder="",
            alt=t(report.label),
            **options,
        )
    with slot:
        phone_rows.narrow("report", report_phone.report(report, found, headings, rows))
    row = clicked(event, len(found.rows)) if options else None
    if row is not None:
        go(report.noun, id=int(found.rows.iloc[row]["group"]))
