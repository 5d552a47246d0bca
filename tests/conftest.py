"""Every promise is tested on both databases: the fixture `database` is SQLite, then PostgreSQL."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from filelock import FileLock
from sqlalchemy import select

from db import clock, engine, language, migrations
from db.models import Organisation, Team, User
from db.policy import SYSTEM, Actor
from tests.browser import Server, chromium, launched
from tests.houses import House, PostgresHouse, SqliteHouse, move_into
from tests.postgres import cluster_url, server_programs, stop_cluster

SHARED = pytest.StashKey[Path]()
gc.disable()  # while the tests are collected
EVERYTHING_REQUIRED = os.environ.get("REGULARS_TEST_REQUIRE") == "all"


FIRST = ("tests/journeys/", "tests/seed/", "tests/real/")
"""The longest tests begin first, so that no process is left alone with them."""
TOGETHER = ("tests/journeys/", "tests/seed/", "tests/torture/")
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
    gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: next((place for place, folder in enumerate(FIRST) if item.nodeid.startswith(folder)), len(FIRST)))


def missing(what: str) -> None:
    """Skip with a visible reason; in CI a missing part is a failure."""
    if EVERYTHING_REQUIRED:
        pytest.fail(f"{what} is required here")
    pytest.skip(f"{what} is not installed")


def pytest_configure(config: pytest.Config) -> None:
    """All processes of a run share a folder."""
    given = getattr(config, "workerinput", None)
    config.stash[SHARED] = Path(given["shared"] if given else tempfile.mkdtemp(prefix="regulars-tests-"))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    node.workerinput["shared"] = str(node.config.stash[SHARED])


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        stop_cluster(config.stash[SHARED])
        shutil.rmtree(config.stash[SHARED], ignore_errors=True)


@pytest.fixture(scope="session")
def shared(pytestconfig: pytest.Config) -> Path:
    """The folder of this run, the same for all its processes."""
    return pytestconfig.stash[SHARED]


@pytest.fixture(scope="session")
def postgres(shared: Path) -> str:
    """The URL of a running throw-away cluster, one for all processes."""
    programs = server_programs()
    if programs is None:
        missing("PostgreSQL server")
    return cluster_url(shared, programs)


@pytest.fixture(scope="session")
def sqlite_template(shared: Path) -> Path:
    """A file with our empty tables, made once for all processes."""
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
def postgres_template(database_once: Callable[..., str]) -> str:
    return database_once("template_regulars", "template0", migrations.upgrade)


@pytest.fixture(scope="session")
def postgres_acme(database_once: Callable[..., str], postgres_template: str) -> str:
    return database_once("template_acme", postgres_template, found_acme)


@pytest.fixture(scope="session")
def database_once(postgres: str, postgres_server: psycopg.Connection, shared: Path) -> Callable[[str, str, Callable[[], object]], str]:
    """`database_once(name, template, fill)` is a database of the throw-away server, filled by whichever process comes first; returns its name."""

    def made(name: str, template: str, fill: Callable[[], object]) -> str:
        with FileLock(shared / f"{name}.lock"):
            if not postgres_server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                postgres_server.execute(f"DROP DATABASE IF EXISTS fresh_{name} WITH (FORCE)")
                postgres_server.execute(f"CREATE DATABASE fresh_{name} TEMPLATE {template}")
                filled(f"{postgres}/fresh_{name}", fill)
                postgres_server.execute(f"ALTER DATABASE fresh_{name} RENAME TO {name}")
        return name

    return made


def filled(url: str, fill: Callable[[], object]) -> None:
    with pytest.MonkeyPatch.context() as during:
        during.setenv("REGULARS_DATABASE_URL", url)
        fill()
        engine.dispose_all()


@pytest.fixture(scope="session")
def house_of(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., House]:
    """This process's database that begins like a template: a file of SQLite, or the name of a database on the throw-away server; `street` tells several apart."""

    @cache
    def house(template: Path | str, street: str = "main") -> House:
        if isinstance(template, Path):
            return SqliteHouse(tmp_path_factory.mktemp("house") / "data", template)
        return PostgresHouse(request.getfixturevalue("postgres"), f"{street}_{os.getpid()}_of_{template}", template)

    return house


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, house_of: Callable[..., House], monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A database of our tables, empty or with the company of `acme`; its URL is the one the product uses."""
    server, content = "sqlite" if request.param == "sqlite" else "postgres", "acme" if "acme" in request.fixturenames else "template"
    yield from lived_in(house_of(request.getfixturevalue(f"{server}_{content}")), monkeypatch)


def lived_in(house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    move_into(house)
    yield from in_use(house.url, monkeypatch, house.leave)


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


def in_use(url: str, monkeypatch: pytest.MonkeyPatch, leave: Callable[[], None] = engine.dispose_all) -> Iterator[str]:
    monkeypatch.setenv("REGULARS_DATABASE_URL", url)
    language.use("en")
    yield url
    leave()


ACME_ZONE = "Asia/Shanghai"
ACME = {"ada": ("admin", None), "mia": ("manager", "North"), "amy": ("rep", "North"), "bo": ("rep", "North"),
        "sol": ("manager", "South"), "cy": ("rep", "South"), "gil": ("agent", "North"), "vic": ("viewer", None)}


def found_acme() -> None:
    with engine.transaction(SYSTEM, "setup") as session:
        session.add(Organisation(name="Acme", time_zone=ACME_ZONE))
        teams = {name: Team(name=name) for name in ("North", "South")}
        session.add_all(teams.values())
        session.flush()
        session.add_all(User(user_name=name, name=name.title(), role=role, team_id=teams[team].id if team else None) for name, (role, team) in ACME.items())


@pytest.fixture
def acme(database: str) -> SimpleNamespace:
    """A small company: an administrator, two teams, and an actor of every role, by first name."""
    clock.use_zone(ACME_ZONE)
    return deepcopy(_people_of(database))


@cache
def _people_of(_database: str) -> SimpleNamespace:
    """A database begins with the same people before each test."""
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
