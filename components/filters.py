"""Filters of a list, drawn from the declaration: one widget per filterable field."""

from __future__ import annotations

from typing import Any

import streamlit as st

from db.choices import fields_for, labels
from db.engine import reading
from db.fields import DATED, Field, Kind
from db.language import t
from db.masking import may_search
from db.models import Tag
from db.policy import Actor
from db.queries.links import link_choices, tag_choices
from db.validation import EARLIEST, LATEST


def key_of(noun: str, key: str) -> str:
    return f"{noun}.filter.{key}"


def filters(actor: Actor, noun: str) -> dict[str, Any]:
    """Draw the filter menu; returns what is set, ready for a ListQuery."""
    with reading(actor) as session:
        fields = [field for field in fields_for(session, noun) if field.filterable and may_search(actor, field)]
        words: dict[str, dict[Any, str]] = {field.key: _words(session, field) for field in fields}
        tags = tag_choices(session) if noun == "customer" else {}
    number = sum(bool(st.session_state.get(key_of(noun, field.key))) for field in fields) + bool(st.session_state.get(key_of(noun, "tags")))
    with st.popover(t("Filter ({n})", n=number) if number else t("Filter"), icon=":material/filter_list:", key=f"{noun}.filters"):
        chosen = {field.key: _filter(noun, field, words[field.key]) for field in fields}
        if tags:
            chosen["tags"] = st.multiselect(
                t(Tag.words[1]), list(tags), format_func=lambda id_: tags[id_], key=key_of(noun, "tags"), placeholder=t("Any"), persist_state="session"
            )
        st.button(t("Clear filters"), key=f"{noun}.clear", on_click=clear, args=(noun,), type="tertiary", icon=":material/filter_list_off:")
    return {key: value for key, value in chosen.items() if value not in (None, [], ())}


def _words(session: Any, field: Field) -> dict[Any, str]:
    return labels(session, field) if field.kind == Kind.CHOICE else link_choices(session, field) if field.kind == Kind.LINK else {}


def _filter(noun: str, field: Field, words: dict[Any, str]) -> Any:
    key = key_of(noun, field.key)
    if field.kind in {Kind.CHOICE, Kind.LINK}:
        return st.multiselect(
            field.title, list(words), format_func=lambda code: words.get(code, str(code)), key=key, placeholder=t("Any"), persist_state="session"
        )
    if field.kind == Kind.BOOLEAN:
        answers = {True: t("Yes"), False: t("No")}
        return st.selectbox(
            field.title, list(answers), index=None, format_func=lambda yes: answers[yes], key=key, placeholder=t("Any"), persist_state="session"
        )
    if field.kind in DATED:
        span = st.date_input(field.title, value=[], key=key, format="YYYY-MM-DD", min_value=EARLIEST, max_value=LATEST, persist_state="session")
        return (span[0], span[1]) if isinstance(span, tuple) and len(span) == 2 else None
    steps = list(range(int(field.minimum or 0), int(field.maximum or 5) + 1))
    return st.multiselect(field.title, steps, key=key, placeholder=t("Any"), persist_state="session")


def clear(noun: str) -> None:
    """Empty all filters and the search box (a callback: it writes nothing but the screen's own state)."""
    for key in [key for key in st.session_state if str(key).startswith((f"{noun}.filter.", f"{noun}.search"))]:
        del st.session_state[key]
