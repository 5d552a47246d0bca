"""Pairs of customers that may be one: why, whose, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from components import formats
from components.cache import ask
from components.duplicate_words import REASONS, reason_in_words
from components.navigation import go, link
from components.pager import page_number
from components.saving import attempt
from components.switches import compact_list
from db.actions import merging
from db.engine import reading
from db.language import t, tn
from db.matching import VERY_LIKELY
from db.policy import Actor, Scope, scope
from db.queries import duplicates
from db.queries.duplicates import Found, Pair, Shown

PAGE = 10


def draw_pairs(actor: Actor) -> None:
    reason, owner = _filters(actor)
    with st.spinner(t("Comparing …"), show_time=False):
        found: Found = ask(actor, duplicates.pairs, reason, owner)
    if not found.total:
        _nothing(narrowed=reason is not None or owner is not None)
        return
    st.caption(_counted(found))
    place = st.container(gap="small")
    number = page_number(len(found.pairs), PAGE, f"duplicates.page.{reason}.{owner}")
    rows = found.pairs[(number - 1) * PAGE : number * PAGE]
    with reading(actor) as session:
        shown = duplicates.shown(session, (id_ for pair in rows for id_ in (pair.first, pair.second)))
        speaking = duplicates.speaking(session, rows)
    with place:
        for pair in rows:
            _row(actor, pair, shown, speaking)


def _filters(actor: Actor) -> tuple[str | None, int | None]:
    with reading(actor) as session:
        owners = duplicates.owners(session)
    with st.container(horizontal=True, key="duplicate_filters"):
        reason = compact_list(t("Reason"), {kind: t(word) for kind, word in REASONS.items()}, "reason", t("All reasons"), 190)
        owner = compact_list(t("Owner"), owners, "owner", t("All owners"), 190) if scope(actor, "merge", "customer") > Scope.OWN else None
    return reason, owner


def _nothing(narrowed: bool) -> None:
    if narrowed:
        st.info(t("Nothing matches. Clear the search or the filters."), icon=":material/filter_list_off:")
    else:
        st.info(t("No likely duplicates among the customers that you see."), icon=":material/check_circle:")


def _counted(found: Found) -> str:
    if found.total > len(found.pairs):
        return t("The {shown} likeliest of {total} pairs", shown=formats.number(len(found.pairs)), total=formats.number(found.total))
    return tn("{n} pair", "{n} pairs", found.total)


def _row(actor: Actor, pair: Pair, shown: Mapping[int, Shown], speaking: Mapping[tuple[int, int], Sequence[str]]) -> None:
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
            _side(pair.first, first, speaking.get((pair.first, pair.second), ()))
        with right:
            _side(pair.second, second, speaking.get((pair.second, pair.first), ()))
        with st.container(horizontal=True, gap="small"):
            if st.button(t("Compare and merge"), icon=":material/merge:", key=f"merge_{pair.first}_{pair.second}"):
                go("merge", keep=pair.first, lose=pair.second, **{"from": "duplicates"})
            if st.button(t("Not a duplicate"), type="tertiary", icon=":material/close:", key=f"two_{pair.first}_{pair.second}"):
                _rule_out(actor, pair, first, second)


def _side(id_: int, customer: Shown, contacts: Sequence[str]) -> None:
    with st.container(gap=None):
        link("customer", customer.name, id=id_)
        last = t("last contact {day}", day=formats.date_long(customer.last_contact_at.date())) if customer.last_contact_at else t("never contacted")
        owner = f"{t('Owner')} {formats.plain(customer.owner) or t('nobody')}"
        who = formats.labelled(t("Contact"), formats.listed(formats.plain(name) for name in contacts)) if contacts else ""
        st.caption(" · ".join(filter(None, (formats.plain(customer.code), formats.plain(customer.city), owner, last, who))))


def _rule_out(actor: Actor, pair: Pair, first: Shown, second: Shown) -> None:
    said = t("“{name}” and “{other}” stay two", name=first.name, other=second.name)
    done: Any = attempt(actor, "customer.not_duplicate", lambda session: merging.rule_out(session, pair.first, pair.second), said)
    if done is not None:
        st.rerun()
