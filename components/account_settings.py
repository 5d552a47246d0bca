"""What everybody may change about themselves."""

from __future__ import annotations

from typing import Any

import streamlit as st

from components import door, formats
from components.actor import session_id
from components.saving import attempt
from db import mail
from db.actions import account, passwords, sessions
from db.engine import reading
from db.language import LANGUAGES, current, t
from db.models import User
from db.policy import Actor


def draw_language(actor: Actor) -> None:
    with st.container(border=True):
        st.markdown(f"**{t('Language')}**")
        chosen = st.segmented_control(
            t("Language"),
            list(LANGUAGES),
            default=current(),
            format_func=lambda code: LANGUAGES[code],
            key="account_language",
            label_visibility="collapsed",
            required=True,
        )
        if chosen and chosen != current() and attempt(actor, "user.language", lambda session: account.set_language(session, chosen), "") is not None:
            door.reload()


def draw_digest(actor: Actor) -> None:
    """My day by e-mail: on or off, and why none would come."""
    with reading(actor) as session:
        me = session.get(User, actor.id)
    if me is None:
        return
    with st.container(border=True):
        st.markdown(f"**{t('Daily e-mail')}**")
        wanted = st.toggle(t("Send me my day each working morning"), value=me.digest, key="account_digest")
        st.caption(_why_no_mail(me) or t("It goes to {address}, when something is due, overdue, silent or unhappy.", address=formats.plain(me.email)))
    if wanted != me.digest and attempt(actor, "user.digest", lambda session: account.set_digest(session, wanted), "") is not None:
        st.rerun()


def _why_no_mail(me: User) -> str:
    if not mail.is_set_up():
        return t("No mail server is set up: your day stands on Today alone.")
    return "" if me.email else t("Your account has no e-mail address: ask an administrator to enter it.")


def draw_password(actor: Actor) -> None:
    with st.container(border=True), st.form("password", border=False, clear_on_submit=False):
        st.markdown(f"**{t('Password')}**")
        old = st.text_input(t("Present password"), type="password", autocomplete="current-password")
        new = st.text_input(
            t("New password"), type="password", autocomplete="new-password", help=t("At least 12 characters; a sentence is easiest to remember.")
        )
        slots = {"old_password": st.empty(), "password": st.empty()}
        if st.form_submit_button(t("Change password")):
            if attempt(
                actor,
                "user.password",
                lambda session: passwords.change_own(session, old, new),
                t("Password changed; other devices are signed out"),
                slots=slots,
            ):
                door.enter_again(actor)


def draw_devices(actor: Actor) -> None:
    with reading(actor) as session:
        devices = sessions.devices(session)
    with st.container(border=True):
        st.markdown(f"**{t('Signed-in devices')}**")
        for number, device in enumerate(devices):
            with st.container(horizontal=True, key=f"row_device_{number}", horizontal_alignment="distribute", vertical_alignment="center"):
                _device(actor, number, device)
        if len(devices) > 1 and st.button(t("Sign out everywhere else")):
            if attempt(actor, "session.end", lambda session: sessions.end_mine(session, session_id() or ""), t("Signed out there")) is not None:
                st.rerun()


def _device(actor: Actor, number: int, device: Any) -> None:
    here = device.token_hash == session_id()
    name = formats.plain((device.device or t("unknown device"))[:80]) + (f" · :green[{t('this one')}]" if here else "")
    st.markdown(f"{name}  \n:gray[{formats.instant(device.last_seen_at)} · {device.address or ''}]")
    if not here and st.button(t("Sign out"), key=f"end_device_{number}", type="tertiary"):
        if attempt(actor, "session.end", lambda session: sessions.end_device(session, device.token_hash), t("Signed out there")):
            st.rerun()
