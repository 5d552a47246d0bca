"""SQLite takes one writer at a time: a first-in-first-out queue, in the process and between processes."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

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
        self._note = lock_file.with_suffix(".writing") if lock_file else None

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

    @contextmanager
    def told(self, who: str) -> Iterator[None]:
        """Within a turn: a note beside the lock tells other processes who writes at length. A courtesy: where it cannot be kept, the write goes on."""
        try:
            with suppress(OSError):
                if self._note:
                    self._note.write_text(who, encoding="utf-8")
                    self._note.chmod(0o600)
            yield
        finally:
            with suppress(OSError):
                if self._note:
                    self._note.unlink(missing_ok=True)

    def told_elsewhere(self) -> str | None:
        """Who writes at length in another process. The note of one that died says nothing: nobody holds the lock."""
        if self._note is None or self._file is None or not self._note.exists():
            return None
        probe = FileLock(self._file.lock_file, thread_local=False, mode=0o600)
        try:
            probe.acquire(timeout=0)
        except Timeout:
            with suppress(OSError, UnicodeDecodeError):
                return self._note.read_text(encoding="utf-8") or None
            return None
        try:
            self._note.unlink(missing_ok=True)
        finally:
            probe.release()
        return None

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
