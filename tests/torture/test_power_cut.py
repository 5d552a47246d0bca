"""The power fails at any moment: what was acknowledged before is there, and the database is sound."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

from db.engine import sqlite_driver, sqlite_path
from tests.journeys.house import at_home
from tests.long import times
from tests.torture import deeds, on_sqlite, recording, worker
from tests.torture.aftermath import assert_in_order, assert_kept
from tests.torture.recording import Disk, Operation
from tests.torture.worker import Order

SAVES, THREADS = times(12, 120), 4
READ_WHOLE = 50
"""At every so many cuts all books are read, not the acknowledged saves alone."""


@pytest.fixture
def recorded(disk_nursery: Any, company: SimpleNamespace, database: str, tmp_path: Path) -> tuple[dict[str, bytes], list[Operation]]:
    """What lay on the disk before some saves, and everything that they did to it."""
    file = sqlite_path(database)
    start = {str(path): path.read_bytes() for path in file.parent.glob(f"{file.name}*")}
    order = Order(database, company.ada, file.with_name(f"{file.name}.notes"), "cut", threads=THREADS, count=SAVES // THREADS)
    process = disk_nursery.Process(target=worker.run_recorded, args=(order, tmp_path / "recording"))
    process.start()
    process.join()
    assert order.errors() == ""
    return start, list(recording.read(tmp_path / "recording"))


def cuts(start: dict[str, bytes], operations: list[Operation], number: int, deaf: bool = False) -> Iterator[tuple[set[str], dict[str, bytes]]]:
    """For so many moments of the run: what had been acknowledged, and what the power cut left."""
    chance, disk, acknowledged = Random(7), Disk(start, deaf), set[str]()
    moments = sorted(chance.choices(range(len(operations)), k=number))
    for at, operation in enumerate(operations):
        while moments and moments[0] == at:
            moments.pop(0)
            yield set(acknowledged), disk.after_a_power_cut(chance)
        if operation.path.endswith(".notes"):
            acknowledged |= {line.split("\t")[0] for line in operation.data.decode().splitlines()}
        else:
            disk.run(operation)


def laid_out(state: dict[str, bytes], folder: Path) -> Path:
    """The files in a folder of their own; the index of the log (-shm) lived in memory and is gone."""
    for old in folder.glob("*"):
        old.unlink()
    for path, content in state.items():
        if not path.endswith(("-shm", ".lock")):
            (folder / Path(path).name).write_bytes(content)
    return folder / "regulars.db"


@on_sqlite
def test_nothing_acknowledged_is_lost_and_the_database_is_sound(recorded, tmp_path):
    start, operations = recorded
    folder, number = tmp_path / "after", times(40, 5000)
    folder.mkdir()
    for cut, (acknowledged, state) in enumerate(cuts(start, operations, number)):
        file = laid_out(state, folder)
        assert_kept(acknowledged, deeds.kept_in(file))
        if cut % READ_WHOLE == 0:
            with at_home(f"sqlite:///{file}"):
                assert_in_order()
                assert_kept(acknowledged)
    print(f"{cut + 1} cuts within {len(operations)} operations, {len(acknowledged)} acknowledged before the last")
    assert cut + 1 == number
    assert len(acknowledged) > SAVES // 2
    on_a_lying_disk = [is_whole(acknowledged, laid_out(state, folder)) for acknowledged, state in cuts(start, operations, 20, deaf=True)]
    assert on_a_lying_disk.count(False) > 10, "a disk that does not sync must be found out"


def is_whole(acknowledged: set[str], file: Path) -> bool:
    driver: Any = sqlite_driver()
    try:
        assert_kept(acknowledged, deeds.kept_in(file))
    except (AssertionError, driver.DatabaseError):
        return False
    return True
