"""The way in: guessing is slowed down, tells nobody who exists, and who is out is out in every tab."""

from __future__ import annotations

import time
from statistics import median

import pytest
from sqlalchemy import select

from db.actions import access, sessions, throttle, tokens
from db.engine import transaction
from db.models import SignInFailure, User
from db.policy import SYSTEM
from tests.attack.conftest import TOLD
from tests.attack.siege import Siege, heard
from tests.door import DEVICE, PASSWORD, give_password, signed_in
from tests.long import long
from tests.tab import Ended, Tab

pytestmark = pytest.mark.skipif(not long(), reason="raids on the sign-in belong to `make attack`")
TRIES, CLOSE = 200, 0.005
MANY, WAIT = "Too many failed tries", "User name and password do not match."


@pytest.fixture
def door(besiege) -> Siege:
    """The running product, with a password for two people."""
    siege = besiege()
    with siege.at_home():
        for who in ("amy", "bo"):
            give_password(siege.company.actors[who])
    return siege


def guess(siege: Siege, name: str, password: str) -> str:
    """Try to sign in with a browser of its own; what the screen says, or where a right password leads to."""
    with Tab(siege.server.url) as tab:
        tab.open()
        tab.set("User name", string_value=name)
        tab.set("Password", string_value=password)
        try:
            tab.click("Sign in")
        except Ended as entered:
            return str(entered)
        return tab.words()


def test_after_ten_guesses_even_the_right_password_waits_and_nobody_can_tell_who_exists(door):
    assert "ticket" in guess(door, "bo", PASSWORD)
    said = {name: [guess(door, name, f"wrong {number} wrong wrong") for number in range(throttle.PER_ACCOUNT)] for name in ("amy", "nobody")}
    for words in said.values():
        assert all(WAIT in word for word in words)
    assert MANY in guess(door, "amy", PASSWORD)
    assert MANY in guess(door, "nobody", PASSWORD)
    assert "ticket" in guess(door, "bo", PASSWORD)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_known_name_takes_as_long_as_an_unknown_one(acme, database):
    give_password(acme.amy)
    took: dict[str, list[tuple[float, float]]] = {"amy": [], "nobody": []}
    for number in range(2 * TRIES + 4):
        name = ("amy", "nobody")[number % 2]
        worked, began = time.process_time(), time.perf_counter()
        assert access.check(name, "wrong wrong wrong", "192.0.2.9") is None
        took[name].append((time.process_time() - worked, time.perf_counter() - began))
        with transaction(SYSTEM, "access.throttle") as session:
            for row in session.scalars(select(SignInFailure)):
                session.delete(row)
    worked, waited = ({name: median(pair[part] for pair in pairs[2:]) for name, pairs in took.items()} for part in (0, 1))
    TOLD.append(f"sign-in: medians of {TRIES} tries: known {worked['amy'] * 1000:.1f} ms, unknown {worked['nobody'] * 1000:.1f} ms of work; "
                f"{waited['amy'] * 1000:.1f} and {waited['nobody'] * 1000:.1f} ms by the clock")
    assert abs(worked["amy"] - worked["nobody"]) < CLOSE  # the work done: what else runs on the machine does not count


def test_signing_out_in_one_tab_and_deactivation_end_every_tab_at_its_next_message(door):
    with door.at_home():
        cookies = [signed_in(door.company.actors["bo"], DEVICE) for _ in range(2)]
    tabs = [Tab(door.server.url, cookie) for cookie in cookies for _ in range(3)]
    for tab, page in zip(tabs, ("", "customers", "orders") * 2, strict=True):
        tab.open(page)
    with door.at_home():
        sessions.end(str(tokens.digest(cookies[0])))
    assert [heard(tab)[1] for tab in tabs] == [False] * 3 + [True] * 3
    with door.at_home(), transaction(SYSTEM, "user.update") as session:
        session.get_one(User, door.company.actors["bo"].id).active = False
    assert [heard(tab)[1] for tab in tabs[3:]] == [False] * 3
    assert MANY not in guess(door, "bo", PASSWORD)
