"""A customer entered twice and merged gives every figure that it would give entered once, now and in months gone by."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from db.actions import merging
from db.engine import reading, transaction
from db.queries.filters import Filters
from db.queries.kpis import KPIS, count_rows, measure
from db.queries.periods import month
from tests.db.queries import company

MARCH, FEBRUARY = date(2024, 3, 20), date(2024, 2, 29)


def customer(owner) -> int:
    return company.customer(owner, tier="A", customer_since=date(2024, 2, 4))


def live(first: int, second: int, owner, question: int) -> None:
    """What happened with a customer, noted partly on one record and partly on another."""
    company.add(
        company.purchase(first, "2023-08-01", 20), company.purchase(second, "2024-02-04", 50), company.purchase(second, "2024-03-04", 50),
        company.contract(second, "2023-01-01", monthly=10), company.done(first, "2024-02-05T02:00", owner, rating=5, method="visit"),
        company.done(second, "2024-03-06T02:00", owner, rating=2), company.planned(second, "2024-03-25", owner), company.planned(first, "2024-03-19", owner),
    )
    company.answers(second, question, [5, 4], manager=owner)


def figures(acme, owner) -> dict[tuple[str, date], Any]:
    mine = Filters(owner_id=owner.id)
    with reading(acme.ada) as session:
        return {(key, day): (vars(measure(session, key, day, month(day), mine)), count_rows(session, key, day, month(day), mine))
                for key in KPIS for day in (FEBRUARY, MARCH)}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_merged_customers_count_once(acme):
    question = company.question("csat", 1, 5)
    once, kept, lost = customer(acme.cy), customer(acme.amy), customer(acme.amy)
    live(once, once, acme.cy, question)
    live(kept, lost, acme.amy, question)
    with transaction(acme.mia, "customer.merge") as session:
        merging.merge(session, kept, lost)
    assert figures(acme, acme.amy) == figures(acme, acme.cy)
