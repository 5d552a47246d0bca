"""The sample company is opened once for each language and database, and then only read; who writes gets a copy."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from db import clock, engine
from db.engine import database_url, reading, transaction
from db.models import NOUNS, Organisation, Record, User
from db.policy import SYSTEM, Actor
from seed.sample import open_sample_company
from tests.conftest import in_use, new_postgres_database

NOON = datetime(2026, 5, 13, 4, tzinfo=UTC)
"""A Wednesday, noon in Shanghai: the present of the sample companies."""
CUSTOMERS = 120
KEPT: set[str] = set()
"""Addresses of the databases that no test writes to: their rows are read once."""


def rows_of(noun: str) -> list[Any]:
    """All rows of a noun in the database in use, by id."""
    return kept_rows(database_url(), noun) if database_url() in KEPT else read_rows(noun)


@cache
def kept_rows(_url: str, noun: str) -> list[Any]:
    return read_rows(noun)


def read_rows(noun: str) -> list[Record]:
    with reading(SYSTEM) as session:
        return list(session.scalars(select(NOUNS[noun]).order_by(NOUNS[noun].id)))


def opened(url: str, language: str, customers: int = CUSTOMERS) -> str:
    """Let a new administrator open the sample company in the database."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REGULARS_DATABASE_URL", url)
        with clock.frozen(NOON):
            open_sample_company(administrator(), customers=customers, language=language)
    engine.dispose_all()
    return url


def administrator() -> Actor:
    """The first user of a workspace in Shanghai."""
    with transaction(SYSTEM, "setup") as session:
        session.add(Organisation(name="Acme", time_zone="Asia/Shanghai"))
        user = User(user_name="ada", name="Ada", role="admin")
        session.add(user)
        session.flush()
        return Actor(user.id, user.name, user.role)


@pytest.fixture(scope="session")
def sample_of(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], str]:
    """The address of the sample company on a kind of database and in a language."""

    @cache
    def opened_once(kind: str, language: str) -> str:
        if kind == "sqlite":
            url = f"sqlite:///{shutil.copyfile(request.getfixturevalue('sqlite_template'), tmp_path_factory.mktemp('sample') / 'sample.db')}"
        else:
            url = new_postgres_database(request, request.getfixturevalue("postgres_template"))[0]
        KEPT.add(opened(url, language))
        return url

    return opened_once


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=["en", "zh"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def sample(kind: str, language: str, sample_of: Callable[[str, str], str], monkeypatch: pytest.MonkeyPatch) -> Iterator[SimpleNamespace]:
    """A sample company of 120 customers in the wanted language, to be read; the clock stands at noon. `ada` is the administrator."""
    yield from at_noon(sample_of(kind, language), language, monkeypatch)


@pytest.fixture
def own_sample(request: pytest.FixtureRequest, kind: str, sample_of: Callable[[str, str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SimpleNamespace]:
    """A copy of the English sample company, to be written to."""
    url, drop = sample_of(kind, "en"), lambda: None
    if kind == "sqlite":
        url = f"sqlite:///{shutil.copyfile(url.removeprefix('sqlite:///'), tmp_path / 'own.db')}"
    else:
        url, drop = new_postgres_database(request, template=url.rsplit("/", 1)[-1])
    yield from at_noon(url, "en", monkeypatch)
    drop()


def at_noon(url: str, language: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[SimpleNamespace]:
    for _ in in_use(url, monkeypatch):
        clock.use_zone("Asia/Shanghai")
        with clock.frozen(NOON):
            yield SimpleNamespace(language=language, ada=Actor(1, "Ada", "admin"))
