"""A disk that fails in the middle of a save: it is said, and the next save works."""

from __future__ import annotations

import json

import pytest

from tests.long import times
from tests.torture import deeds, failing_disk, on_sqlite
from tests.torture.aftermath import assert_in_order, assert_kept

OPENING = (15, 1, 1)
SAVING = (times(20, 2000), times(5, 1), 3)
"""Faults, how far apart, and in which rounds the database is opened anew."""


@on_sqlite
@pytest.mark.parametrize(("wanted", "step", "afresh"), [OPENING, SAVING], ids=["opening", "saving"])
def test_nothing_is_lost_torn_or_doubled_and_the_next_save_works_without_a_restart(disk_nursery, company, database, tmp_path, wanted, step, afresh):
    answer = tmp_path / "told"
    process = disk_nursery.Process(target=failing_disk.save, args=(database, company.ada, wanted, step, afresh, answer))
    process.start()
    process.join()
    told = json.loads(answer.read_text())
    print({key: value for key, value in told.items() if key != "troubles"})
    assert told["troubles"] == []
    assert told["faults"] == wanted
    assert told["refused"] > wanted // 4
    assert_kept(f"deed {number}" for number in range(told["deeds"]))
    assert_in_order()
    assert len(deeds.kept()) == told["deeds"]
