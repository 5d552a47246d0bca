"""Each data set is imported once per database kind and test session, and then only read."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psycopg
import pytest
from filelock import FileLock
from sqlalchemy.orm import Session

from db import clock, engine, language
from db.engine import reading
from db.policy import SYSTEM
from tests.db.queries.loading import folder
from tests.real import loading


@pytest.fixture(params=["sqlite", "postgresql"])
def imported(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Session]]:
    """`imported("cdnow")` opens a session on a database that holds the imported set."""
    folder()
    language.use("en")
    with ExitStack() as stack:

        def opened(name: str) -> Session:
            url = (_sqlite if request.param == "sqlite" else _postgresql)(request, monkeypatch, name)
            monkeypatch.setenv("REGULARS_DATABASE_URL", url)
            return stack.enter_context(reading(SYSTEM))

        yield opened
    engine.dispose_all()
    clock.use_zone("UTC")


def _sqlite(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, name: str) -> str:
    template: Path = request.getfixturevalue("sqlite_template")
    path = template.with_name(f"real-{name}.db")
    with FileLock(f"{path}.loading"):
        if not path.exists():
            fresh = path.with_suffix(".fresh")
            shutil.copyfile(template, fresh)
            _fill(monkeypatch, f"sqlite:///{fresh}", name)
            fresh.rename(path)
    return f"sqlite:///{path}"


def _postgresql(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, name: str) -> str:
    server: psycopg.Connection[Any] = request.getfixturevalue("postgres_server")
    url = f"{request.getfixturevalue('postgres')}/real_{name}"
    if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [f"real_{name}"]).fetchone():
        server.execute(f"CREATE DATABASE real_{name} TEMPLATE {request.getfixturevalue('postgres_template')}")
        _fill(monkeypatch, url, name)
    return url


def _fill(monkeypatch: pytest.MonkeyPatch, url: str, name: str) -> None:
    monkeypatch.setenv("REGULARS_DATABASE_URL", url)
    loading.prepare()
    loading.load(name)
    engine.dispose_all()


@pytest.fixture(scope="session")
def expected() -> dict[str, Any]:
    """The reference values."""
    found: dict[str, Any] = json.loads((folder() / "expected.json").read_text(encoding="utf-8"))
    return found
