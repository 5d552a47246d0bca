"""A besieged house: the company of marked records behind the really running product."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.attack.marked_company import PEOPLE, Company, found_company
from tests.attack.siege import Siege
from tests.browser import Server
from tests.journeys.house import at_home

TOLD: list[str] = []
"""What the summary at the end says."""


@pytest.fixture(scope="session")
def marked(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Company]:
    """A database of marked records, and what stands in it."""
    path = tmp_path_factory.mktemp("marked") / "marked.db"
    shutil.copyfile(sqlite_template, path)
    with at_home(f"sqlite:///{path}"):
        return path, found_company()


@pytest.fixture(scope="module")
def besiege(marked: tuple[Path, Company], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Siege]]:
    """Start the product, or another script in its place, on a copy of the company."""
    servers: list[Server] = []

    def begun(people: tuple[str, ...] = tuple(PEOPLE), script: str = "app.py", **environment: str) -> Siege:
        folder = tmp_path_factory.mktemp("siege")
        shutil.copyfile(marked[0], folder / "siege.db")
        servers.append(Server(f"sqlite:///{folder / 'siege.db'}", folder, script=script, **environment))
        servers[-1].start()
        return Siege(servers[-1], marked[1], people)

    yield begun
    for server in servers:
        server.stop()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for line in TOLD:
        terminalreporter.write_line(line)
