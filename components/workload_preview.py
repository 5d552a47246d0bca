"""A plan before it is carried out: what would move, to whom, and how even the load would be."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from components import charts, formats, workload_marks
from components.cache import ask
from components.pager import page_number
from components.panel import panel
from components.workload_charts import weights
from db.choices import labels
from db.engine import reading
from db.fields import field_of
from db.language import t, tn
from db.models import Customer
from db.policy import Actor
from db.queries import reassignment
from db.queries.kpis import KPIS
from db.queries.reassignment import Plan, Wish
from db.session import CrmSession

PAGE = 50


def plan_of(actor: Actor, wish: Wish) -> Plan:
    found: Plan = ask(actor, reassignment.plan, wish)
    return found


def preview(actor: Actor, wish: Wish, plan: Plan) -> None:
    """The balance before and after, colleague by colleague, and the customers themselves."""
    _balance(plan)
    involved = plan.table[plan.table["manager_id"].isin([wish.giver, *wish.takers])]
    left, right = st.columns(2, gap="medium")
    with left:
        _bars(actor, involved)
    with right:
        _table(involved)
    _customers(actor, plan.moves)


def _balance(plan: Plan) -> None:
    figures = (
        (t(KPIS["load_gap"].label), plan.before.gap, plan.after.gap),
        (t(KPIS["load_gini"].label), plan.before.gini, plan.after.gini),
        (t(KPIS["load_variation"].label), plan.before.cv, plan.after.cv),
    )
    with st.grid(4, min_column_width=168, gap="small"):
        st.metric(t("Customers that move"), formats.number(len(plan.moves)), border=True, height="stretch")
        for label, before, after in figures:
            change = after - before if before is not None and after is not None else None
            still = change is None or abs(change) < 0.005
            arrow, colour = ("down", "green") if (change or 0) < 0 else ("up", "red")
            options: dict[str, Any] = {} if still else {"delta": formats.signed(change, 2), "delta_color": colour, "delta_arrow": arrow}
            words = f"{formats.number(before, 2)} → {formats.number(after, 2)}"
            st.metric(label, words, border=True, height="stretch", **options)
    st.caption(t("Over everybody who is not on leave; 0 is equal for Gini and CV, 1 for the gap."))


def _bars(actor: Actor, involved: pd.DataFrame) -> None:
    with panel(t("Load before and after"), t("Customers weighted by tier ({weights}); pale: now, dark: then", weights=weights(actor))):
        rows = involved.sort_values("load", ascending=False)
        frame = pd.DataFrame({"name": rows["manager"], "before": rows["load"].astype(int), "after": rows["load_after"].astype(int)})
        frame["end"] = frame[["before", "after"]].max(axis=1)
        frame["text"] = [f"{formats.number(now)} → {formats.number(then)}" for now, then in zip(frame["before"], frame["after"], strict=True)]
        charts.draw(workload_marks.before_after(frame, label=t("Load")), "plan_bars", t("Load before and after"), height=36 * len(frame) + 20)


def _table(involved: pd.DataFrame) -> None:
    with panel(t("Colleague by colleague"), t("Now → then")):
        rows = {
            "manager": t("Account manager"),
            "customers": t("Customers"),
            "load": t("Load"),
            "open": t("Open follow-ups"),
        }
        shown = pd.DataFrame({rows["manager"]: involved["manager"]})
        for key in ("customers", "load", "open"):
            shown[rows[key]] = [f"{formats.number(now)} → {formats.number(then)}" for now, then in zip(involved[key], involved[f"{key}_after"], strict=True)]
        st.table(shown, border="horizontal", hide_index=True, alt=t("Colleague by colleague"))


def _customers(actor: Actor, moves: dict[int, int]) -> None:
    if not moves:
        return
    with st.expander(tn("The {n} customer that moves", "The {n} customers that move", len(moves))):
        number = page_number(len(moves), PAGE, f"plan_rows_{hash(frozenset(moves.items()))}")
        rows = ask(actor, _moving, tuple(moves.items()), (number - 1) * PAGE)
        with reading(actor) as session:
            regions = labels(session, field_of(Customer, "region"))
        shown = pd.DataFrame(
            {
                t("Customer"): rows["customer"],
                t("Tier"): rows["tier"],
                t("Region"): [regions.get(region, region) for region in rows["region"]],
                t("Last contact"): [formats.instant(None if pd.isna(moment) else moment)[:10] for moment in rows["last_contact"]],
                t("Goes to"): rows["to"],
            }
        )
        st.dataframe(shown, hide_index=True, key=f"plan_customers_{number}", row_height=34, placeholder="", alt=t("Customers that move"))


def _moving(session: CrmSession, moves: tuple[tuple[int, int], ...], offset: int) -> pd.DataFrame:
    return reassignment.moving(session, dict(moves), PAGE, offset)
