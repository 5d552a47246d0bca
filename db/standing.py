"""What changes seldom: settings, drop-down values, custom fields. It is kept in memory until a row of its noun changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from db import journal
from db.session import CrmSession

Answer = TypeVar("Answer")
_standing: dict[tuple[Any, ...], tuple[int, Any]] = {}


def standing(session: CrmSession, noun: str, question: Callable[[], Answer]) -> Answer:
    """The answer to the one question that is asked about a noun for everybody; whoever writes asks for themselves. It is shared: nobody may change it."""
    if session.writes:
        return question()
    key, version = (*place(session), noun), versions(session)[noun]
    known = _standing.get(key)
    if known is None or known[0] != version:
        known = _standing[key] = version, question()
    found: Answer = known[1]
    return found


def versions(session: CrmSession) -> dict[str, int]:
    """The number of the last change of every noun, asked once a page."""
    return session.once("versions", lambda: journal.versions(session))


def place(session: CrmSession) -> tuple[Any, ...]:
    """Which database it is, and which workspace in it."""
    return session.get_bind().engine.url, session.actor.workspace


def forget() -> None:
    """Another database stands in the place of the one before (tests)."""
    _standing.clear()
