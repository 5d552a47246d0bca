"""Who is asking, resolved in the database on every run."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import streamlit as st

from components.web.reach import LANGUAGE_COOKIE
from db import language, once
from db.actions import sessions
from db.errors import Forbidden
from db.policy import Actor


def session_id() -> str | None:
    """The hash of the session's cookie, as the gate told it."""
    sid = st.user.get("sid")
    return str(sid) if sid else None


def address() -> str:
    return str(st.context.headers.get("x-regulars-address") or "unknown")


def device() -> str | None:
    """The hash of this browser's own cookie, which outlives its sessions."""
    return st.context.headers.get("x-regulars-device")


def browser_language() -> str:
    chosen = st.context.cookies.get(LANGUAGE_COOKIE)
    return chosen if chosen in language.LANGUAGES else language.nearest(st.context.locale)


def find_actor() -> Actor | None:
    """Whoever is signed in, with role and team as they were when this run began; sets its language."""
    sid, spoken = session_id(), browser_language()
    actor = once.ask(("actor", sid, spoken), lambda: sessions.actor_for(sid, spoken))
    language.use(actor.language if actor else browser_language())
    return actor


def current_actor() -> Actor:
    """The actor, for code that only runs for people who are signed in.

    Also the first call of every callback: it runs without the main script, as a dialog does (`afresh`).
    """
    actor = find_actor()
    if actor is None:
        raise Forbidden
    return actor


def afresh(body: Callable[..., None]) -> Callable[..., None]:
    """A dialog's or fragment's body: it runs without the main script, so who is asking, and in which language, is found again.

    An actor that comes first among the arguments is replaced by the one of now.
    """

    @wraps(body)
    def run(*arguments: Any) -> None:
        with once.drawing():
            actor = current_actor()
            first, rest = arguments[:1], arguments[1:]
            body(*((actor,) if first and isinstance(first[0], Actor) else first), *rest)

    return run


def later(make: Callable[[Actor], bytes]) -> Callable[[], bytes]:
    """A file's content for when it is asked for: no page runs then, so who is asking is found again.

    The content raises Forbidden when the session has ended.
    """
    sid = session_id()

    def content() -> bytes:
        actor = sessions.actor_for(sid)
        if actor is None:
            raise Forbidden
        return make(actor)

    return content
