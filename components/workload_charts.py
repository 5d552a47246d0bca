"""Who carries how much? Load, overdue work, fairness, targets, hours."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from components import charts, formats, workload_marks
from components.cache import ask
from components.insight_filters import Lens
from components.panel import no_data, panel
from db.engine import reading
from db.language import t, tn
from db.policy import Actor
from db.queries import capacity, workload
from db.queries.filters import Filters
from db.queries.periods import Period
from db.session import CrmSession


def table_of(actor: Actor, lens: Lens) -> pd.DataFrame:
    found: pd.DataFrame = ask(actor, _table, lens.as_of, lens.period, lens.filters)
    return found.assign(name=[name if isinstance(name, str) else t("Without owner") for name in found["manager"]])


def _table(session: CrmSession, as_of: date, period: Period, filters: Filters) -> pd.DataFrame:
    found = workload.with_targets(session, workload.workload(session, as_of, period, filters), as_of, period)
    return capacity.with_hours(session, found, as_of, period, filters)


def weights(actor: Actor) -> str:
    """What the tiers weigh in this house."""
    with reading(actor) as session:
        load = session.organisation.load_of
    return t("A {a}, B {b}, C {c}", a=load("A"), b=load("B"), c=load("C"))


def load_bars(actor: Actor, table: pd.DataFrame) -> None:
    people = table[table["manager_id"].notna()]
    with panel(_load_title(people), t("Customers weighted by tier ({weights}), in brackets their number; dashed: the mean", weights=weights(actor))):
        if people.empty:
            no_data(t("There are no account managers yet."))
            return
        if not people["load"].any():
            no_data(t("There are no customers with an account manager yet."))
            return
        frame = people.sort_values("load", ascending=False).head(20)[["name", "load", "customers"]].assign(n=lambda rows: rows["customers"])
        mean = float(people["load"].mean())
        frame["highlight"] = frame["load"] > 1.5 * mean if mean else False
        frame["text"] = [f"{formats.number(load)}  ({formats.number(n)})" for load, n in zip(frame["load"], frame["customers"], strict=True)]
        charts.draw(
            charts.bars(frame, x="load", name="name", label=t("Load"), mark_mean=True),
            "load",
            t("Weighted load per account manager"),
            height=32 * len(frame) + 20,
        )


def _load_title(people: pd.DataFrame) -> str:
    mean = float(people["load"].mean()) if len(people) else 0.0
    heavy = people[people["load"] > 1.5 * mean] if mean else people.head(0)
    if len(people) < 2:
        return t("Load per account manager")
    if heavy.empty:
        return t("The load is spread evenly enough")
    top = heavy.sort_values("load", ascending=False).iloc[0]
    return t("{name} carries {times} times the mean load", name=top["name"], times=formats.number(float(top["load"]) / mean, 1))


def open_bars(_actor: Actor, table: pd.DataFrame) -> None:
    with panel(_open_title(table), t("Open follow-ups per person; the overdue ones first")):
        busy = table[table["open"] > 0].sort_values("overdue", ascending=False).head(20)
        if busy.empty:
            no_data(t("No open follow-ups."))
            return
        words = {"overdue": t("Overdue"), "rest": t("Not yet due")}
        frame = busy.assign(rest=busy["open"] - busy["overdue"]).melt(id_vars=["name"], value_vars=list(words), var_name="code", value_name="n")
        frame["part"] = frame["code"].map(words)
        charts.draw(
            charts.stacked_count(frame, name="name", part="part", parts=list(words.values()), value="n", colours=[charts.BAD, charts.QUIET]),
            "open_follow_ups",
            t("Open follow-ups per account manager"),
            height=32 * len(busy) + 50,
        )


def _open_title(table: pd.DataFrame) -> str:
    overdue = int(table["overdue"].sum())
    if not overdue:
        return t("Nothing is overdue")
    if len(table) == 1:
        return tn("{n} follow-up is overdue", "{n} follow-ups are overdue", overdue)
    top = table.sort_values("overdue", ascending=False).iloc[0]
    return t(
        "{count} overdue, {share} of them with {name}", count=formats.number(overdue), share=formats.percent(int(top["overdue"]) / overdue, 0), name=top["name"]
    )


def fairness(_actor: Actor, table: pd.DataFrame) -> None:
    found = workload.balance(table)
    away = int(table["away"].notna().sum())
    with panel(_fairness_title(found), t("Lorenz curve of the load: the closer to the diagonal, the fairer")):
        if found.gini is None:
            no_data(t("Fairness needs at least two account managers with customers."))
            return
        charts.draw(charts.curve(found.curve, t("Share of people"), t("Share of load")), "lorenz", t("Lorenz curve of the load"), height=230)
        st.caption(t("Gini {gini} · coefficient of variation {cv} · review above 0.5", gini=formats.number(found.gini, 2), cv=formats.number(found.cv, 2)))
        if away:
            st.caption(tn("{n} on leave today is left out", "{n} on leave today are left out", away))


def _fairness_title(found: workload.Balance) -> str:
    if found.gap is None:
        return t("Fairness")
    return t("The busiest carries {times} times the median load", times=formats.number(found.gap, 1))


def capacity_bars(_actor: Actor, table: pd.DataFrame) -> None:
    """Hours that follow-ups take against the hours there are."""
    able = table[table["utilisation"].notna()].sort_values("utilisation", ascending=False).head(20)
    with panel(_capacity_title(able), t("Hours of follow-ups done and of open ones due, of the hours available so far; dashed: 100%")):
        if able.empty or not able["booked_hours"].sum():
            no_data(t("No hours are booked in this period yet."))
            return
        rows = able[["name", "utilisation", "booked_hours", "available_hours"]]
        frame = rows.assign(over=rows["utilisation"] > 1, text=[_hours(*row) for row in rows[["utilisation", "booked_hours", "available_hours"]].to_numpy()])
        chart = workload_marks.against_line(frame, x="utilisation", label=t("Utilisation"), line=1.0)
        charts.draw(chart, "capacity", t("Utilisation per account manager"), height=32 * len(frame) + 20)
        st.caption(t("75 to 85% is customary; work besides follow-ups is not counted."))


def _hours(share: float, booked: float, available: float) -> str:
    return t("{share}  ({booked} of {available} h)", share=formats.percent(share, 0), booked=formats.number(booked), available=formats.number(available))


def _capacity_title(able: pd.DataFrame) -> str:
    over = able[able["utilisation"] > 1]
    if not able["booked_hours"].sum():
        return t("Utilisation per account manager")
    if len(over):
        return tn("{n} account manager has more work than hours", "{n} account managers have more work than hours", len(over))
    return t("Everybody's follow-ups fit into the hours")


def targets(_actor: Actor, table: pd.DataFrame) -> None:
    with panel(t("Done against target"), t("Follow-ups done in the period; the tick is the target for the working days gone")):
        aimed = table[table["done_target"].notna() & table["manager_id"].notna()]
        if aimed.empty:
            done = table[table["done"] > 0].sort_values("done", ascending=False).head(20)
            if done.empty:
                no_data(t("Nothing was done in this period yet."))
                return
            frame = done.assign(text=[formats.number(n) for n in done["done"]])
            charts.draw(
                charts.bars(frame[["name", "done", "text"]], x="done", name="name", label=t("Done")),
                "done",
                t("Follow-ups done per account manager"),
                height=32 * len(frame) + 20,
            )
            st.caption(t("No targets for this period; set them on the Targets page."))
            return
        frame = aimed.sort_values("done_reached", ascending=False).head(20)[["name", "done", "done_target", "done_reached"]].copy()
        frame["behind"], frame["end"] = frame["done"] < frame["done_target"], frame[["done", "done_target"]].max(axis=1)
        frame["text"] = [formats.percent(reached, 0) for reached in frame["done_reached"]]
        charts.draw(
            charts.bullets(frame, x="done", target="done_target", name="name"), "targets", t("Follow-ups done against target"), height=34 * len(frame) + 20
        )

