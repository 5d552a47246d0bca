"""Processes that do real actions and can be hit, and the little company that they work for."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from functools import partial
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from db import clock, engine
from db.actions import customers
from db.engine import transaction
from db.policy import Actor
from tests.browser import Server
from tests.conftest import missing
from tests.journeys.house import House, furnish
from tests.torture import deeds, faults, worker
from tests.torture.worker import Order


@pytest.fixture(scope="session")
def disk_library(tmp_path_factory: pytest.TempPathFactory) -> Path | None:
    return faults.library(tmp_path_factory.mktemp("faults"))


@pytest.fixture(scope="session")
def nursery(disk_library: Path | None) -> ForkServerContext:
    """Makes processes that have the product loaded already, and the disk that can fail where there is one."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["__main__", "tests.torture.worker"])
    with faults.loaded(disk_library):
        forkserver.ensure_running()
    return context


@pytest.fixture
def disk_nursery(nursery: ForkServerContext, disk_library: Path | None) -> ForkServerContext:
    if disk_library is None:
        missing("A C compiler on Linux")
    return nursery


@pytest.fixture
def company(acme: SimpleNamespace) -> SimpleNamespace:
    """The small company with a dozen customers, and nobody connected to its database."""
    with_customers(acme)
    engine.dispose_all()
    return acme


def with_customers(acme: SimpleNamespace) -> None:
    clock.use_zone("Asia/Shanghai")
    with transaction(acme.ada, "customer.create") as session:
        for number in range(deeds.CUSTOMERS):
            customers.create(session, {"name": f"Old Friend {number}", "owner_id": acme.amy.id})


@pytest.fixture
def starting(nursery: ForkServerContext, tmp_path: Path) -> Iterator[Callable[..., tuple[Any, Order]]]:
    """Start a process that works off an order over a database; ended with the test."""
    processes: list[Any] = []

    def start(url: str, actor: Actor, name: str, prepare: Callable[[], None] | None = None, **wishes: Any) -> tuple[Any, Order]:
        order = Order(url, actor, tmp_path / f"{name}.notes", name, **wishes)
        process = nursery.Process(target=worker.run, args=(order, prepare))
        process.start()
        processes.append(process)
        return process, order

    yield start
    for process in processes:
        process.kill()
        process.join()


@pytest.fixture
def at_work(starting: Callable[..., tuple[Any, Order]], database: str, company: SimpleNamespace) -> Callable[..., tuple[Any, Order]]:
    """The same over the company's database, as its administrator."""
    return partial(starting, database, company.ada)


@pytest.fixture
def house(sqlite_template: Path, tmp_path: Path) -> Iterator[House]:
    """The real server over a small company with a past."""
    url, actors, cookies = furnish(sqlite_template, tmp_path)
    server = Server(url, tmp_path)
    server.start()
    yield House(server, actors, cookies)
    server.stop()
