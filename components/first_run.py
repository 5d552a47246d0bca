"""The first screen of a new installation: its organisation and its administrator."""

from __future__ import annotations

from zoneinfo import available_timezones

import streamlit as st

from components import door, formats
from components.actor import address, device
from components.front_card import front_card
from components.password_fields import agreed_password
from db.actions import access, setup
from db.errors import CrmError, Invalid
from db.language import LANGUAGES, current, t
from db.models.organisation import CURRENCIES

LIKELY_CURRENCY = {"zh": "CNY", "en": "EUR"}


def draw() -> None:
    with front_card("first_run"):
        st.subheader(t("Set up Regulars"), anchor=False)
        st.text(t("Welcome! Two minutes, and your team can begin."))
        with st.form("first_run_form", border=False):
            code = st.text_input(t("Set-up code"), key="setup.code", placeholder="XXXX-XXXX-XXXX", autocomplete="one-time-code",
                                 help=t("The server printed it in its terminal when it started. It is good for half an hour."))
            organisation = _organisation()
            st.markdown(f"**{t('Administrator')}**")
            name, user_name = st.columns(2)
            person = {"name": name.text_input(t("Your name"), key="setup.name", autocomplete="name"),
                      "user_name": user_name.text_input(t("User name"), key="setup.user_name", autocomplete="username"), "language": organisation["language"]}
            first, second = agreed_password("setup")
            sent = st.form_submit_button(t("Create and sign in"), type="primary", width="stretch")
        if sent:
            _create(code, person, (first, second), organisation)


def _organisation() -> dict[str, str]:
    st.markdown(f"**{t('Organisation')}**")
    name = st.text_input(t("Name of the organisation"), key="setup.organisation", autocomplete="organization")
    zones, here = sorted(available_timezones()), st.context.timezone or "Asia/Shanghai"
    left, middle, right = st.columns([1.7, 1, 1.1])
    zone = left.selectbox(t("Time zone"), zones, index=zones.index(here if here in zones else "UTC"), key="setup.zone")
    likely = list(CURRENCIES).index(LIKELY_CURRENCY[current()])
    currency = middle.selectbox(t("Currency"), CURRENCIES, index=likely, format_func=lambda code: t(CURRENCIES[code]), key="setup.currency")
    language = right.selectbox(t("Language"), LANGUAGES, index=list(LANGUAGES).index(current()), format_func=LANGUAGES.__getitem__, key="setup.language")
    return {"name": name, "time_zone": zone, "currency": currency, "language": language}


def _create(code: str, person: dict[str, str], passwords: tuple[str, str], organisation: dict[str, str]) -> None:
    if passwords[0] != passwords[1]:
        st.error(t("The two passwords differ."), icon=":material/error:")
        return
    try:
        user_name = setup.create_administrator(code, person, passwords[0], organisation)
    except Invalid as invalid:
        titles = {"name": t("Your name"), "organisation.name": t("Name of the organisation")}
        for key, message in invalid.problems.items():
            st.error(formats.labelled(titles[key], message) if key in titles else str(message), icon=":material/error:")
    except CrmError as error:
        st.error(str(error), icon=":material/error:")
    else:
        door.enter(access.admit(user_name, address(), device()), "/welcome")
