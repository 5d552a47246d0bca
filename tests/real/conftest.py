"""Each data set is imported once per database kind and test session, and then only read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from db import clock, engine, language
from db.engine import reading
from db.policy import SYSTEM
from tests.conftest import made_once
from tests.db.queries.loading import folder
from tests.real import loading


@pytest.fixture(params=["sqlite", "postgresql"])
def imported(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Session]]:
    """`imported("cdnow")` opens a session on a database that holds the imported set."""
    folder()
    language.use("en")
    with ExitStack() as stack:

        def opened(name: str) -> Session:
            url = (_sqlite if request.param == "sqlite" else _postgresql)(request, name)
            monkeypatch.setenv("REGULARS_DATABASE_URL", url)
            return stack.enter_context(reading(SYSTEM))

        yield opened
    engine.dispose_all()
    clock.use_zone("UTC")


def _sqlite(request: pytest.FixtureRequest, name: str) -> str:
    template: Path = request.getfixturevalue("sqlite_template")
    return f"sqlite:///{made_once(template.with_name(f'real-{name}.db'), template, partial(_load, name))}"


def _postgresql(request: pytest.FixtureRequest, name: str) -> str:
    template = request.getfixturevalue("postgres_template")
    made = request.getfixturevalue("database_once")(f"real_{name}", template, partial(_load, name))
    return f"{request.getfixturevalue('postgres')}/{made}"


def _load(name: str) -> None:
    loading.prepare()
    loading.load(name)


@pytest.fixture(scope="session")
def expected() -> dict[str, Any]:
    """The reference values."""
    found: dict[str, Any] = json.loads((folder() / "expected.json").read_text(encoding="utf-8"))
    return found
