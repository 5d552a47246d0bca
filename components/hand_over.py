"""Ticked follow-ups go to a colleague."""

from __future__ import annotations

import streamlit as st

from components.saving import attempt
from db.actions import follow_ups
from db.engine import reading
from db.fields import field_of
from db.language import t, tn
from db.models import FollowUp
from db.policy import Actor
from db.queries.links import link_choices


def hand_over_bar(actor: Actor, ids: list[int]) -> None:
    if not ids:
        return
    with reading(actor) as session:
        people = link_choices(session, field_of(FollowUp, "owner_id"), to_own="follow_up")
    with st.container(border=True, horizontal=True, vertical_alignment="bottom", key="bulk_bar"):
        st.markdown(f"**{tn('{n} chosen', '{n} chosen', len(ids))}**")
        owner = st.selectbox(
            t("Hand over to"), list(people), index=None, format_func=lambda id_: people[id_], key="hand_over_to", placeholder=t("Choose"), width=240
        )
        if st.button(t("Hand over"), type="primary", disabled=owner is None):
            done = attempt(
                actor,
                "follow_up.hand_over",
                lambda session: follow_ups.hand_over(session, ids, owner or 0),
                t("Handed over to {name}", name=people.get(owner or 0, "")),
            )
            if done is not None:
                st.rerun()
