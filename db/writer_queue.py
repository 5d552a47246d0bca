"""SQLite takes one writer at a time: a first-in-first-out queue, in the process and between processes."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

PATIENCE = 600
"""Seconds that a process waits for another one's write, a large import among them."""


class WriterQueue:
    """Threads are served in order; a lock file beside the database keeps other processes in line.

    Raises RuntimeError when a thread that already writes asks again: nested transactions are a mistake.
    """

    def __init__(self, lock_file: Path | None) -> None:
        self._waiting: deque[threading.Event] = deque()
        self._guard = threading.Lock()
        self._holder: int | None = None
        self._file = FileLock(lock_file, thread_local=False, mode=0o600) if lock_file else None

    @contextmanager
    def turn(self) -> Iterator[None]:
        self._wait()
        try:
            if self._file:
                self._file.acquire(timeout=PATIENCE, poll_interval=0.002)
            yield
        finally:
            if self._file and self._file.is_locked:
                self._file.release()
            self._next()

    def _wait(self) -> None:
        if self._holder == threading.get_ident():
            raise RuntimeError("a transaction is already open in this thread")
        my_turn = threading.Event()
        with self._guard:
            self._waiting.append(my_turn)
            if len(self._waiting) == 1:
                my_turn.set()
        my_turn.wait()
        self._holder = threading.get_ident()

    def _next(self) -> None:
        self._holder = None
        with self._guard:
            self._waiting.popleft()
            if self._waiting:
                self._waiting[0].set()
