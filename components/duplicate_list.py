"""Pairs of customers that may be one: why, whose, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from components import formats
from components.cache import ask
from components.duplicate_words import REASONS, reason_in_words
from components.navigation import go, link
from components.saving import attempt
from components.switches import compact_list
from db.actions import merging
from db.choices import titles
from db.engine import reading
from db.language import t, tn
from db.matching import VERY_LIKELY
from db.policy import Actor, Scope, scope
from db.queries import duplicates
from db.queries.duplicates import Pair, Shown

PAGE = 10


def draw_pairs(actor: Actor) -> None:
    with st.spinner(t("Comparing …"), show_time=False):
        found: list[Pair] = ask(actor, duplicates.pairs, nouns=("customer", "not_duplicate"))
    if not found:
        st.info(t("No likely duplicates among the customers that you see."), icon=":material/check_circle:")
        return
    chosen = _narrowed(actor, found)
    st.caption(tn("{n} pair", "{n} pairs", len(chosen)))
    if not chosen:
        st.info(t("Nothing matches. Clear the search or the filters."), icon=":material/filter_list_off:")
        return
    place = st.container(gap="small")
    number = st.pagination(-(-len(chosen) // PAGE), key="duplicates.page") if len(chosen) > PAGE else 1
    rows = chosen[(number - 1) * PAGE : number * PAGE]
    with reading(actor) as session:
        shown = duplicates.shown(session, (id_ for pair in rows for id_ in (pair.first, pair.second)))
    with place:
        for pair in rows:
            _row(actor, pair, shown)


def _narrowed(actor: Actor, found: list[Pair]) -> list[Pair]:
    with st.container(horizontal=True, key="duplicate_filters"):
        reasons = {kind: t(word) for kind, word in REASONS.items()}
        reason = compact_list(t("Reason"), reasons, "reason", t("All reasons"), 190)
        owner = compact_list(t("Owner"), _owners(actor, found), "owner", t("All owners"), 190) if scope(actor, "merge", "customer") > Scope.OWN else None
    return [pair for pair in found if (reason is None or reason in {each.kind for each in pair.reasons}) and (owner is None or owner in pair.owners)]


def _owners(actor: Actor, found: list[Pair]) -> dict[int, str]:
    with reading(actor) as session:
        names = titles(session, "user", {owner for pair in found for owner in pair.owners})
    return dict(sorted(names.items(), key=lambda named: named[1]))


def _row(actor: Actor, pair: Pair, shown: Mapping[int, Shown]) -> None:
    first, second = shown.get(pair.first), shown.get(pair.second)
    if first is None or second is None:
        return
    with st.container(border=True, key=f"pair_{pair.first}_{pair.second}", gap="small"):
        with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
            sure = pair.score >= VERY_LIKELY
            st.badge(t("very likely") if sure else t("likely"), color="orange" if sure else "gray")
            for reason in pair.reasons:
                st.badge(reason_in_words(reason), color="blue")
        left, right = st.columns(2, gap="medium")
        with left:
            _side(pair.first, first)
        with right:
            _side(pair.second, second)
        with st.container(horizontal=True, gap="small"):
            if st.button(t("Compare and merge"), icon=":material/merge:", key=f"merge_{pair.first}_{pair.second}"):
                go("merge", keep=pair.first, lose=pair.second, **{"from": "duplicates"})
            if st.button(t("Not a duplicate"), type="tertiary", icon=":material/close:", key=f"two_{pair.first}_{pair.second}"):
                _rule_out(actor, pair, first, second)


def _side(id_: int, customer: Shown) -> None:
    with st.container(gap=None):
        link("customer", customer.name, id=id_)
        last = t("last contact {day}", day=formats.date_long(customer.last_contact_at.date())) if customer.last_contact_at else t("never contacted")
        owner = f"{t('Owner')} {formats.plain(customer.owner) or t('nobody')}"
        st.caption(" · ".join(filter(None, (formats.plain(customer.code), formats.plain(customer.city), owner, last))))


def _rule_out(actor: Actor, pair: Pair, first: Shown, second: Shown) -> None:
    said = t("“{name}” and “{other}” stay two", name=first.name, other=second.name)
    done: Any = attempt(actor, "customer.not_duplicate", lambda session: merging.rule_out(session, pair.first, pair.second), said)
    if done is not None:
        st.rerun()
