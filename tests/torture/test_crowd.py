"""Many people at once: nobody meets an error, nothing is lost, nobody waits long; and the memory does not grow with the visits."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from db.engine import engine_for
from tests.browser import ROOT
from tests.journeys.house import House
from tests.long import long
from tests.tab import Tab
from tests.torture.aftermath import assert_in_order, quantile
from tests.torture.served import KEPT

pytestmark = pytest.mark.skipif(not long(), reason="needs minutes: make torture")
PAUSE = 5.0


def crowd(house: House, people: int, seconds: float) -> dict[str, Any]:
    wishes = {"server": house.server.url, "cookies": list(house.cookies.values()), "people": people, "seconds": seconds, "pause": PAUSE}
    ended = subprocess.run([sys.executable, "-m", "tests.torture.crowd", json.dumps(wishes)], cwd=ROOT, stdout=subprocess.PIPE, check=True, text=True)
    seen: dict[str, Any] = json.loads(ended.stdout)
    waits = seen["seconds"]
    print(f"{people} people, {seconds:.0f} s: {len(waits)} clicks, {len(seen['errors'])} errors, p50 {quantile(waits, 0.5):.3f} s, p95 {quantile(waits, 0.95):.3f} s, "
          f"longest {max(waits):.3f} s, {len(seen['confirmed'])} notes")
    return seen


def assert_nothing_lost(house: House, confirmed: list[str]) -> None:
    with house.data():
        with engine_for().connect() as connection:
            notes = Counter(dict(iter(connection.execute(text(KEPT)))))
        assert [words for words in confirmed if notes[words] != 1] == []
        assert set(notes.values()) == {1}
        assert_in_order()


def test_thirty_people_for_ten_minutes_meet_no_error_and_wait_less_than_a_second(house):
    seen = crowd(house, 30, 600)
    assert seen["errors"] == []
    assert_nothing_lost(house, seen["confirmed"])
    assert quantile(seen["seconds"], 0.95) <= 1


def test_a_hundred_people_meet_no_error_and_lose_nothing(house):
    seen = crowd(house, 100, 180)
    assert seen["errors"] == []
    assert_nothing_lost(house, seen["confirmed"])


def memory(house: House) -> int:
    """Megabytes of the server's process."""
    assert house.server.process is not None
    status = Path(f"/proc/{house.server.process.pid}/status").read_text(encoding="utf-8")
    return next(int(line.split()[1]) // 1024 for line in status.splitlines() if line.startswith("VmRSS"))


def visit(house: House) -> None:
    with Tab(house.server.url, house.cookies["rui"]) as tab:
        tab.open("today")
        tab.open("customers")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is read from /proc")
def test_memory_is_flat_over_a_thousand_sessions(house):
    marks = []
    for number in range(1000):
        visit(house)
        if number % 100 == 99:
            marks.append(memory(house))
    print(f"memory after each 100 sessions: {marks} MB")
    assert marks[-1] <= marks[1] * 1.1
