"""What hardly changes is asked once while a page is drawn: settings, drop-down values, custom fields, versions."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

_kept: ContextVar[dict[Any, Any] | None] = ContextVar("kept", default=None)


def begin() -> None:
    """A new page, dialog or fragment is drawn in this thread: what was kept for the one before is forgotten."""
    _kept.set({})


def forget() -> None:
    """Something was written: ask again."""
    if _kept.get() is not None:
        begin()


def kept() -> dict[Any, Any] | None:
    """What was asked since `begin`; None where no page is being drawn."""
    return _kept.get()
