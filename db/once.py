"""What hardly changes is asked once while a page is drawn: settings, drop-down values, custom fields, versions. And which nouns the page read."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

Answer = TypeVar("Answer")

_kept: ContextVar[tuple[dict[Any, Any], ...]] = ContextVar("kept", default=())
"""One for the page, and one for each dialog or fragment that is drawn within it."""
_heard: ContextVar[set[str] | None] = ContextVar("heard", default=None)
SHARED = ("organisation", "user", "team", "option", "custom_field")
"""Nouns that are asked for once a page, on behalf of every question, or that decide who sees what."""


@contextmanager
def drawing() -> Iterator[None]:
    """A page, dialog or fragment is drawn in this thread and keeps its own answers, until it is drawn: what comes after finds none of them.

    What one within a page read, the page rests on too.
    """
    kept_before, heard_before = _kept.set((*_kept.get(), {})), _heard.set(set(SHARED))
    try:
        yield
    finally:
        read = heard()
        _kept.reset(kept_before)
        _heard.reset(heard_before)
        hear(read)


def forget() -> None:
    """Something was written: ask again."""
    for answers in _kept.get():
        answers.clear()


def kept() -> dict[Any, Any] | None:
    """What was asked since the drawing began; None where nothing is being drawn."""
    return _kept.get()[-1] if _kept.get() else None


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
