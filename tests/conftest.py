"""Every promise is tested on both databases: the fixture `database` is SQLite, then PostgreSQL."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest
from filelock import FileLock

from db import clock, dialect, engine, language
from db.models import Base, Organisation, Team, User
from db.policy import SYSTEM, Actor
from tests.postgres import Cluster, server_programs

EVERYTHING_REQUIRED = os.environ.get("REGULARS_TEST_REQUIRE") == "all"


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
    shared = tmp_path_factory.getbasetemp().parent if os.environ.get("PYTEST_XDIST_WORKER") else tmp_path_factory.getbasetemp()
    path = shared / "template.db"
    with FileLock(f"{path}.lock"):
        if not path.exists():
            make_tables(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres: str) -> str:
    with psycopg.connect(f"{postgres}/postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE template_regulars")
    make_tables(f"{postgres}/template_regulars")
    return "template_regulars"


def make_tables(url: str) -> None:
    os.environ["REGULARS_DATABASE_URL"] = url
    with engine.engine_for().begin() as connection:
        Base.metadata.create_all(connection)
        dialect.create_search_index(connection)
    engine.dispose_all()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An empty database of our tables; its URL is the one the product uses."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'regulars.db'}"
        (tmp_path / "regulars.db").write_bytes(request.getfixturevalue("sqlite_template").read_bytes())
    else:
        server, template, name = request.getfixturevalue("postgres"), request.getfixturevalue("postgres_template"), f"t{uuid.uuid4().hex[:12]}"
        with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        url = f"{server}/{name}"
    monkeypatch.setenv("REGULARS_DATABASE_URL", url)
    language.use("en")
    yield url
    engine.dispose_all()


@pytest.fixture
def acme(database: str) -> SimpleNamespace:
    """A small company: an administrator, two teams, and an actor of every role, by first name."""
    people = {"ada": ("admin", None), "mia": ("manager", "North"), "amy": ("rep", "North"), "bo": ("rep", "North"),
              "sol": ("manager", "South"), "cy": ("rep", "South"), "gil": ("agent", "North"), "vic": ("viewer", None)}
    with engine.transaction(SYSTEM, "setup") as session:
        session.add(Organisation(name="Acme", time_zone="Asia/Shanghai"))
        teams = {name: Team(name=name) for name in ("North", "South")}
        session.add_all(teams.values())
        session.flush()
        users = {name: User(user_name=name, name=name.title(), role=role, team_id=teams[team].id if team else None) for name, (role, team) in people.items()}
        session.add_all(users.values())
        session.flush()
        actors = {name: Actor(user.id, user.name, user.role, user.team_id) for name, user in users.items()}
    clock.use_zone("Asia/Shanghai")
    return SimpleNamespace(**actors, teams={name: team.id for name, team in teams.items()})
