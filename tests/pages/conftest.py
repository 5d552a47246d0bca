"""Screens are drawn on SQLite; what they ask of the database is tested on both elsewhere. Tests marked `on_both` are the few that run on PostgreSQL too."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pytest
import streamlit as st
from sqlalchemy import select
from streamlit.components.v2.component_manager import BidiComponentManager
from streamlit.testing.v1 import AppTest

from db import clock, defaults
from db.actions import passwords, tokens
from db.engine import transaction
from db.models import User
from db.policy import SYSTEM, Actor
from tests.browser import ROOT
from tests.conftest import everybody, found_acme, lived_in, made_once
from tests.door import cookie_of
from tests.houses import House
from tests.pages.screen import by_link, sound

WEDNESDAY = datetime(2026, 3, 18, 2, tzinfo=UTC)
"""10 o'clock in Shanghai."""
Visit = Callable[..., AppTest]


@pytest.fixture
def database(request: pytest.FixtureRequest, house_of: Callable[..., House], monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A database, empty or with the company of `acme`: SQLite, or the one that the test was marked with."""
    if getattr(request, "param", "sqlite") == "sqlite":
        template = request.getfixturevalue("sqlite_wednesday" if "acme" in request.fixturenames else "sqlite_template")
    else:
        template = request.getfixturevalue("postgres_template")
    yield from lived_in(house_of(template), monkeypatch)


@pytest.fixture(autouse=True)
def wednesday(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """It is 10 o'clock on Wednesday 18 March 2026 in Shanghai, in every thread that draws a screen."""
    monkeypatch.setattr(clock, "_shift", ContextVar("shift", default=WEDNESDAY - datetime.now(UTC)))
    monkeypatch.setattr(passwords, "ROUNDS", 4)
    st.cache_data.clear()
    yield
    st.cache_data.clear()


@pytest.fixture(scope="session")
def sqlite_wednesday(sqlite_template: Path) -> Path:
    return made_once(sqlite_template.with_name("wednesday.db"), sqlite_template, found_on_wednesday)


def found_on_wednesday() -> None:
    """The company of the other tests, with the drop-down values of a new house; everybody reads English."""
    with clock.frozen(WEDNESDAY):
        found_acme()
        with transaction(SYSTEM, "setup") as session:
            defaults.add_options(session)
            for user in session.scalars(select(User)):
                user.language = "en"


@pytest.fixture
def acme(database: str) -> SimpleNamespace:
    if not database.startswith("sqlite"):
        found_on_wednesday()
    return everybody()


@cache
def no_components() -> BidiComponentManager:
    """AppTest would look through every installed package for components, each time; there are none of ours."""
    return BidiComponentManager()


def entrance(sid: str | None = None, path: str = "") -> AppTest:
    screen = AppTest.from_file(ROOT / "components" / "entrance.py", default_timeout=30)
    screen.context = {"locale": "en-US", "timezone": "Asia/Shanghai", "url": f"http://localhost:8501/{path}"}
    screen._bidi_component_manager = no_components()
    screen.user = {"sid": sid} if sid else {}
    return screen


@pytest.fixture
def arrive() -> Visit:
    """Open the house as an actor: the screen shows Today."""

    def arrived(actor: Actor) -> AppTest:
        screen = entrance(tokens.digest(cookie_of(actor))).run()
        return sound(screen)

    return arrived


@pytest.fixture
def visit(arrive: Visit) -> Visit:
    """Open a page signed in as an actor; nothing on it may break."""

    def visited(actor: Actor, key: str, **params: object) -> AppTest:
        screen = entrance(tokens.digest(cookie_of(actor)))
        screen.query_params.update({name: str(value) for name, value in params.items()})
        return by_link(screen, key)

    return visited

