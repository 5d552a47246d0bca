"""Search from anywhere: customers by name, code, phone, contact or pinyin, and the pages themselves."""

from __future__ import annotations

import streamlit as st

from components import formats
from components.actor import afresh
from components.navigation import go
from components.rooms import ROOMS, may_enter
from db.engine import reading
from db.language import t
from db.policy import Actor, may
from db.queries.links import customers_like

OPEN = "regulars.search"


def open_() -> None:
    st.session_state[OPEN] = True


def close() -> None:
    st.session_state.pop(OPEN, None)


def draw(actor: Actor) -> None:
    if st.session_state.get(OPEN):
        st.dialog(t("Search"), width="medium", on_dismiss=close)(afresh(_body))(actor)


def _body(actor: Actor) -> None:
    words = st.text_input(t("Search"), key="search_words", placeholder=t("Customer, contact, phone, code or pinyin; a page"), label_visibility="collapsed",
                          icon=":material/search:", live="250ms")
    with reading(actor) as session:
        found = customers_like(session, words, limit=8)
    st.caption(t("Customers") if words else t("Recent"))
    for id_, title in found.items():
        if st.button(formats.plain(title), key=f"found_{id_}", type="tertiary", icon=":material/person:"):
            _leave("customer", id=id_)
    _pages(actor, words)
    if not found and words and may(actor, "create", "customer"):
        st.caption(t("Nobody of that name. Press N to add a customer."))


def _pages(actor: Actor, words: str) -> None:
    hits = [room for room in ROOMS if words and may_enter(actor, room) and words.lower() in f"{room.title} {t(room.title)}".lower() and room.key != "customer"]
    for room in hits[:5]:
        if st.button(t(room.title), key=f"page_{room.key}", type="tertiary", icon=f":material/{room.icon}:"):
            _leave(room.key)


def _leave(key: str, **params: int) -> None:
    close()
    go(key, **params)
