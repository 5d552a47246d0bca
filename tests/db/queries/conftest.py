"""Databases filled with the published data sets: each is loaded once per database kind and test session, and only read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from db import clock, engine, language
from db.engine import reading
from db.policy import SYSTEM
from tests.conftest import made_once
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
    return f"sqlite:///{made_once(template.with_name(f'{name}.db'), template, partial(loading.load, name))}"


def _postgresql(request: pytest.FixtureRequest, name: str) -> str:
    made = request.getfixturevalue("database_once")(f"set_{name}", request.getfixturevalue("postgres_template"), partial(loading.load, name))
    return f"{request.getfixturevalue('postgres')}/{made}"


@pytest.fixture(scope="session")
def expected() -> dict[str, Any]:
    """The reference values."""
    return json.loads((loading.folder() / "expected.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def vectors() -> dict[str, dict[str, Any]]:
    """Small cases by id: input, expected."""
    cases = json.loads((loading.folder() / "vectors.json").read_text(encoding="utf-8"))
    return {case["id"]: case for case in cases}
