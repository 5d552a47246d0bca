"""Rebalance: what if some customers of one account manager went to others? Look first, then do it."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from components.addresses import number_in
from components.messages import say
from components.navigation import go
from components.saving import attempt
from components.switches import compact_list, switch
from components.workload_preview import plan_of, preview
from db.actions import reassignment
from db.choices import labels
from db.engine import reading
from db.fields import field_of
from db.language import t, tn
from db.models import Customer
from db.models.customer import TIERS
from db.policy import Actor
from db.queries.reassignment import Plan, Wish, givers, people


@dataclass(frozen=True)
class Choices:
    """Who may give, who may get, and the regions there are."""

    givers: dict[int, str]
    people: dict[int, str]
    regions: dict[str, str]


def read_choices(actor: Actor) -> Choices:
    with reading(actor) as session:
        return Choices(givers(session), people(session), labels(session, field_of(Customer, "region")))


def draw(actor: Actor) -> None:
    choices = read_choices(actor)
    wish = _wish(choices)
    if wish is None:
        invitation = t("Choose who has too many customers and who can take some. Nothing changes until you press the button below the plan.")
        st.info(invitation, icon=":material/balance:")
        return
    plan = plan_of(actor, wish)
    preview(actor, wish, plan)
    if not plan.moves:
        st.info(t("Nothing needs to move: the load is level already, or no customer matches."), icon=":material/check_circle:")
    elif st.button(tn("Move {n} customer", "Move {n} customers", len(plan.moves)), type="primary", icon=":material/swap_horiz:", key="rebalance_run"):
        _carry_out(actor, wish, plan, choices)


def _wish(choices: Choices) -> Wish | None:
    with st.container(border=True, gap="small", key="rebalance_wish"):
        with st.grid(2, min_column_width=280, gap="small"):
            giver = pick_giver(choices, t("From"))
            takers = st.multiselect(
                t("To"),
                [id_ for id_ in choices.people if id_ != giver],
                format_func=lambda id_: choices.people[id_],
                key=f"rebalance_to_{giver}",
                placeholder=t("One or several colleagues"),
            )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            how = switch(t("How many"), {"even": t("Until even"), "count": t("A number")}, "rebalance_how")
            count = st.number_input(t("Customers"), 1, 100_000, 5, key="rebalance_count", width=140) if how == "count" else None
            tier = compact_list(t("Tier"), {tier: tier for tier in TIERS}, "rebalance_tier", t("All tiers"), 130)
            region = compact_list(t("Region"), choices.regions, "rebalance_region", t("All regions"), 170)
        st.caption(t("Those spoken to longest ago move first. Their open follow-ups go along; due dates stay."))
    if giver is None or not takers:
        return None
    return Wish(giver, tuple(takers), "even", tier, region, int(count) if count else None, until_even=how == "even")


def pick_giver(choices: Choices, label: str, titled: bool = False) -> int | None:
    """Whose customers; the address may name the person. titled: the words stand above already."""
    ids, named = list(choices.givers), number_in(st.query_params.get("from"))
    start = ids.index(named) if named in choices.givers else None
    return st.selectbox(
        label,
        ids,
        index=start,
        format_func=lambda id_: choices.givers[id_],
        key="reassign_from",
        placeholder=t("Choose"),
        label_visibility="collapsed" if titled else "visible",
    )


def _carry_out(actor: Actor, wish: Wish, plan: Plan, choices: Choices) -> None:
    done = attempt(
        actor,
        "customer.rebalance",
        lambda session: reassignment.rebalance(session, wish.giver, plan.moves),
        said=t("Customers of {name} moved", name=choices.givers[wish.giver]),
        form="rebalance",
    )
    if done is not None:
        tell_left(done.left)
        go("workload")


def tell_left(left: int) -> None:
    """How many customers of a plan made earlier had gone elsewhere by now."""
    if left:
        say(tn("{n} customer had another owner by now and was left", "{n} customers had another owner by now and were left", left))
