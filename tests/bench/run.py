"""One database at one size: filled, served, measured."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from components.start_up import load
from db.policy import Actor
from tests.bench import chromium, saving
from tests.bench.capacity import idle_session, reruns_a_second
from tests.bench.filling import fill
from tests.bench.measuring import Reruns, by_turns, shape_of
from tests.bench.pages import Page, query_of
from tests.bench.questions import Sql, sql_of
from tests.bench.servers import Floor, memory
from tests.browser import Server, launched
from tests.door import cookie_of
from tests.journeys.house import at_home
from tests.postgres import Cluster, server_programs
from tests.tab import Tab


@dataclass(frozen=True)
class Wanted:
    """What is asked for on the command line."""

    pages: list[Page]
    roles: list[str]
    times: int
    browser: str | None


@dataclass(frozen=True)
class Measured:
    """A page as a role sees it: from the cache and after a change, each beside its floor and a constant page of the same shape."""

    page: Page
    role: str
    kept: Reruns
    fresh: Reruns
    floor: Reruns
    same: Reruns
    charts: int
    sql: Sql


@dataclass
class Size:
    database: str
    customers: int
    filled: float
    pages: list[Measured] = field(default_factory=list)
    figures: dict[str, str] = field(default_factory=dict)
    in_browser: dict[str, float] = field(default_factory=dict)


def measure(database: str, customers: int, wanted: Wanted) -> Size:
    with tempfile.TemporaryDirectory() as folder, _place(database, Path(folder)) as url, at_home(url):
        begun = time.monotonic()
        actors = fill(customers)
        size = Size(database, customers, time.monotonic() - begun)
        load()
        cookies = {role: cookie_of(actor) for role, actor in actors.items()}
        with _running(Server(url, Path(folder))) as product, _running(Floor(Path(folder), tuned=True)) as tuned:
            _first_visits(size, product, tuned, cookies["admin"])
            for role in wanted.roles:
                size.pages += [_measured(page, role, actors, cookies[role], product, tuned, wanted.times) for page in wanted.pages]
            _saves(size, actors["admin"], cookies["admin"], product, tuned, wanted.times)
            size.figures["peak memory, MB (VmHWM)"] = f"{memory(product):.0f}"
            with _running(Floor(Path(folder), tuned=False)) if wanted.browser else nullcontext() as shipped:
                if wanted.browser and shipped:
                    _in_browser(size, wanted, product, tuned, shipped, cookies["admin"])
        with _running(Server(url, Path(folder))) as fresh:
            _bears(size, fresh, cookies["rep"])
        return size


@contextmanager
def _place(database: str, folder: Path) -> Iterator[str]:
    if database == "sqlite":
        yield f"sqlite:///{folder / 'bench.db'}"
        return
    programs = server_programs()
    if programs is None:
        raise SystemExit("The PostgreSQL server's programs are needed.")
    cluster = Cluster(programs)
    cluster.start()
    try:
        yield f"{cluster.url}/postgres"
    finally:
        cluster.stop()


@contextmanager
def _running(server: Server) -> Iterator[Any]:
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _first_visits(size: Size, product: Server, tuned: Server, cookie: str) -> None:
    with Tab(product.url, cookie) as ours, Tab(tuned.url) as hello:
        first, least = ours.open("customers").seconds, hello.open().seconds
    size.figures["first visit after the start / hello's"] = f"{first:.2f} s / {least:.2f} s = {first / least:.1f} (mark 3)"


def _measured(page: Page, role: str, actors: dict[str, Actor], cookie: str, product: Server, tuned: Server, times: int) -> Measured:
    with Tab(product.url, cookie) as ours, Tab(tuned.url) as floor, Tab(tuned.url) as same:
        ours.open(page.path, "&".join(f"{name}={value}" for name, value in query_of(page).items()))
        floor.open("", f"shape={page.floor}")
        same.open("", shape_of(ours))
        visits = [(product, ours), (tuned, floor), (tuned, same)]
        kept, least, alike = by_turns(visits, times)
        (fresh,) = by_turns(visits[:1], max(3, times // 3), partial(saving.change_everything, actors["admin"]))
        charts = sum("vega_lite_chart" in str(element.WhichOneof("type")) for element in ours.elements.values())
    return Measured(page, role, kept, fresh, least, alike, charts, sql_of(actors[role], page.key, query_of(page)))


def _saves(size: Size, admin: Actor, cookie: str, product: Server, tuned: Server, times: int) -> None:
    with Tab(product.url, cookie) as ours, Tab(tuned.url) as hello:
        seen = saving.save_and_see(ours, times)
        hello.open()
        (floor,) = by_turns([(tuned, hello)], times)
    size.figures["save and see it / hello"] = f"{seen:.0f} ms / {floor.wall:.0f} ms = {seen / floor.wall:.1f} (mark 1.5)"
    size.figures["the save's transaction, ms"] = f"{saving.save(admin):.1f}"
    ours_ms, raw_ms = saving.export_against_raw(admin)
    size.figures["export of all customers / raw SQL and csv.writer"] = f"{ours_ms:.0f} ms / {raw_ms:.0f} ms = {ours_ms / raw_ms:.1f} (mark 1.5)"


def _in_browser(size: Size, wanted: Wanted, product: Server, tuned: Server, shipped: Server, cookie: str) -> None:
    with launched(str(wanted.browser)) as browser:
        quick, slow = chromium.clicks(browser, tuned), chromium.clicks(browser, shipped)
        size.figures["tuned click / shipped click in Chromium"] = f"{quick:.0f} ms / {slow:.0f} ms = {quick / slow:.2f} (mark 0.25)"
        size.in_browser = chromium.to_content(browser, product, cookie, wanted.pages)


def _bears(size: Size, server: Server, cookie: str) -> None:
    size.figures["memory of an idle session, MB"] = f"{idle_session(server, cookie, 'customers'):.1f}"
    rate, slow, tabs = reruns_a_second(server, cookie, "customers")
    size.figures["reruns a second of one process at p95 ≤ 0.25 s"] = f"{rate:.1f} (p95 {slow:.2f} s, {tabs} tabs that never rest)"
