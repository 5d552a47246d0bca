"""The sample company is opened once for each language and database; every test gets a copy of its own."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from db import clock, engine
from db.engine import transaction
from db.models import Organisation, User
from db.policy import SYSTEM, Actor
from seed.sample import open_sample_company
from tests.conftest import in_use, new_postgres_database

NOON = datetime(2026, 5, 13, 4, tzinfo=UTC)
"""A Wednesday, noon in Shanghai: the present of the sample companies."""
CUSTOMERS = 300


def opened(url: str, language: str) -> str:
    """Let a new administrator open the sample company in the database."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REGULARS_DATABASE_URL", url)
        with clock.frozen(NOON):
            open_sample_company(administrator(), customers=CUSTOMERS, language=language)
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
def sample_files(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> dict[str, Path]:
    folder, paths = tmp_path_factory.mktemp("samples"), {}
    for language in ("en", "zh"):
        paths[language] = Path(shutil.copyfile(sqlite_template, folder / f"{language}.db"))
        opened(f"sqlite:///{paths[language]}", language)
    return paths


@pytest.fixture(scope="session")
def sample_databases(request: pytest.FixtureRequest, postgres_template: str) -> dict[str, str]:
    urls = {language: new_postgres_database(request, postgres_template)[0] for language in ("en", "zh")}
    return {language: opened(url, language).rsplit("/", 1)[-1] for language, url in urls.items()}


@pytest.fixture(params=["sqlite", "postgresql"])
def sample(request: pytest.FixtureRequest, language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SimpleNamespace]:
    """A sample company of 300 customers in the wanted language; the clock stands at noon. `ada` is the administrator."""
    if request.param == "sqlite":
        path = shutil.copyfile(request.getfixturevalue("sample_files")[language], tmp_path / f"{uuid.uuid4().hex}.db")
        url, drop = f"sqlite:///{path}", lambda: None
    else:
        url, drop = new_postgres_database(request, request.getfixturevalue("sample_databases")[language])
    for _ in in_use(url, monkeypatch):
        clock.use_zone("Asia/Shanghai")
        with clock.frozen(NOON):
            yield SimpleNamespace(language=language, ada=Actor(1, "Ada", "admin"))
    drop()


@pytest.fixture(params=["en", "zh"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)
