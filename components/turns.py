"""Whose page is drawn next: one at a time, in the order of coming. Drawing many in slices would make everybody wait for the last."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition

ENOUGH = 0.5
"""Seconds after which a page is no longer waited for: it waits itself, most often for the database, and Python is free."""


class Turns:
    """A queue for the one place; who keeps it longer than `enough` seconds loses it to the next."""

    def __init__(self, enough: float = ENOUGH) -> None:
        self._enough = enough
        self._moved = Condition()
        self._waiting: deque[object] = deque()
        self._drawn: object | None = None
        self._until = 0.0

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for the place, and give it up at the end."""
        page = object()
        with self._moved:
            self._waiting.append(page)
            while not self._is_next(page):
                self._moved.wait(max(0.0, self._until - time.monotonic()) if self._waiting[0] is page else None)
            self._waiting.popleft()
            self._drawn, self._until = page, time.monotonic() + self._enough
            self._moved.notify_all()
        try:
            yield
        finally:
            with self._moved:
                if self._drawn is page:
                    self._drawn = None
                    self._moved.notify_all()

    def _is_next(self, page: object) -> bool:
        return self._waiting[0] is page and (self._drawn is None or time.monotonic() >= self._until)

    def waiting(self) -> int:
        """How many pages wait."""
        return len(self._waiting)


pages = Turns()
"""The pages of this process."""
