"""Who carries how much? Load, overdue work, fairness, targets."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from components import charts, formats
from components.cache import ask
from components.insight_filters import Lens
from components.panel import no_data, panel
from db.language import t
from db.policy import Actor
from db.queries import workload
from db.queries.filters import Filters
from db.queries.periods import Period
from db.session import CrmSession

NOUNS = ("customer", "follow_up", "user", "target")


def table_of(actor: Actor, lens: Lens) -> pd.DataFrame:
    found: pd.DataFrame = ask(actor, _table, lens.as_of, lens.period, lens.filters, nouns=NOUNS)
    return found.assign(name=[name if isinstance(name, str) else t("Without owner") for name in found["manager"]])


def _table(session: CrmSession, as_of: date, period: Period, filters: Filters) -> pd.DataFrame:
    return workload.with_targets(session, workload.workload(session, as_of, period, filters), as_of, period)


def load_bars(table: pd.DataFrame) -> None:
    people = table[table["manager_id"].notna()]
    with panel(_load_title(people), t("Customers weighted by tier (A 3, B 2, C 1), in brackets their number; dashed: the mean")):
        if people.empty:
            no_data(t("There are no account managers yet."))
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
    if heavy.empty:
        return t("The load is spread evenly enough")
    top = heavy.sort_values("load", ascending=False).iloc[0]
    return t("{name} carries {times} times the mean load", name=top["name"], times=formats.number(float(top["load"]) / mean, 1))


def open_bars(table: pd.DataFrame) -> None:
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
    top = table.sort_values("overdue", ascending=False).iloc[0]
    return t(
        "{count} overdue, {share} of them with {name}", count=formats.number(overdue), share=formats.percent(int(top["overdue"]) / overdue, 0), name=top["name"]
    )


def fairness(table: pd.DataFrame) -> None:
    found = workload.balance(table)
    with panel(t("Fairness"), t("Lorenz curve of the load: the closer to the diagonal, the fairer")):
        if found.gini is None:
            no_data(t("Fairness needs at least two account managers with customers."))
            return
        charts.draw(charts.curve(found.curve, t("Share of people"), t("Share of load")), "lorenz", t("Lorenz curve of the load"), height=230)
        st.caption(t("Gini {gini} · coefficient of variation {cv} · review above 0.5", gini=formats.number(found.gini, 2), cv=formats.number(found.cv, 2)))


def targets(table: pd.DataFrame) -> None:
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


def full_table(table: pd.DataFrame) -> None:
    columns = {
        "name": t("Account manager"),
        "customers": t("Customers"),
        "load": t("Load"),
        "open": t("Still open"),
        "overdue": t("Overdue"),
        "days_overdue": t("Days overdue"),
        "done": t("Done"),
        "visits": t("Visits"),
    }
    st.dataframe(table[list(columns)].rename(columns=columns), hide_index=True, key="workload_table", row_height=36, alt=t("Workload per account manager"))
