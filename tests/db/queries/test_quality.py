"""Completeness by declared weights, freshness by the rhythm, and what is wrong with which customer."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from db import clock
from db.check import check
from db.engine import reading, transaction
from db.models import Customer, User
from db.policy import SYSTEM
from db.queries import quality
from tests.db.queries import company
from tests.db.queries.company import add, done, planned

ON_ONE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
"""What asks nothing of the database that the others do not ask of both."""
NOON = datetime(2026, 3, 18, 4, tzinfo=UTC)
FULL = {"tier": "B", "industry": "retail", "region": "east", "city": "Ningbo", "mobile": "139 1234 5678", "email": "a@example.com", "source": "fair"}


@pytest.fixture(autouse=True)
def noon():
    with clock.frozen(NOON):
        yield


def score(id_: int) -> int:
    with reading(SYSTEM) as session:
        return session.get_one(Customer, id_).completeness


def test_a_customer_is_as_complete_as_its_weighed_fields(acme):
    """Weights: owner 3, tier 2, phone or mobile 2, e-mail 2, industry, region, city and source 1 each: 13 of a company."""
    assert score(company.customer(acme.amy, **FULL)) == 100
    assert score(company.customer(acme.amy, **{**FULL, "email": None})) == round(100 * 11 / 13)
    assert score(company.customer(None)) == 0
    assert score(company.customer(acme.amy, tier="B")) == round(100 * 5 / 13)


@ON_ONE
def test_a_private_customer_needs_a_ground_of_consent_and_no_industry(acme):
    person = {**FULL, "kind": "person", "industry": None}
    assert score(company.customer(acme.amy, **person)) == round(100 * 12 / 13)
    assert score(company.customer(acme.amy, **person, consent_basis="contract")) == 100


@ON_ONE
def test_the_score_follows_every_change(acme):
    hotel = company.customer(acme.amy)
    with transaction(acme.amy, "customer.update") as session:
        session.get_one(Customer, hotel).phone = "555 0100"
    assert score(hotel) == round(100 * 5 / 13)
    assert check().problems == []


def test_scores_by_manager_and_gaps_by_field(acme):
    company.customer(acme.amy, **FULL)
    company.customer(acme.amy, tier="A")
    company.customer(acme.cy, kind="person", email="b@example.com")
    with reading(acme.ada) as session:
        found = quality.quality(session)
    people = {row["manager"]: (row["customers"], round(row["complete"])) for row in found.people.to_dict("records")}
    assert people == {"Amy": (2, round((100 + 100 * 5 / 13) / 2)), "Cy": (1, round(100 * 5 / 13))}
    gaps = {row["key"]: (row["missing"], row["of"]) for row in found.gaps.to_dict("records")}
    assert gaps == {"tier": (1, 3), "owner_id": (0, 3), "industry": (1, 2), "region": (2, 3), "city": (2, 3), "phone": (2, 3), "email": (1, 3), "source": (2, 3),
                    "consent_basis": (1, 1)}
    with reading(acme.mia) as session:
        assert quality.quality(session).customers == 2


@pytest.mark.parametrize(("last", "expected"), [("2026-03-18T01:00", 100), ("2026-01-17T04:00", 100), ("2025-11-18T04:00", 50), ("2025-07-01T04:00", 0)])
def test_freshness_falls_when_the_rhythm_has_passed(acme, last, expected):
    """Tier B wants a contact every 60 days: after 60 fresh, 120 days after it nothing is left."""
    hotel = company.customer(acme.amy, tier="B", status="active")
    add(done(hotel, last, acme.amy))
    with reading(acme.ada) as session:
        assert quality.quality(session).mean("fresh") == pytest.approx(expected)


@ON_ONE
def test_without_any_contact_wanted_there_is_no_freshness(acme):
    company.customer(acme.amy, status="lost")
    with reading(acme.ada) as session:
        assert quality.quality(session).mean("fresh") is None


def test_each_fault_names_its_customers(acme):
    with transaction(SYSTEM, "user.deactivate") as session:
        session.get_one(User, acme.bo.id).active = False
    well = company.customer(acme.amy, **FULL, status="active")
    add(done(well, "2026-03-18T01:00", acme.amy))
    stale, awaited = (company.customer(acme.amy, **FULL, status="active", customer_since=date(2025, 1, 1)) for _ in range(2))
    add(planned(awaited, "2026-04-01", acme.amy))
    incomplete, orphan, nobody_s = company.customer(acme.amy, tier="A"), company.customer(acme.bo, **FULL), company.customer(None, **FULL)
    wrong = {"born": company.customer(acme.amy, **FULL, birthday=date(2030, 1, 1)), "since": company.customer(acme.amy, **FULL, customer_since=date(2027, 1, 1)),
             "email": company.customer(acme.amy, **{**FULL, "email": "nowhere"}),
             "consent": company.customer(acme.amy, **FULL, consent_on=date(2026, 2, 2), consent_withdrawn_on=date(2026, 2, 1))}
    with reading(acme.ada) as session:
        found = {kind: [customer.id for customer in quality.with_fault(session, kind)] for kind in quality.FAULTS}
        assert found == {"stale": [stale], "incomplete": [incomplete], "orphaned": [orphan], "unassigned": [nobody_s], "impossible": sorted(wrong.values())}
        assert quality.counts(session) == {kind: len(ids) for kind, ids in found.items()}
        assert quality.what_is_wrong(session, list(wrong.values())) == {id_: [name] for name, id_ in wrong.items()}
        assert [customer.id for customer in quality.without(session, "industry")] == [incomplete]
