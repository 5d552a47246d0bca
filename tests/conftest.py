"""Every promise is tested on both databases: the fixture `database` is SQLite, then PostgreSQL."""

from __future__ import annotations

import gc
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from filelock import FileLock
from sqlalchemy import select

from db import engine, language, migrations
from db.models import Organisation, Team, User
from db.policy import SYSTEM, Actor
from tests.browser import Server, chromium, launched
from tests.houses import PostgresHouse, SqliteHouse
from tests.postgres import Cluster, server_programs

EVERYTHING_REQUIRED = os.environ.get("REGULARS_TEST_REQUIRE") == "all"


FIRST = ("tests/journeys/", "tests/seed/", "tests/real/")
"""The longest tests begin first, so that no process is left alone with them."""
TOGETHER = ("tests/journeys/", "tests/seed/")
"""Folders whose tests share something costly: one process runs them all."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: tests with a browser wait for most of their time."""
    return len(os.sched_getaffinity(0)) + 1 if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1) + 1


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Tests are given out one by one, those of a shared house together."""
    from xdist.scheduler import LoadScopeScheduling

    class Scheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return next((folder for folder in TOGETHER if nodeid.startswith(folder)), nodeid)

    return Scheduling(config, log)


def pytest_collection_finish() -> None:
    """What is loaded by now stays anyway: the collector need not look at it again and again."""
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: next((place for place, folder in enumerate(FIRST) if item.nodeid.startswith(folder)), len(FIRST)))


def missing(what: str) -> None:
    """Skip with a visible reason; in CI a missing part is a failure."""
    if EVERYTHING_REQUIRED:
        pytest.fail(f"{what} is required here")
    pytest.skip(f"{what} is not installed")


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a running throw-away cluster, one per test process."""
    programs = server_programs()
    if programs is None:
        missing("PostgreSQL server")
        return
    cluster = Cluster(programs)
    cluster.start()
    try:
        yield cluster.url
    finally:
        engine.dispose_all()
        cluster.stop()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with our empty tables, made once for all processes."""
    shared = tmp_path_factory.getbasetemp().parent if os.environ.get("PYTEST_XDIST_WORKER") else tmp_path_factory.getbasetemp()
    return made_once(shared / "template.db", None, migrations.upgrade)


@pytest.fixture(scope="session")
def sqlite_acme(sqlite_template: Path) -> Path:
    return made_once(sqlite_template.with_name("acme.db"), sqlite_template, found_acme)


def made_once(path: Path, template: Path | None, fill: Callable[[], object]) -> Path:
    """The file, filled by whichever process comes first."""
    with FileLock(f"{path}.lock"):
        if not path.exists():
            fresh = path.with_suffix(".fresh")
            if template:
                shutil.copyfile(template, fresh)
            filled(f"sqlite:///{fresh}", fill)
            fresh.rename(path)
    return path


@pytest.fixture(scope="session")
def postgres_server(postgres: str) -> Iterator[psycopg.Connection]:
    """The server's own connection, kept open: it makes and drops the tests' databases."""
    with psycopg.connect(f"{postgres}/postgres", autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def postgres_template(postgres: str, postgres_server: psycopg.Connection) -> str:
    postgres_server.execute("CREATE DATABASE template_regulars")
    filled(f"{postgres}/template_regulars", migrations.upgrade)
    return "template_regulars"


@pytest.fixture(scope="session")
def postgres_acme(postgres: str, postgres_server: psycopg.Connection, postgres_template: str) -> str:
    postgres_server.execute(f"CREATE DATABASE template_acme TEMPLATE {postgres_template}")
    filled(f"{postgres}/template_acme", found_acme)
    return "template_acme"


def filled(url: str, fill: Callable[[], object]) -> None:
    with pytest.MonkeyPatch.context() as during:
        during.setenv("REGULARS_DATABASE_URL", url)
        fill()
        engine.dispose_all()


@pytest.fixture(scope="session")
def house_of(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path | str], SqliteHouse | PostgresHouse]:
    """This process's database that begins like a template: a file of SQLite, or the name of a database on the throw-away server."""

    @cache
    def house(template: Path | str) -> SqliteHouse | PostgresHouse:
        if isinstance(template, Path):
            return SqliteHouse(tmp_path_factory.mktemp("house") / "data", template)
        return PostgresHouse(request.getfixturevalue("postgres"), f"house_of_{template}", template)

    return house


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, house_of: Callable[..., SqliteHouse | PostgresHouse], monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A database of our tables, empty or with the company of `acme`; its URL is the one the product uses."""
    server, content = "sqlite" if request.param == "sqlite" else "postgres", "acme" if "acme" in request.fixturenames else "template"
    yield from lived_in(house_of(request.getfixturevalue(f"{server}_{content}")), monkeypatch)


def lived_in(house: SqliteHouse | PostgresHouse, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    house.put_back()
    yield from in_use(house.url, monkeypatch)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A place for a database where there are no tables yet."""
    if request.param == "sqlite":
        url, drop = f"sqlite:///{tmp_path / 'data' / 'regulars.db'}", lambda: None
    else:
        url, drop = new_postgres_database(request, template="template0")
    yield from in_use(url, monkeypatch)
    drop()


def new_postgres_database(request: pytest.FixtureRequest, template: str) -> tuple[str, Callable[[], None]]:
    """The URL of a new database on the throw-away server, and how to drop it."""
    server, address, name = request.getfixturevalue("postgres_server"), request.getfixturevalue("postgres"), f"t{uuid.uuid4().hex[:12]}"
    server.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    return f"{address}/{name}", lambda: server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def in_use(url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("REGULARS_DATABASE_URL", url)
    language.use("en")
    yield url
    engine.dispose_all()


ACME = {"ada": ("admin", None), "mia": ("manager", "North"), "amy": ("rep", "North"), "bo": ("rep", "North"),
        "sol": ("manager", "South"), "cy": ("rep", "South"), "gil": ("agent", "North"), "vic": ("viewer", None)}


def found_acme() -> None:
    with engine.transaction(SYSTEM, "setup") as session:
        session.add(Organisation(name="Acme", time_zone="Asia/Shanghai"))
        teams = {name: Team(name=name) for name in ("North", "South")}
        session.add_all(teams.values())
        session.flush()
        session.add_all(User(user_name=name, name=name.title(), role=role, team_id=teams[team].id if team else None) for name, (role, team) in ACME.items())


@pytest.fixture
def acme(database: str) -> SimpleNamespace:
    """A small company: an administrator, two teams, and an actor of every role, by first name."""
    return everybody()


def everybody() -> SimpleNamespace:
    with engine.reading(SYSTEM) as session:
        actors = {user.user_name: Actor(user.id, user.name, user.role, user.team_id) for user in session.scalars(select(User))}
        teams = {team.name: team.id for team in session.scalars(select(Team))}
    return SimpleNamespace(**actors, teams=teams)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium, driven by Playwright."""
    program = chromium()
    if program is None:
        missing("Chromium")
        return
    with launched(program) as running:
        yield running


@pytest.fixture
def live_app(tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """The product, running on a database of its own; `live_app.url` is its address. The test writes to the same database."""
    database = tmp_path / "live.db"
    shutil.copyfile(sqlite_template, database)
    monkeypatch.setenv("REGULARS_DATABASE_URL", f"sqlite:///{database}")
    server = Server(f"sqlite:///{database}", tmp_path)
    server.start()
    yield server
    server.stop()
    engine.dispose_all()
