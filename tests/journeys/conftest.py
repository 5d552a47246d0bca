"""One furnished house for all journeys of a test process, and windows into it that close without complaints."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser import Server
from tests.journeys.house import LOCALES, PEOPLE, WIDE, House, Visit, furnish


@pytest.fixture(scope="session")
def house(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("house")
    url, actors, cookies = furnish(sqlite_template, folder)
    server = Server(url, folder)
    server.start()
    yield House(server, actors, cookies)
    server.stop()


@pytest.fixture
def visit(house: House, browser: Any) -> Iterator[Callable[..., Visit]]:
    """Opens a browser window for somebody who is signed in."""
    windows: list[Visit] = []

    def open_(who: str = "ada", size: tuple[int, int] = WIDE) -> Visit:
        windows.append(Visit(browser, house.server.url, LOCALES[PEOPLE[who][2]], size, house.cookies[who]))
        return windows[-1]

    yield open_
    troubles = [trouble for window in windows for trouble in window.troubles()]
    for window in windows:
        window.context.close()
    assert troubles == []
