"""The sign-in form: drawn and checked by streamlit-authenticator, with accounts from our database."""

from __future__ import annotations

import secrets
from typing import Any

import streamlit as st
from streamlit_authenticator import Authenticate
from streamlit_authenticator.controllers import AuthenticationController

from components import door
from components.actor import address, device
from components.front_card import front_card
from db.actions import access
from db.actions.throttle import Throttled
from db.language import t

KEY = secrets.token_urlsafe(32)
STATUS = "authentication_status"
FORM = "sign_in_form"


class Accounts(dict[str, Any]):
    """Looks each name up when it is typed; an unknown one gets a hash that nothing matches, and so takes as long."""

    asked = ""

    def __contains__(self, user_name: object) -> bool:
        return True

    def __missing__(self, user_name: str) -> dict[str, Any]:
        account = access.try_account(user_name, address(), device())
        self.asked = user_name
        self[user_name] = {"name": account.name, "password": account.password_hash, "logged_in": False}
        return self[user_name]  # type: ignore[no-any-return]


class NoCookie:
    """The library's own cookie can be read by scripts and outlives signing out; the ticket's route sets ours instead."""

    def get_cookie(self) -> None:
        return None

    def set_cookie(self) -> None:
        return None


class SignInForm(Authenticate):  # type: ignore[misc]
    def __init__(self) -> None:
        self.accounts = Accounts()
        self.attrs = {"login_sleep_time": 0}
        self.path = self.api_key = None
        self.secret_key = KEY
        self.cookie_controller = NoCookie()
        self.authentication_controller = AuthenticationController({"usernames": {}}, auto_hash=False, secret_key=KEY)
        self.authentication_controller.authentication_model.credentials = {"usernames": self.accounts}


def draw() -> None:
    with front_card("sign_in"):
        st.session_state.pop(STATUS, None)
        form = SignInForm()
        words = {"Form name": t("Sign in"), "Username": t("User name"), "Password": t("Password"), "Login": t("Sign in")}
        try:
            form.login(fields=words, key=FORM)
        except Throttled as throttled:
            st.error(str(throttled), icon=":material/timer:")
            return
        if st.session_state[STATUS]:
            door.enter(access.admit(form.accounts.asked, address(), device()))
        elif st.session_state[STATUS] is False or st.session_state.get(f"FormSubmitter:{FORM}-{words['Login']}"):
            st.error(t("User name and password do not match."), icon=":material/error:")
        st.caption(t("Forgotten your password? An administrator can send you a link to choose a new one."))
