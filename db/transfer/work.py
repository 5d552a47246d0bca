"""A long piece of work in a thread of its own, in the language and at the time of whoever began it."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import copy_context
from threading import Thread
from typing import Generic, TypeVar

from db.transfer.progress import Progress

Result = TypeVar("Result")


class Work(Generic[Result]):
    """task: gets the Progress that this work is followed by."""

    def __init__(self, task: Callable[[Progress], Result]) -> None:
        self.progress = Progress()
        self._task = task
        self._result: Result | None = None
        self._failure: BaseException | None = None
        self._thread = Thread(target=copy_context().run, args=(self._run,), name="import", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def _run(self) -> None:
        try:
            self._result = self._task(self.progress)
        except BaseException as failure:  # handed to whoever asks for the outcome
            self._failure = failure

    def finished(self, within: float = 0.0) -> bool:
        """Whether it has ended, waiting so many seconds at most."""
        self._thread.join(within)
        return not self._thread.is_alive()

    def outcome(self) -> Result:
        """What the task returned; raises what it raised."""
        if self._failure is not None:
            raise self._failure
        return self._result  # type: ignore[return-value]
