"""Answers are kept as long as nothing that they read has changed; what that is, is heard while they are worked out."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import streamlit as st

from db import clock, concerns, once
from db.engine import reading
from db.language import current
from db.policy import Actor
from db.session import CrmSession

Answer = TypeVar("Answer")
_heard: dict[tuple[str, ...], set[str]] = {}
"""By question: every noun that it was ever heard reading."""


def ask(actor: Actor, question: Callable[..., Answer], *arguments: Any, **options: Any) -> Answer:
    """`question(session, *arguments, **options)`, from the cache while the data version of the nouns that it reads stands still."""
    name = f"{question.__module__}.{question.__qualname__}"
    asked = (name, *(word for word in (*arguments, *options.values()) if isinstance(word, str)))  # words choose what is asked about: a KPI, a noun
    heard = _heard.setdefault(asked, set(once.SHARED))

    def kept(session: CrmSession, work: Callable[[], Answer]) -> Answer:
        rests_on = (name, concerns.visibility(actor), version_of(session, frozenset(heard)), clock.today(), current(), arguments, options)
        found: Answer = _kept(work, pickle.dumps(rests_on))
        return found

    with reading(actor) as session:
        known = len(heard)
        answer = kept(session, lambda: question(session, *arguments, **options))
        heard |= session.heard
        if len(heard) > known:
            kept(session, lambda: answer)
    once.hear(heard)
    return answer


@st.cache_data(max_entries=2000, ttl=24 * 3600, show_spinner=False)
def _kept(_work: Callable[[], Any], key: bytes) -> Any:
    """An answer; `key` is the question and everything that it depends on, in bytes: Streamlit would look through it value by value."""
    return _work()


def version_of(session: CrmSession, nouns: Iterable[str]) -> int:
    """The version that the whole page is drawn at: the last change that concerns the session's actor."""
    known = session.once(("concerning", session.actor), lambda: concerns.versions(session))
    return max(known[noun] for noun in nouns)
