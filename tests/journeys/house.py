"""A running house for journeys: its people, their browsers, and what every page has to keep."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from db import clock, defaults, engine, language, records
from db.actions import customers, follow_ups, passwords, sessions
from db.engine import transaction
from db.models import Organisation, Team, User
from db.policy import SYSTEM, Actor
from tests.browser import Server
from tests.door import PASSWORD

PEOPLE = {"ada": ("admin", None, "en"), "lin": ("admin", None, "zh"), "mia": ("manager", "North", "en"), "rui": ("rep", "North", "en"), "polly": ("admin", None, "en")}
"""By first name: role, team and language; Polly is the one who changes hers."""
LOCALES = {"en": "en-GB", "zh": "zh-CN"}
SETTLED = "[data-testid=stApp][data-test-script-state=notRunning]"
WIDE, PHONE, PATIENCE = (1440, 900), (390, 844), 15_000


@dataclass(frozen=True)
class House:
    server: Server
    actors: Mapping[str, Actor]
    cookies: Mapping[str, str]

    @contextmanager
    def data(self) -> Iterator[None]:
        """What is done inside reads and writes the running house's database."""
        with at_home(self.server.environment["REGULARS_DATABASE_URL"]):
            yield

    def customer(self, name: str, owner: str = "ada", **values: Any) -> int:
        with self.data(), transaction(self.actors["ada"], "customer.create") as session:
            return customers.create(session, {"name": name, "owner_id": self.actors[owner].id, **values}).id


class Visit:
    """One browser window of one person; `close` tells what went wrong in it."""

    def __init__(self, browser: Any, address: str, locale: str, size: tuple[int, int], cookie: str | None = None) -> None:
        self.address, self.complaints, self.asked = address, [], []
        self.context = browser.new_context(locale=locale, timezone_id="Asia/Shanghai", viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce")
        if cookie:
            self.context.add_cookies([{"name": "regulars", "value": cookie, "url": address}])
        self.context.set_default_timeout(PATIENCE)
        self.page = self.context.new_page()
        self.page.on("console", lambda message: self.complaints.append(message.text) if message.type == "error" else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))

    def go(self, path: str = "") -> Any:
        self.page.goto(f"{self.address}/{path}")
        self.page.locator("[data-testid=stSidebar]").wait_for(state="attached")
        self.page.locator("[data-testid=stMain] h1").first.wait_for()
        return self.settle()

    def walk(self, path: str, title: str) -> Any:
        """Go to an address as Back and Forward do, without loading the page anew; the window's title tells when it is there."""
        self.page.evaluate("path => { history.pushState({}, '', path); dispatchEvent(new PopStateEvent('popstate')) }", f"/{path}")
        self.page.wait_for_function("title => document.title === title", arg=title)
        return self.settle()

    def settle(self) -> Any:
        """Wait until the script has ended and what it sent is painted; the last pieces come a moment later."""
        for _ in range(2):
            self.page.locator(SETTLED).wait_for(state="attached")
            self.page.wait_for_timeout(120)
        return self.page

    def says(self, words: str) -> None:
        self.page.get_by_text(words).first.wait_for()

    def cell(self, words: str) -> Any:
        """A cell of a table; tables are painted, their cells stand behind the paint for screen readers."""
        return self.page.locator("td[role=gridcell]", has_text=words).first

    def headings(self) -> list[str]:
        self.page.locator("th[role=columnheader]").first.wait_for(state="attached")
        return [heading for heading in self.page.locator("th[role=columnheader]").all_text_contents() if heading]

    def troubles(self) -> list[str]:
        """Errors of the browser's console, and requests that left this machine's server."""
        own = re.compile(rf"(https?|wss?)://127\.0\.0\.1:{self.address.rsplit(':', 1)[1]}/|data:|blob:")
        return [*self.complaints, *(url for url in self.asked if not own.match(url))]


@contextmanager
def at_home(url: str) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as during:
        during.setenv("REGULARS_DATABASE_URL", url)
        language.use("en")
        yield
        engine.dispose_all()


def furnish(template: Path, folder: Path) -> tuple[str, dict[str, Actor], dict[str, str]]:
    """A small company with a little past; returns the database's URL, the people and the cookies of their browsers."""
    shutil.copyfile(template, folder / "house.db")
    url = f"sqlite:///{folder / 'house.db'}"
    with at_home(url):
        actors = _people()
        _past(actors)
        return url, actors, {name: _cookie(actor) for name, actor in actors.items()}


def _people() -> dict[str, Actor]:
    with transaction(SYSTEM, "setup") as session:
        team = Team(name="North")
        session.add_all([Organisation(name="Harbour Trading", time_zone="Asia/Shanghai"), team])
        defaults.add_options(session)
        session.flush()
        users = {name: User(user_name=name, name=name.title(), role=role, language=speaks, team_id=team.id if place else None)
                 for name, (role, place, speaks) in PEOPLE.items()}
        session.add_all(users.values())
        session.flush()
        passwords.set_password(session, users["rui"].id, PASSWORD)
        return {name: Actor(user.id, user.name, user.role, user.team_id, user.language) for name, user in users.items()}


def _past(actors: Mapping[str, Actor]) -> None:
    clock.use_zone("Asia/Shanghai")
    with transaction(actors["ada"], "customer.create") as session:
        for number in range(12):
            owner, noon = actors["rui"].id, clock.now() - timedelta(days=20 * number)
            id_ = customers.create(session, {"name": f"Old Friend {number}", "owner_id": owner, "tier": "ABC"[number % 3]}).id
            records.create(session, "order", {"customer_id": id_, "ordered_on": noon.date(), "amount": 100 * (number + 1)})
            follow_ups.log(session, {"customer_id": id_, "method": "call", "content": "Talked", "rating": 1 + number % 5, "owner_id": owner, "done_at": noon})
            follow_ups.plan(session, {"customer_id": id_, "subject": "Send sample", "due_on": clock.today() + timedelta(days=number - 3), "owner_id": owner})


def _cookie(actor: Actor) -> str:
    with transaction(SYSTEM, "access.sign_in") as session:
        return sessions.start(session, actor.id, "127.0.0.1", "Chromium")
