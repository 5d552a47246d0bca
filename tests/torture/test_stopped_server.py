"""The database server stops at once under load: nothing acknowledged is lost, and the product saves again by itself."""

from __future__ import annotations

import time
from collections.abc import Iterator
from types import SimpleNamespace

import psycopg
import pytest

from db import engine, migrations
from tests.conftest import everybody, found_acme, missing
from tests.journeys.house import at_home
from tests.long import times
from tests.postgres import Cluster, server_programs
from tests.torture.aftermath import assert_in_order, assert_kept, quantile
from tests.torture.conftest import with_customers
from tests.torture.worker import Order

PATIENCE = 60


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    programs = server_programs()
    if programs is None:
        missing("PostgreSQL server")
        return
    own = Cluster(programs, durable=True)
    own.start()
    yield own
    engine.dispose_all()
    own.stop()


def founded(cluster: Cluster) -> tuple[str, SimpleNamespace]:
    with psycopg.connect(f"{cluster.url}/postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE stopped")
    url = f"{cluster.url}/stopped"
    with at_home(url):
        migrations.upgrade()
        found_acme()
        people = everybody()
        with_customers(people)
    return url, people


def until_more_than(number: int, order: Order) -> float:
    """Wait for acknowledgements beyond a number; returns the seconds that it took."""
    begun = time.monotonic()
    while len(order.acknowledged()) <= number:
        assert time.monotonic() - begun < PATIENCE, order.errors()
        time.sleep(0.02)
    return time.monotonic() - begun


def test_nothing_acknowledged_is_lost_and_saving_goes_on_after_a_restart(cluster, starting):
    url, people = founded(cluster)
    _, order = starting(url, people.ada, "pg", threads=4, patient=True)
    waits = []
    for _ in range(times(1, 100)):
        until_more_than(len(order.acknowledged()) + 3, order)
        cluster.crash()
        before = len(order.acknowledged())
        cluster.resume()
        waits.append(until_more_than(before, order))
    assert order.errors() == ""
    print(f"{len(waits)} stops, {len(order.acknowledged())} acknowledged, saving again after {quantile(waits, 0.5):.2f} s, at most {max(waits):.2f} s")
    with at_home(url):
        assert_kept(order.acknowledged())
        assert_in_order()
