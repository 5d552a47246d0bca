"""Somebody leaves: their customers go to colleagues, with the open follow-ups; the history stays."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from components import formats
from components.navigation import go
from components.saving import attempt
from components.switches import switch
from components.workload_preview import plan_of, preview
from components.workload_rebalance import Choices, pick_giver, read_choices, tell_left
from db import clock
from db.actions import reassignment
from db.engine import reading
from db.language import t, tn
from db.policy import Actor, Scope, scope
from db.queries.reassignment import Estate, Plan, Wish, estate


def draw(actor: Actor) -> None:
    choices = read_choices(actor)
    if not choices.givers:
        st.info(t("Nobody has customers or open follow-ups to hand over."), icon=":material/inbox:")
        return
    with st.container(border=True, gap="small", key="leaver"):
        st.markdown(f"**{t('1 · Who leaves')}**")
        leaver = pick_giver(choices, t("Who leaves"), titled=True)
        if leaver is None:
            return
        with reading(actor) as session:
            left = estate(session, leaver, clock.today())
        st.caption(_said(left))
    wish = _wish(leaver, choices)
    if wish is not None:
        wish, plan = _settled(actor, wish, choices)
        st.markdown(f"**{t('3 · What would happen')}**")
        preview(actor, wish, plan)
        _finish(actor, wish, plan, left, choices)


def _said(left: Estate) -> str:
    tiers = formats.listed(f"{tier or t('without tier')} {formats.number(n)}" for tier, n in sorted(left.tiers.items(), key=lambda pair: pair[0] or "~"))
    parts = [_with(tn("{n} customer", "{n} customers", left.customers), tiers)]
    parts.append(_with(tn("{n} open follow-up", "{n} open follow-ups", left.open), tn("{n} overdue", "{n} overdue", left.overdue) if left.overdue else ""))
    parts.append(t("{count} done follow-ups stay in their name", count=formats.number(left.done)))
    return " · ".join(parts)


def _with(what: str, more: str) -> str:
    return t("{what} ({more})", what=what, more=more) if more else what


def _wish(leaver: int, choices: Choices) -> Wish | None:
    with st.container(border=True, gap="small", key="successors"):
        st.markdown(f"**{t('2 · Who takes over')}**")
        takers = st.multiselect(
            t("Colleagues"),
            [id_ for id_ in choices.people if id_ != leaver],
            format_func=lambda id_: choices.people[id_],
            key=f"leaver_to_{leaver}",
            placeholder=t("One or several colleagues"),
        )
        rules = {"even": t("Evenly by load"), "tier": t("By tier"), "region": t("By region")}
        rule = switch(t("Split"), rules, "leaver_rule") if len(takers) > 1 else "one"
        st.caption(_explained(rule))
    return Wish(leaver, tuple(takers), rule, leaving=True) if takers else None


def _explained(rule: str) -> str:
    return {
        "one": t("Everything goes to this one colleague."),
        "even": t("The heaviest customers first, each to whoever carries least by then."),
        "tier": t("Each tier goes to one colleague; change who gets which."),
        "region": t("Each region goes to one colleague, first to whoever knows it best; change who gets which."),
    }[rule]


def _settled(actor: Actor, wish: Wish, choices: Choices) -> tuple[Wish, Plan]:
    """The plan after the user's own choice for each tier or region."""
    plan = plan_of(actor, wish)
    if not plan.groups:
        return wish, plan
    with st.grid(4, min_column_width=180, gap="small"):
        chosen = tuple((group, _taker(wish, choices, plan, group)) for group in sorted(plan.groups, key=lambda group: group or "~"))
    settled = replace(wish, chosen=chosen)
    return settled, plan_of(actor, settled)


def _taker(wish: Wish, choices: Choices, plan: Plan, group: str | None) -> int:
    words = choices.regions if wish.rule == "region" else {}
    name = words.get(group or "", group) if group else t("without region") if wish.rule == "region" else t("without tier")
    takers = list(wish.takers)
    key = f"leaver_{wish.giver}_{wish.rule}_{group}_{hash(wish.takers)}"
    label = f"{formats.plain(name)} ({formats.number(plan.sizes[group])})"
    return st.selectbox(label, takers, index=takers.index(plan.groups[group]), format_func=lambda id_: choices.people[id_], key=key)


def _finish(actor: Actor, wish: Wish, plan: Plan, left: Estate, choices: Choices) -> None:
    deactivate = False
    if left.active and wish.giver != actor.id and scope(actor, "update", "user") == Scope.ALL:
        deactivate = st.checkbox(t("They can no longer sign in from now on"), value=True, key=f"leaver_deactivate_{wish.giver}")
    label = tn("Hand over {n} customer", "Hand over {n} customers", len(plan.moves))
    if st.button(label, type="primary", icon=":material/move_up:", key="leaver_run"):
        done = attempt(
            actor,
            "customer.hand_over",
            lambda session: reassignment.hand_over(session, wish.giver, plan.moves, deactivate),
            said=t("Customers of {name} handed over", name=choices.givers[wish.giver]),
            form="hand_over",
        )
        if done is not None:
            tell_left(done.left)
            go("workload")
