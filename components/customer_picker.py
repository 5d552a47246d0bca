"""Choosing one of a hundred thousand customers: a search box and its matches."""

from __future__ import annotations

import streamlit as st

from components import formats
from db.choices import titles
from db.engine import reading
from db.language import t
from db.policy import Actor
from db.queries.links import customers_like


def show(actor: Actor, customer_id: int) -> None:
    """The name of the customer that is meant."""
    with reading(actor) as session:
        name = titles(session, "customer", [customer_id]).get(customer_id, "")
    st.markdown(f":material/person: **{formats.plain(name)}**")


def pick(actor: Actor, key: str, chosen: int | None = None) -> int | None:
    """A live search and the matches as a list; returns the chosen customer's id. chosen: whom it starts with, as long as nothing is searched."""
    words = st.text_input(t("Customer"), key=f"{key}.words", placeholder=t("Name, code, phone or pinyin"), icon=":material/search:", live="300ms")
    with reading(actor) as session:
        found = customers_like(session, words, limit=8)
        if chosen is not None and chosen not in found and not words:
            found = titles(session, "customer", [chosen]) | found
    if not found:
        st.caption(t("No customer matches."))
        return None
    ids = list(found)
    return st.selectbox(
        t("Customer"),
        ids,
        index=ids.index(chosen) if chosen in ids else (0 if words else None),
        format_func=lambda id_: found[id_],
        key=f"{key}.choice.{words}",
        label_visibility="collapsed",
        placeholder=t("Choose a customer"),
    )


def inside_form(actor: Actor, label: str, value: int | None, key: str) -> int | None:
    """A list of recent customers and the present one, for forms, where nothing can be searched live."""
    with reading(actor) as session:
        found = customers_like(session, "", limit=200)
        if value is not None and value not in found:
            found = titles(session, "customer", [value]) | found
    ids = list(found)
    return st.selectbox(
        label, ids, index=ids.index(value) if value in ids else None, format_func=lambda id_: found[id_], key=key, placeholder=t("Choose a customer")
    )
