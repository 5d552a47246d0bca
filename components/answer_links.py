"""The links by which customers answer a survey themselves: of one invitation, and of all open ones as a file."""

from __future__ import annotations

from typing import Any

import streamlit as st

from components import formats
from components.files_out import download
from components.link_out import home
from db import clock
from db.actions import answer_links
from db.actions.answer_links import GOOD_FOR
from db.actions.invitations import OPEN
from db.language import t
from db.policy import Actor, may
from db.transfer.links_file import address, export_links


def draw_answer_link(_actor: Actor, invitation: Any) -> None:
    """Below an invitation: its link, as long as it is open."""
    ends = invitation.sent_on + GOOD_FOR
    if invitation.state not in OPEN or invitation.answered_on is not None or ends < clock.today():
        return
    st.markdown(f"**{t('Link for the customer')}**")
    st.code(address(home(), answer_links.token_of(invitation)), language=None, wrap_lines=True)
    st.caption(t("Answers once, without sign-in, until {day}. Send it to this customer alone.", day=formats.date_long(ends)))


def answer_links_button(actor: Actor) -> None:
    """All open links as a file, for those who may export."""
    if may(actor, "export", "survey_invitation"):
        house = home()
        download(t("Answer links"), lambda session: export_links(session, house), t("Answer links"), "csv", "answer_links")
