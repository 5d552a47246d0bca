"""The hostile client's camp: whose cookies it has, what it found, and how many doors it tried."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2

from db.actions import tokens
from tests.attack.marked_company import PEOPLE, Company
from tests.browser import Server
from tests.door import cookie_of
from tests.journeys.house import at_home
from tests.tab import Drawn, Ended, Tab

STRANGER = "stranger"
UNEXPECTED = "\nreference "
"""What the server's log says of an error that nobody expected."""


@dataclass
class Tally:
    """kind of attack -> how many doors were tried; what was found behind them; the words that were rightly seen."""

    checks: Counter[str] = field(default_factory=Counter)
    findings: list[tuple[str, str]] = field(default_factory=list)
    seen: dict[str, set[bytes]] = field(default_factory=dict)

    def kinds(self) -> Counter[str]:
        return Counter(kind for kind, _ in self.findings)

    def told(self) -> str:
        lines = [f"  {kind:<22} {self.checks[kind]:>5} checks  {self.kinds()[kind]:>4} findings" for kind in sorted(self.checks)]
        return "\n".join([*lines, f"  {'all':<22} {self.checks.total():>5} checks  {len(self.findings):>4} findings"])


@dataclass
class Siege:
    """One running server, the company behind it, and an attacker in each of its roles."""

    server: Server
    company: Company
    people: tuple[str, ...]
    tally: Tally = field(default_factory=Tally)
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def everybody(self) -> tuple[str, ...]:
        return (*self.people, STRANGER)

    def cookie(self, who: str) -> str | None:
        """One session each that lives through the siege; a stranger has none."""
        if who in PEOPLE and who not in self.cookies:
            self.cookies[who] = self.new_cookie(who)
        return self.cookies.get(who)

    def new_cookie(self, who: str) -> str:
        with self.at_home():
            return cookie_of(self.company.actors[who])

    def sid(self, who: str) -> str:
        """What a stolen copy of the database says of a session: the hash of its cookie."""
        return str(tokens.digest(self.cookie(who)))

    @contextmanager
    def at_home(self) -> Iterator[None]:
        with at_home(self.server.environment["REGULARS_DATABASE_URL"]):
            yield

    @contextmanager
    def tab(self, who: str, cookie: str | None = None, **options: Any) -> Iterator[Tab]:
        with Tab(self.server.url, cookie or self.cookie(who), **options) as tab:
            yield tab

    def http(self, who: str, method: str, path: str, headers: dict[str, str] | None = None, **options: Any) -> httpx2.Response:
        cookie = self.cookie(who)
        sent = {**({"cookie": f"regulars={cookie}"} if cookie else {}), **(headers or {})}
        return httpx2.request(method, f"{self.server.url}{path}", headers=sent, follow_redirects=False, timeout=60, **options)

    def judge(self, kind: str, who: str, what: str, data: bytes, wrong: Iterable[str] = ()) -> None:
        """Count a door that was tried; what came back must hold nobody else's words, and nothing else may be `wrong`."""
        self.tally.checks[kind] += 1
        self.tally.seen.setdefault(who, set()).update(word for word in self.company.secrets if word in data)
        self.tally.findings += [(kind, f"{who} {what}: {problem}") for problem in (*self.company.leaked(who, data), *wrong)]


def bytes_of(drawn: Drawn) -> bytes:
    return b"".join(message.SerializeToString() for message in drawn.messages)


def heard(tab: Tab, *arguments: Any, **options: Any) -> tuple[bytes, bool]:
    """What a rerun brought, and whether the tab still lives after it."""
    try:
        return bytes_of(tab.run(*arguments, **options)), True
    except Ended as ended:
        return str(ended).encode(), False
