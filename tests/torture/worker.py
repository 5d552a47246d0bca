"""A process that does real actions with many threads at once and notes each one that the product acknowledged."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import OperationalError

from db import engine, language
from db.policy import Actor
from tests.torture import deeds
from tests.torture.faults import Disk

MOMENT = 0.05


@dataclass(frozen=True)
class Order:
    """What a worker is to do. notes: the file of acknowledgements, one a line: name, begin and length (seconds).

    count: per thread, without end where None. patient: an unreachable database is tried again, as somebody presses Save again.
    """

    url: str
    actor: Actor
    notes: Path
    name: str
    threads: int = 4
    count: int | None = None
    products: tuple[int, ...] = ()
    patient: bool = False

    def acknowledged(self) -> dict[str, float]:
        """Name -> seconds that it took, of everything acknowledged so far."""
        lines = self.notes.read_text(encoding="utf-8").splitlines() if self.notes.exists() else []
        return {name: float(seconds) for name, _, seconds in (line.split("\t") for line in lines)}

    def errors(self) -> str:
        return self._trouble.read_text(encoding="utf-8") if self._trouble.exists() else ""

    @property
    def _trouble(self) -> Path:
        return self.notes.with_suffix(".errors")

    def complain(self, error: BaseException) -> None:
        with self._trouble.open("a", encoding="utf-8") as file:
            file.write(f"{type(error).__name__}: {error}\n")


def run_recorded(order: Order, log: Path) -> None:
    """Work the order off on a disk that is recorded; the acknowledgements are part of the recording where they lie beside the database."""
    Disk(engine.sqlite_path(order.url), log)
    run(order)


def run(order: Order, prepare: Callable[[], None] | None = None) -> None:
    """Work the order off. prepare: changes the process first (for what must fail)."""
    os.environ["REGULARS_DATABASE_URL"] = order.url
    language.use("en")
    if prepare:
        prepare()
    notes = os.open(order.notes, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    threads = [threading.Thread(target=_thread, args=(order, number, notes), daemon=True) for number in range(order.threads)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    engine.dispose_all()


def _thread(order: Order, number: int, notes: int) -> None:
    done = 0
    while order.count is None or done < order.count:
        key = f"deed {order.name}.{number}.{done}"
        begun = time.time()
        try:
            _one(order, key, number + done)
        except Exception as error:  # whatever it is, the test is told
            order.complain(error)
            return
        os.write(notes, f"{key}\t{begun:.4f}\t{time.time() - begun:.4f}\n".encode())
        done += 1


def _one(order: Order, key: str, number: int) -> None:
    while True:
        try:
            return deeds.count_up(order.actor, order.products[number % len(order.products)]) if order.products else deeds.do(order.actor, key)
        except OperationalError:
            if not order.patient:
                raise
            time.sleep(MOMENT)
