"""The daily report makes itself: what everybody did, what came in, what is planned for tomorrow."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from db.engine import reading
from db.queries.daily import COUNTS, daily
from tests.db.queries import company
from tests.db.queries.company import add, answers, contract, done, planned, purchase
from tests.houses import filled_once

DAY = date(2026, 3, 18)
EARLIER = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
@filled_once
def work(acme):
    """Amy's full day, Bo's quiet one, Cy's in the other team; in Shanghai the 18th begins at 16:00 UTC of the 17th."""
    new = company.customer(acme.amy, name="New Inn", customer_since=DAY)
    old, other = (company.customer(owner, name=name, customer_since=date(2025, 1, 1)) for owner, name in ((acme.amy, "Old Mill"), (acme.cy, "Star")))
    company.customer(acme.bo, name="Walk-in", created_at=datetime(2026, 3, 17, 17, tzinfo=UTC))
    add(done(new, "2026-03-17T16:30", acme.amy, method="visit", rating=5), done(old, "2026-03-18T02:00", acme.amy, outcome="complaint", rating=1),
        done(old, "2026-03-18T16:30", acme.amy), done(other, "2026-03-18T03:00", acme.cy), planned(old, "2026-03-19", acme.amy), planned(old, "2026-03-20", acme.amy))
    add(purchase(new, "2026-03-18", 300), contract(old, "2026-03-18", amount=1200), purchase(old, "2026-03-17", 9))
    survey = company.question("csat", 1, 5)
    answers(old, survey, [2], at="2026-03-18T05:00", comment="Too slow", unhappy=True)
    answers(other, survey, [5], at="2026-03-18T05:00")


def people(actor, owner=None) -> dict[str, tuple]:
    with reading(actor) as session:
        table = daily(session, DAY, owner.id if owner else None).people
    return {row["manager"]: tuple(row[key] for key in COUNTS) for row in table.to_dict("records")}


def test_one_row_a_person_with_everything_that_happened(acme, work):
    assert people(acme.ada) == {"Amy": (1, 2, 1, 1, 2, 1500, 1, 1, 1), "Bo": (1, 0, 0, 0, 0, 0, 0, 0, 0), "Cy": (0, 1, 0, 0, 0, 0, 0, 1, 0)}


def test_each_sees_the_own_people_s_day(acme, work):
    assert {name: list(people(getattr(acme, name))) for name in ("vic", "mia", "sol", "amy")} == {
        "vic": ["Amy", "Bo", "Cy"], "mia": ["Amy", "Bo"], "sol": ["Cy"], "amy": ["Amy"]}
    assert people(acme.mia, acme.cy) == {}
    assert list(people(acme.ada, acme.amy)) == ["Amy"]


def test_the_lists_name_customers_words_and_times(acme, work):
    with reading(acme.amy) as session:
        found = daily(session, DAY)
    assert found.follow_ups[["at", "customer", "rating"]].to_numpy().tolist() == [["00:30", "New Inn", 5], ["10:00", "Old Mill", 1]]
    assert found.planned["customer"].tolist() == ["Old Mill"]
    assert found.customers["customer"].tolist() == ["New Inn"]
    assert found.orders[["customer", "kind"]].to_numpy().tolist() == [["Old Mill", "Contract"], ["New Inn", "Purchase"]]
    assert found.answers[["customer", "score", "comment", "unhappy"]].to_numpy().tolist() == [["Old Mill", 2, "Too slow", True]]
    assert (found.count("amount"), found.count("answers")) == (1500, 1)
