"""What long work tells of itself while it runs, and how it hears that nobody wants it any more."""

from __future__ import annotations

import time

from db.errors import CrmError, Message

PATIENCE = 120.0
"""Seconds without anybody looking after which work that writes nothing gives up."""


class Cancelled(CrmError):
    message = Message("Cancelled; nothing was written.")


class Progress:
    """Stages are 'read', 'check', 'wait', 'write' and 'finish'; a total of 0 means that nobody knows how much is to come."""

    def __init__(self) -> None:
        self.stage, self.done, self.total = "", 0, 0
        self._unwanted = False
        self._seen: float | None = None

    def begin(self, stage: str, total: int = 0) -> None:
        """Raises Cancelled, as `tell` does."""
        self.stage, self.done, self.total = stage, 0, total
        self.listen()

    def tell(self, done: int) -> None:
        """Raises Cancelled once it was asked to stop."""
        self.done = done
        self.listen()

    def listen(self) -> None:
        """Raises Cancelled once it was asked to stop."""
        forgotten = self._seen is not None and self.stage in {"read", "check"} and time.monotonic() - self._seen > PATIENCE
        if self._unwanted or forgotten:
            raise Cancelled

    def cancel(self) -> None:
        self._unwanted = True

    def look(self) -> float:
        """The share that is done, from 0 to 1; whoever looks is still there."""
        self._seen = time.monotonic()
        return min(self.done / self.total, 1.0) if self.total else 0.0
