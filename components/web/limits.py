"""How often one may ask. Counted in this process's memory: a reader must not wait for somebody's long write."""

from __future__ import annotations

import threading
import time

MOST_KEYS = 10_000


class Limit:
    """At most `most` calls of one key within each stretch of `seconds`."""

    def __init__(self, most: int, seconds: int) -> None:
        self.most, self.seconds = most, seconds
        self._counted: dict[str, tuple[float, int]] = {}
        self._lock = threading.Lock()

    def wait(self, key: str = "") -> int:
        """Count a call; 0 where it may pass, else after how many seconds to come again."""
        now = time.monotonic()
        with self._lock:
            began, count = self._counted.get(key, (now, 0))
            if now - began >= self.seconds:
                began, count = now, 0
            if count >= self.most:
                return int(began + self.seconds - now) + 1
            self._make_room(now)
            self._counted[key] = (began, count + 1)
            return 0

    def _make_room(self, now: float) -> None:
        """Forget what is over, and where that is not enough the older half."""
        if len(self._counted) >= MOST_KEYS:
            running = [(key, kept) for key, kept in self._counted.items() if now - kept[0] < self.seconds]
            self._counted = dict(sorted(running, key=lambda pair: pair[1][0])[-MOST_KEYS // 2 :])

    def forget(self) -> None:
        self._counted.clear()
