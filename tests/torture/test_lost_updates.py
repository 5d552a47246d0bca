"""Two processes with twenty threads each change the same records: every acknowledged change is there."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from db import engine
from tests.long import long, times
from tests.torture import deeds, on_sqlite
from tests.torture.aftermath import assert_in_order, quantile

PROCESSES, THREADS = 2, 20
PIECES = 10
"""The long form comes in pieces of a few minutes each."""


def careless() -> None:
    """Turn off what the product does about writers: the queue, and a transaction that begins with the right to write."""
    plain = engine._sqlite_engine

    def made(url: str, workspace: str) -> Any:
        ours = plain(url, workspace)
        return engine.create_engine(ours.url, module=engine.sqlite_driver(), connect_args={"timeout": 30})

    engine._sqlite_engine, engine._queue = made, cache(lambda _engine: None)


@on_sqlite
@pytest.mark.parametrize("piece", range(times(1, PIECES)))
def test_no_acknowledged_change_is_lost_and_nobody_waits_long(at_work, company, piece):
    hot = tuple(deeds.products(company.ada, 5))
    engine.dispose_all()
    each = times(2, 100_000 // PIECES // PROCESSES // THREADS)
    workers = [at_work(f"p{number}", threads=THREADS, count=each, products=hot) for number in range(PROCESSES)]
    for process, _ in workers:
        process.join()
    assert [order.errors() for _, order in workers] == [""] * PROCESSES
    waits = [seconds for _, order in workers for seconds in order.acknowledged().values()]
    print(f"{len(waits)} acknowledged, p50 {quantile(waits, 0.5):.3f} s, p99 {quantile(waits, 0.99):.3f} s, longest {max(waits):.3f} s")
    assert len(waits) == each * PROCESSES * THREADS
    assert deeds.counted(list(hot)) == len(waits)
    assert_in_order()
    if long():
        assert quantile(waits, 0.99) <= 0.5


@on_sqlite
def test_without_our_care_changes_would_be_lost_or_refused(at_work, company):
    hot = tuple(deeds.products(company.ada, 1))
    engine.dispose_all()
    workers = [at_work(f"p{number}", careless, threads=4, count=times(5, 50), products=hot) for number in range(PROCESSES)]
    for process, _ in workers:
        process.join()
    waits = [seconds for _, order in workers for seconds in order.acknowledged().values()]
    refused = sum(len(order.errors().splitlines()) for _, order in workers)
    print(f"{len(waits)} acknowledged, {len(waits) - deeds.counted(list(hot))} lost, {refused} of {PROCESSES * 4} threads ended by an error")
    assert deeds.counted(list(hot)) < len(waits) or refused
