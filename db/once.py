"""What hardly changes is asked once while a page is drawn: settings, drop-down values, custom fields, versions. And which nouns the page read."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from contextvars import ContextVar
from typing import Any, TypeVar

Answer = TypeVar("Answer")

_kept: ContextVar[dict[Any, Any] | None] = ContextVar("kept", default=None)
_heard: ContextVar[set[str] | None] = ContextVar("heard", default=None)
SHARED = ("organisation", "user", "team", "option", "custom_field")
"""Nouns that are asked for once a page, on behalf of every question, or that decide who sees what."""


def begin() -> None:
    """A new page, dialog or fragment is drawn in this thread: what was kept for the one before is forgotten."""
    _kept.set({})
    _heard.set(set(SHARED))


def forget() -> None:
    """Something was written: ask again."""
    if _kept.get() is not None:
        _kept.set({})


def kept() -> dict[Any, Any] | None:
    """What was asked since `begin`; None where no page is being drawn."""
    return _kept.get()


def ask(question: Hashable, work: Callable[[], Answer], among: dict[Any, Any] | None = None) -> Answer:
    """The answer, worked out once a page; where none is being drawn, once among the answers given."""
    answers = kept() if among is None else among
    if answers is None:
        return work()
    if question not in answers:
        answers[question] = work()
    found: Answer = answers[question]
    return found


def hear(nouns: Iterable[str]) -> None:
    """The page that is being drawn rests on these nouns too."""
    heard = _heard.get()
    if heard is not None:
        heard |= set(nouns)


def heard() -> frozenset[str]:
    """The nouns that the page drawn in this thread rests on so far."""
    return frozenset(_heard.get() or SHARED)
