"""Processes that do real actions and can be hit, and the little company that they work for."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from multiprocessing.context import ForkServerContext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from db import clock, engine
from db.actions import customers
from db.engine import transaction
from tests.torture import deeds, worker
from tests.torture.worker import Order


@pytest.fixture(scope="session")
def nursery() -> ForkServerContext:
    """Makes processes that have the product loaded already."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["__main__", "tests.torture.worker"])
    return context


@pytest.fixture
def company(acme: SimpleNamespace) -> SimpleNamespace:
    """The small company with a dozen customers, and nobody connected to its database."""
    clock.use_zone("Asia/Shanghai")
    with transaction(acme.ada, "customer.create") as session:
        for number in range(deeds.CUSTOMERS):
            customers.create(session, {"name": f"Old Friend {number}", "owner_id": acme.amy.id})
    engine.dispose_all()
    return acme


@pytest.fixture
def at_work(nursery: ForkServerContext, tmp_path: Path, database: str, company: SimpleNamespace) -> Iterator[Callable[..., tuple[Any, Order]]]:
    """Start a process that works off an order; ended with the test."""
    processes: list[Any] = []

    def start(name: str, prepare: Callable[[], None] | None = None, **wishes: Any) -> tuple[Any, Order]:
        order = Order(database, company.ada, tmp_path / f"{name}.notes", name, **wishes)
        process = nursery.Process(target=worker.run, args=(order, prepare))
        process.start()
        processes.append(process)
        return process, order

    yield start
    for process in processes:
        process.kill()
        process.join()

