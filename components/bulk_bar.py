"""What one does with several ticked customers: assign, merge two, tag, delete."""

from __future__ import annotations

import streamlit as st

from components.navigation import go
from components.saving import attempt
from db import records
from db.actions import customers
from db.engine import reading
from db.fields import field_of
from db.language import t, tn
from db.models import Customer
from db.policy import Actor, may
from db.queries.links import link_choices, tag_choices
from db.session import CrmSession


def bulk_bar(actor: Actor, ids: list[int]) -> None:
    """Nothing while no row is ticked."""
    if not ids:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="bottom", key="bulk_bar"):
        st.markdown(f"**{tn('{n} chosen', '{n} chosen', len(ids))}**")
        if may(actor, "assign", "customer"):
            _assign(actor, ids)
        if len(ids) == 2 and may(actor, "merge", "customer") and st.button(t("Merge"), icon=":material/merge:", key="bulk_merge"):
            go("merge", keep=min(ids), lose=max(ids))
        if may(actor, "update", "customer"):
            _tag(actor, ids)
            _delete(actor, ids)


def _assign(actor: Actor, ids: list[int]) -> None:
    with reading(actor) as session:
        people = link_choices(session, field_of(Customer, "owner_id"), to_own="customer")
    with st.popover(t("Assign"), icon=":material/person_add:"):
        owner = st.selectbox(t("New owner"), list(people), index=None, format_func=lambda id_: people[id_], key="bulk_owner", placeholder=t("Choose"))
        if st.button(t("Assign"), type="primary", key="bulk_assign", disabled=owner is None):
            moved = attempt(
                actor,
                "customer.assign",
                lambda session: customers.assign(session, ids, owner),
                t("{count} customers assigned to {name}", count=len(ids), name=people.get(owner or 0, "")),
            )
            if moved is not None:
                st.rerun()


def _tag(actor: Actor, ids: list[int]) -> None:
    with reading(actor) as session:
        tags = tag_choices(session)
    with st.popover(t("Tag"), icon=":material/label:"):
        chosen = st.selectbox(t("Tag"), list(tags), index=None, format_func=lambda id_: tags[id_], key="bulk_tag", placeholder=t("Choose"))
        fresh = st.text_input(t("or a new tag"), key="bulk_new_tag", max_chars=60)
        if st.button(t("Tag"), type="primary", key="bulk_tag_save", disabled=not (chosen or fresh)):

            def work(session: CrmSession) -> int:
                tag_id = records.create(session, "tag", {"name": fresh}).id if fresh else chosen or 0
                return customers.tag(session, ids, tag_id)

            if attempt(actor, "customer.tag", work, t("Tag set")) is not None:
                st.rerun()


def _delete(actor: Actor, ids: list[int]) -> None:
    if st.button(t("Delete"), icon=":material/delete:", key="bulk_delete"):
        done = attempt(
            actor,
            "customer.delete",
            lambda session: [records.delete(session, "customer", id_) for id_ in ids],
            tn("{n} customer moved to the recycle bin", "{n} customers moved to the recycle bin", len(ids)),
        )
        if done is not None:
            st.rerun()
