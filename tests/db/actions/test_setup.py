from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from db import clock
from db.actions import access, passwords, setup
from db.engine import reading
from db.errors import Forbidden, Invalid
from db.models import Organisation, User
from db.policy import SYSTEM
from tests.door import PASSWORD, give_password

PERSON = {"user_name": "Ada", "name": "Ada Holm", "language": "zh"}
HOUSE = {"name": "Harbour Trading", "time_zone": "Europe/Berlin", "currency": "EUR", "language": "zh"}


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch):
    monkeypatch.setattr(passwords, "ROUNDS", 4)


def test_the_code_of_the_terminal_makes_the_first_administrator_and_the_organisation(database):
    assert setup.needs_setup()
    assert setup.create_administrator(setup.new_code().lower(), PERSON, PASSWORD, HOUSE) == "ada"
    assert not setup.needs_setup()
    assert access.check("ada", PASSWORD, "192.0.2.7")
    with reading(SYSTEM) as session:
        user, house = session.scalars(select(User)).one(), session.scalars(select(Organisation)).one()
    assert (user.role, user.name, user.language) == ("admin", "Ada Holm", "zh")
    assert (house.name, house.time_zone, house.currency, house.working_days) == ("Harbour Trading", "Europe/Berlin", "EUR", ["1", "2", "3", "4", "5"])


def test_the_code_serves_once(database):
    code = setup.new_code()
    setup.create_administrator(code, PERSON, PASSWORD, HOUSE)
    with pytest.raises(Forbidden):
        setup.create_administrator(code, {**PERSON, "user_name": "eve"}, PASSWORD, HOUSE)


def test_a_restart_makes_the_earlier_code_void(database):
    earlier, code = setup.new_code(), setup.new_code()
    with pytest.raises(Invalid) as refused:
        setup.create_administrator(earlier, PERSON, PASSWORD, HOUSE)
    assert "code" in refused.value.problems
    assert setup.create_administrator(code, PERSON, PASSWORD, HOUSE)


def test_the_code_is_void_after_half_an_hour(database):
    code = setup.new_code()
    with clock.frozen(datetime.now(UTC) + timedelta(minutes=31)), pytest.raises(Invalid):
        setup.create_administrator(code, PERSON, PASSWORD, HOUSE)


@pytest.mark.parametrize(("person", "password", "house", "field"), [
    ({"user_name": "a b"}, PASSWORD, {}, "user_name"), ({"name": ""}, PASSWORD, {}, "name"), ({}, "short", {}, "password"), ({}, PASSWORD, {"name": " "}, "organisation.name"),
])
def test_a_mistake_is_named_and_costs_neither_code_nor_half_an_installation(database, person, password, house, field):
    code = setup.new_code()
    with pytest.raises(Invalid) as refused:
        setup.create_administrator(code, PERSON | person, password, HOUSE | house)
    assert field in refused.value.problems
    with reading(SYSTEM) as session:
        assert session.scalars(select(User)).all() == session.scalars(select(Organisation)).all() == []
    assert setup.create_administrator(code, PERSON, PASSWORD, HOUSE)


def test_a_company_loaded_before_anybody_can_sign_in_keeps_its_data(acme):
    assert setup.needs_setup()
    setup.create_administrator(setup.new_code(), {**PERSON, "user_name": "boss"}, PASSWORD, HOUSE)
    with reading(SYSTEM) as session:
        assert [house.name for house in session.scalars(select(Organisation))] == ["Harbour Trading"]
        assert len(session.scalars(select(User)).all()) == 9


def test_nobody_becomes_administrator_once_somebody_can_sign_in(acme):
    give_password(acme.amy)
    assert not setup.needs_setup()
    with pytest.raises(Forbidden):
        setup.create_administrator(setup.new_code(), {**PERSON, "user_name": "eve"}, PASSWORD, HOUSE)
