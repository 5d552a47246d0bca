"""Invite many customers to a survey at once: which survey, which wave, by which channel, and whom."""

from __future__ import annotations

from typing import Any

import streamlit as st

from components import formats, openings
from components.saving import attempt, saved_already
from db import clock
from db.actions import invitations
from db.choices import labels
from db.engine import reading
from db.fields import field_of
from db.language import t, tn
from db.models import Customer, SurveyInvitation
from db.models.customer import TIERS
from db.policy import Actor, may
from db.queries.invitations import reachable
from db.queries.links import link_choices
from db.session import CrmSession

FORM = "invite"


def invite_button(actor: Actor) -> None:
    """A drop-down form beside the tabs."""
    if not may(actor, "create", "survey_invitation"):
        return
    with st.popover(t("Invite customers"), icon=":material/forward_to_inbox:", key="invite_popover"):
        _draw(actor)


def _draw(actor: Actor) -> None:
    with reading(actor) as session:
        offered = link_choices(session, field_of(SurveyInvitation, "survey_id"))
        channels = labels(session, field_of(SurveyInvitation, "channel"), with_retired=False)
        people = link_choices(session, field_of(Customer, "owner_id")) if actor.role != "rep" else {}
    if not offered:
        st.info(t("There is no survey yet. Make one on the Surveys page."))
        return
    st.caption(t("Notes whom you asked; the sending stays with your mail, phone or survey tool. Nobody is invited twice in a wave."))
    st.caption(t("Each open invitation has a link by which the customer answers: open it to copy the link, or take all of them as a file."))
    turn = openings.turn(FORM)
    survey = st.selectbox(t("Survey"), list(offered), format_func=lambda id_: offered[id_], key=f"{FORM}.{turn}.survey")
    today = clock.today()
    slots: dict[str, Any] = {}
    wave = st.text_input(t("Wave"), f"{today.year}-Q{(today.month - 1) // 3 + 1}", max_chars=40, key=f"{FORM}.{turn}.wave")
    slots["wave"] = st.empty()
    channel = st.selectbox(
        t("Channel"), list(channels), index=None, format_func=lambda code: channels[code], key=f"{FORM}.{turn}.channel", placeholder=t("Choose")
    )
    chosen = _customers(actor, people, turn)
    few = tn("Invite {n} customer", "Invite {n} customers", len(chosen))
    many = t("Invite {count} customers", count=formats.number(len(chosen)))
    pressed = st.button(few if len(chosen) < 1000 else many, type="primary", key=f"{FORM}.send", disabled=not chosen)
    typed = {"customers": chosen, "survey": survey, "wave": wave or "", "channel": channel}
    if (_invite(actor, turn, typed, slots) if pressed else saved_already(actor, FORM, turn, typed)) is not None:
        openings.next_turn(FORM)
        st.rerun()


def _invite(actor: Actor, turn: str, typed: dict[str, Any], slots: dict[str, Any]) -> Any:
    def work(session: CrmSession) -> int:
        return invitations.invite(session, typed["customers"], typed["survey"], typed["wave"], typed["channel"])

    return attempt(actor, "survey_invitation.invite", work, _told, form=FORM, number=turn, typed=typed, slots=slots)


def _customers(actor: Actor, people: dict[int, str], turn: str) -> list[int]:
    """Whom the wave goes to, as far as the actor sees them."""
    reach = {"active": t("Active only"), "buyers": t("Active and dormant"), "everybody": t("All but lost")}
    status = st.segmented_control(t("Who"), list(reach), default="active", format_func=lambda code: reach[code], key=f"{FORM}.{turn}.reach", required=True)
    owner = None
    if people:
        owner = st.selectbox(
            t("Account manager"), list(people), index=None, format_func=lambda id_: people[id_], key=f"{FORM}.{turn}.owner", placeholder=t("Everybody")
        )
    tier = st.pills(t("Tier"), list(TIERS), key=f"{FORM}.{turn}.tier")
    with reading(actor) as session:
        return reachable(session, str(status or "active"), owner, tier)


def _told(count: int) -> str:
    nobody = t("Nobody new: all of them were invited in this wave, or withdrew their consent.")
    return tn("{n} customer invited", "{n} customers invited", count) if count else nobody
