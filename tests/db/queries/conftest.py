"""Databases filled with the published data sets: each is loaded once per database kind and test session, and only read."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from filelock import FileLock
from sqlalchemy.orm import Session

from db import clock, engine, language
from db.engine import reading
from db.policy import SYSTEM
from tests.db.queries import loading


@pytest.fixture(params=["sqlite", "postgresql"])
def asked(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Session]]:
    """`asked("cdnow")` opens a session that reads the data set."""
    opened: list[Any] = []

    def open_set(name: str) -> Session:
        loading.folder()
        url = _sqlite(request, name) if request.param == "sqlite" else _postgresql(request, name)
        monkeypatch.setenv("REGULARS_DATABASE_URL", url)
        context = reading(SYSTEM)
        opened.append(context)
        return context.__enter__()

    language.use("en")
    yield open_set
    for context in opened:
        context.__exit__(None, None, None)
    engine.dispose_all()
    clock.use_zone("UTC")


def _sqlite(request: pytest.FixtureRequest, name: str) -> str:
    template: Path = request.getfixturevalue("sqlite_template")
    path = template.with_name(f"{name}.db")
    with FileLock(f"{path}.loading"):
        if not path.exists():
            fresh = path.with_suffix(".fresh")
            shutil.copy(template, fresh)
            _fill(request, f"sqlite:///{fresh}", name)
            fresh.rename(path)
    return f"sqlite:///{path}"


def _postgresql(request: pytest.FixtureRequest, name: str) -> str:
    server, template = request.getfixturevalue("postgres"), request.getfixturevalue("postgres_template")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        there = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [f"set_{name}"]).fetchone()
        if not there:
            connection.execute(f"CREATE DATABASE set_{name} TEMPLATE {template}")
            _fill(request, f"{server}/set_{name}", name)
    return f"{server}/set_{name}"


def _fill(request: pytest.FixtureRequest, url: str, name: str) -> None:
    patch: pytest.MonkeyPatch = request.getfixturevalue("monkeypatch")
    patch.setenv("REGULARS_DATABASE_URL", url)
    loading.load(name)
    engine.dispose_all()


@pytest.fixture(scope="session")
def expected() -> dict[str, Any]:
    """The reference values."""
    return json.loads((loading.folder() / "expected.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def vectors() -> dict[str, dict[str, Any]]:
    """Small cases by id: input, expected."""
    cases = json.loads((loading.folder() / "vectors.json").read_text(encoding="utf-8"))
    return {case["id"]: case for case in cases}
