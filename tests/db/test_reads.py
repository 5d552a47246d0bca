"""What a session is heard reading, beside what the database itself says it reads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest

from db.engine import engine_for, reading
from db.models import NOUNS
from db.queries.kpis import KPIS, measure, rows_behind
from db.queries.lists import ListQuery, page
from db.reads import nouns_in
from tests.db.queries import company

DAY = date(2024, 3, 31)
READ, OK = 20, 0
"""SQLite's codes: a column is read, and it may be."""


@contextmanager
def told_by_sqlite() -> Iterator[set[str]]:
    """The tables whose columns any statement reads, told by SQLite's own authoriser on every connection of the pool."""
    tables: set[str] = set()

    def noted(code, table, *_):
        if code == READ:
            tables.add(table)
        return OK

    with engine_for().connect() as connection:
        driver = connection.connection.dbapi_connection
        driver.set_authorizer(noted)
    yield tables
    driver.set_authorizer(None)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_every_table_that_a_figure_reads_is_heard(acme):
    customer, answered = company.customer(acme.amy), set()
    company.add(company.purchase(customer, "2024-03-04", 70), company.contract(customer, "2023-02-01", monthly=10))
    company.answers(customer, company.question("csat", 1, 5), [4])
    for key in KPIS:
        with told_by_sqlite() as tables, reading(acme.mia) as session:
            measure(session, key, DAY)
            rows_behind(session, key, DAY)
        assert (key, sorted(tables & NOUNS.keys() - session.heard)) == (key, [])
        answered |= tables
    assert answered >= {"customer", "order", "order_line", "follow_up", "survey_response", "question", "survey_invitation", "target", "absence", "user"}


def test_what_is_worked_out_from_other_nouns_rests_on_them(acme):
    with reading(acme.ada) as session:
        page(session, "customer", ListQuery(sort="last_contact_at", descending=True), ("name", "last_contact_at"))
    assert {"customer", "follow_up"} <= session.heard
    with reading(acme.amy) as session:
        page(session, "order", ListQuery(), ("code",))
    assert {"order", "customer"} <= session.heard


def test_a_search_rests_on_customers_and_their_contacts(acme):
    company.customer(acme.amy, name="Bakery Lind")
    with reading(acme.ada) as session:
        found = page(session, "customer", ListQuery(search="bakery"), ("name",))
    assert list(found["name"]) == ["Bakery Lind"]
    assert {"customer", "contact"} <= session.heard


def test_names_in_longer_words_and_keywords_are_not_taken_for_nouns():
    assert nouns_in('SELECT product_id FROM order_line ORDER BY customer_name') == {"order_line"}
    assert nouns_in("SELECT max(id) FROM tag WHERE name = 'it''s a customer'") == {"tag"}
