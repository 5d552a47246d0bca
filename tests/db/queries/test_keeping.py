"""Whose personal data is due: by what was consented to, until when, and how long nobody was heard of."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from db import clock
from db.actions import keeping as actions
from db.check import check
from db.engine import reading, transaction
from db.errors import Forbidden
from db.models import Customer, Organisation
from db.policy import SYSTEM
from db.queries import keeping
from tests.db.queries import company
from tests.db.queries.company import add, done
from tests.houses import filled_once

NOON = datetime(2026, 3, 18, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def noon():
    with clock.frozen(NOON):
        yield


def person(owner, **values) -> int:
    return company.customer(owner, kind="person", **values)


def due(actor) -> dict[str, list[int]]:
    with reading(actor) as session:
        found = {reason: keeping.due(session, reason)["customer_id"].tolist() for reason in keeping.REASONS}
        assert keeping.counts(session) == {reason: len(ids) for reason, ids in found.items()}
    return found


@pytest.fixture
@filled_once
def house(acme):
    """Data is kept for 24 months: what lies before 18 March 2024 is too old."""
    with transaction(SYSTEM, "organisation.update") as session:
        session.query(Organisation).one().retention_months = 24
    heard = [person(acme.amy, name=name) for name in ("Recent", "Long ago")]
    add(done(heard[0], "2024-03-18T04:00"), done(heard[1], "2024-03-17T04:00"))
    consent = [person(acme.amy, consent_basis="consent", consent_on=date(2024, 3, day)) for day in (17, 18)]
    never = person(acme.cy, created_at=datetime(2024, 1, 1, tzinfo=UTC))
    passed = company.customer(acme.amy, keep_until=date(2026, 3, 17))
    withdrawn = company.customer(acme.amy, consent_on=date(2024, 1, 1), consent_basis="consent", consent_withdrawn_on=date(2026, 3, 1), email="a@example.com")
    company.customer(acme.amy, consent_withdrawn_on=date(2026, 3, 1))
    company.customer(acme.amy, created_at=datetime(2020, 1, 1, tzinfo=UTC))
    acme.due = {"withdrawn": [withdrawn], "passed": [passed], "consent": [consent[0]], "silent": [never, heard[1]]}
    return acme


def test_each_reason_lists_whom_it_concerns_the_oldest_first(house):
    assert due(house.ada) == house.due
    assert due(house.mia)["silent"] == house.due["silent"][1:]


def test_who_was_looked_at_is_not_due_for_another_term(house):
    with transaction(house.ada, "customer.keep") as session:
        assert actions.keep_longer(session, [id_ for reason in ("passed", "consent", "silent") for id_ in house.due[reason]]) == 4
    assert due(house.ada) == {**{reason: [] for reason in keeping.REASONS}, "withdrawn": house.due["withdrawn"]}
    with reading(house.ada) as session:
        assert session.get_one(Customer, house.due["passed"][0]).keep_until == date(2028, 3, 18)


def test_contact_data_of_a_withdrawn_consent_is_removed(house):
    with transaction(house.ada, "customer.strip") as session:
        assert actions.remove_contact_data(session, house.due["withdrawn"]) == 1
    assert due(house.ada)["withdrawn"] == []
    assert check().problems == []


def test_nobody_acts_on_what_he_may_not_write(house):
    with pytest.raises(Forbidden), transaction(house.vic, "customer.strip") as session:
        actions.remove_contact_data(session, house.due["withdrawn"])
    with transaction(house.cy, "customer.strip") as session:
        assert actions.remove_contact_data(session, house.due["withdrawn"]) == 0
    assert due(house.ada)["withdrawn"] == house.due["withdrawn"]
