"""The foot of the side bar: language, my account, help, sign out."""

from __future__ import annotations

import streamlit as st

from components import door, formats
from components.navigation import go
from components.saving import attempt
from db.actions import account
from db.language import LANGUAGES, current, t
from db.policy import Actor


def draw_menu(actor: Actor) -> None:
    with st.container(key="session_menu", gap="xsmall"):
        other = next(code for code in LANGUAGES if code != current())
        if st.button(LANGUAGES[other], icon=":material/translate:", type="tertiary", key="switch_language"):
            if attempt(actor, "user.language", lambda session: account.set_language(session, other), "") is not None:
                door.reload()
        words = {"account": t("My account"), "help": t("Help and keys"), "leave": t("Sign out")}
        choice = st.menu_button(
            formats.plain(actor.name), list(words), format_func=lambda key: words[key], icon=":material/account_circle:", type="tertiary", key="user_menu"
        )
    if choice == "leave":
        door.leave()
        st.stop()
    elif choice:
        go(choice)
