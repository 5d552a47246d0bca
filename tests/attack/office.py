"""An office of people of every role: the real one, and beside it the model of whose records there are and who is what."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from copy import deepcopy
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis.stateful import RuleBasedStateMachine
from sqlalchemy import select

from db import clock, engine, records
from db.engine import reading, transaction
from db.errors import Forbidden, Gone, Invalid
from db.models import Team, User
from db.policy import SYSTEM, Actor
from tests.attack.role_table import House, Person, Row
from tests.conftest import ACME

STEPS = {"done": 0, "refused": 0, "read": 0, "listed": 0}
numbers = count(1)


class Office(RuleBasedStateMachine):
    """What every step needs: somebody acts, and it happens exactly where the table of roles lets it."""

    template: Path
    furnished: tuple[Row, ...]

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        shutil.copyfile(self.template, Path(self.folder.name) / "office.db")
        self.patch = pytest.MonkeyPatch()
        self.patch.setenv("REGULARS_DATABASE_URL", f"sqlite:///{self.folder.name}/office.db")
        self.house = House({name: Person(role, team) for name, (role, team) in ACME.items()})
        self.rows: list[Row] = deepcopy(list(self.furnished))
        with reading(SYSTEM) as session:
            self.ids = {user.user_name: user.id for user in session.scalars(select(User))}
            self.teams: dict[str | None, int | None] = {None: None, **{team.name: team.id for team in session.scalars(select(Team))}}

    def teardown(self) -> None:
        engine.dispose_all()
        self.patch.undo()
        self.folder.cleanup()

    def actor(self, who: str) -> Actor:
        person = self.house.people[who]
        return Actor(self.ids[who], who, person.role, self.teams[person.team])

    def attempt(self, who: str, work: Callable[[Any], Any]) -> Any:
        """What the work gave, or None where it was refused."""
        try:
            with transaction(self.actor(who), "office") as session:
                return work(session)
        except (Forbidden, Gone, Invalid):
            return None

    def expect(self, allowed: bool, happened: bool, told: str) -> None:
        STEPS["done" if happened else "refused"] += 1
        assert happened == allowed, f"{told}: {'a leak' if happened else 'wrongly refused'}"

    def chosen(self, pick: int, *nouns: str) -> Row | None:
        rows = [row for row in self.rows if row.noun in nouns]
        return rows[pick % len(rows)] if rows else None

    def keep(self, noun: str, made: int | None, **values: Any) -> None:
        if made is not None:
            self.rows.append(Row(noun, made, **values))

    def bury(self, row: Row, tick: int) -> None:
        for one in self.rows:
            if one.gone is None and (one is row or one.customer is row):
                one.gone = tick


def furnish() -> tuple[Row, ...]:
    """Some records of everybody's to begin with."""
    rows: list[Row] = []
    with transaction(SYSTEM, "setup") as session:
        ids = {user.user_name: user.id for user in session.scalars(select(User))}
        rows += [Row("product", records.create(session, "product", {"name": "Tea"}).id), Row("tag", records.create(session, "tag", {"name": "Fair"}).id)]
        for owner in ("mia", "amy", "bo", "cy", None):
            customer = Row("customer", records.create(session, "customer", {"name": f"{owner}'s", "owner_id": ids.get(owner or ""), "im": "secret"}).id, owner)
            given = {"contact": {"name": "Ann"}, "follow_up": {"subject": "Call"}, "order": {"ordered_on": clock.today()}}
            hanging = (Row(noun, records.create(session, noun, {"customer_id": customer.id, **values}).id, customer=customer) for noun, values in given.items())
            rows += [customer, *hanging]
    return tuple(rows)
