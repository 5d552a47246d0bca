"""A process that is killed in the middle of saves leaves everything that it had acknowledged, and nothing half done."""

from __future__ import annotations

import random
import time

from db import engine
from tests.long import times
from tests.torture import on_sqlite
from tests.torture.aftermath import assert_in_order, assert_kept
from tests.torture.worker import Order

PATIENCE = 60

def until_the_first(order: Order) -> None:
    end = time.monotonic() + PATIENCE
    while not order.acknowledged():
        assert time.monotonic() < end, order.errors()
        time.sleep(0.005)


@on_sqlite
def test_nothing_acknowledged_is_lost_and_nothing_is_torn(at_work, company):
    chance, saved = random.Random(5), set[str]()
    kills = times(2, 450)
    for kill in range(kills):
        process, order = at_work(f"k{kill}", threads=4)
        until_the_first(order)
        time.sleep(chance.uniform(0, 0.2))
        process.kill()
        process.join()
        saved |= order.acknowledged().keys()
        assert order.errors() == ""
        assert_kept(saved)
        if kill % 10 == 9 or kill == kills - 1:
            assert_in_order()
        engine.dispose_all()
    print(f"{kills} kills, {len(saved)} acknowledged")
