"""Where a one-time link leads: choose a password, then sign in with it."""

from __future__ import annotations

import streamlit as st

from components import door
from components.front_card import front_card
from components.password_fields import agreed_password
from db.actions import resets
from db.actions.tokens import Expired
from db.errors import Invalid
from db.language import t


def draw() -> None:
    token = st.query_params.get("token", "")
    with front_card("reset_password"):
        user_name = resets.user_name_of(token)
        if user_name is None:
            st.subheader(t("This link is no longer good"), anchor=False)
            st.text(str(Expired()))
            st.text(t("Please ask an administrator for a new one."))
            if st.button(t("To the sign-in page"), type="primary", width="stretch"):
                door.send_to("/")
            return
        _form(token, user_name)


def _form(token: str, user_name: str) -> None:
    with st.form("reset", border=False):
        st.subheader(t("Choose a password"), anchor=False)
        st.text_input(t("User name"), user_name, disabled=True)
        first, second = agreed_password("reset")
        sent = st.form_submit_button(t("Save and sign in"), type="primary", width="stretch")
    if not sent:
        return
    if first != second:
        st.error(t("The two passwords differ."), icon=":material/error:")
        return
    try:
        resets.choose_password(token, first)
    except (Invalid, Expired) as refused:
        st.error(str(refused), icon=":material/error:")
    else:
        door.send_to("/")
