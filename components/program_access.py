"""Access for programs: make a token, see when it was used, revoke it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import streamlit as st

from components import formats
from components.link_out import home
from components.saving import attempt
from db import clock
from db.actions import access_tokens
from db.engine import reading
from db.language import t
from db.policy import Actor

SECRET = "regulars.token"  # noqa: S105  the name under which it waits to be shown
FORM = "access_token"


def draw_program_access(actor: Actor) -> None:
    """The actor's own tokens, in My account."""
    with reading(actor) as session:
        tokens = access_tokens.mine(session)
    with st.container(border=True, key="program_access"):
        st.markdown(f"**{t('Access for programs')}**")
        st.caption(t("A program with such a token works in your name through the HTTP interface, with your rights and no more."))
        if SECRET in st.session_state:
            _show_secret(str(st.session_state[SECRET]))
        for token in tokens:
            _line(actor, token)
        with st.popover(t("New token"), icon=":material/key:"):
            _draw_form(actor)


def _show_secret(secret: str) -> None:
    with st.container(border=True, key="new_token"):
        st.markdown(t("Copy the token now; it is not shown again."))
        st.code(secret, language=None)
        st.caption(t("How programs use it: {address}", address=f"{home()}/api/v1"))
        if st.button(t("I have copied it"), icon=":material/check:", key="token_copied"):
            del st.session_state[SECRET]
            st.rerun()


def _line(actor: Actor, token: Any, owner: str = "") -> None:
    with st.container(horizontal=True, key=f"row_token_{token.id}", horizontal_alignment="distribute", vertical_alignment="center"):
        name = formats.plain(f"{owner} · {token.name}" if owner else token.name) + (f" · :gray[{t('read only')}]" if token.read_only else "")
        st.markdown(f"{name}  \n:gray[{_use(token)} · {_end(token)}]")
        if st.button(t("Revoke"), key=f"revoke_{token.id}", type="tertiary"):
            if attempt(actor, "access_token.revoke", lambda session: access_tokens.revoke(session, token.id), t("Token revoked")) is not None:
                st.rerun()


def _use(token: Any) -> str:
    if token.last_used_at is None:
        return t("not used yet")
    return t("last used {moment} from {address}", moment=formats.instant(token.last_used_at), address=token.address or "–")


def _end(token: Any) -> str:
    day = formats.date_long(token.expires_on)
    return t("expired on {day}", day=day) if token.expires_on < clock.today() else t("good until {day}", day=day)


def _draw_form(actor: Actor) -> None:
    turn = st.session_state.get("token_turn", 0)
    slots: dict[str, Any] = {}
    with st.form(f"{FORM}.{turn}", border=False):
        name = st.text_input(t("What it is for"), max_chars=60, key=f"{FORM}.{turn}.name", placeholder=t("Website form"))
        slots["name"] = st.empty()
        ends = st.date_input(t("Good until"), clock.today() + timedelta(days=365), format="YYYY-MM-DD", key=f"{FORM}.{turn}.ends")
        slots["expires_on"] = st.empty()
        read_only = st.checkbox(t("May only read"), key=f"{FORM}.{turn}.read_only")
        pressed = st.form_submit_button(t("Create the token"), type="primary")
    if pressed:
        day = ends if not isinstance(ends, tuple) else None
        secret = attempt(
            actor,
            "access_token.issue",
            lambda session: access_tokens.create(session, name, day, read_only),
            t("Token created"),
            form=f"{FORM}.{turn}",
            slots=slots,
        )
        if secret is not None:
            st.session_state[SECRET], st.session_state["token_turn"] = secret, turn + 1
            st.rerun()


def draw_everybody(actor: Actor) -> None:
    """All tokens of the house, for administrators."""
    with reading(actor) as session:
        tokens = access_tokens.everybody(session)
    if not tokens:
        st.info(t("No program has access. Everybody makes tokens for themselves under My account."))
    for token, owner in tokens:
        _line(actor, token, owner)
