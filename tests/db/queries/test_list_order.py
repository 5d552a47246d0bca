"""A page of a long list comes out of an index in its order; nothing sorts a million rows to show fifty."""

from __future__ import annotations

import pytest

from db import dialect
from db.engine import engine_for, reading
from db.queries.lists import ListQuery, page
from tests.pages.plans import heard

ORDERS = [("customer", "last_contact_at"), ("follow_up", "done_at"), ("follow_up", "due_on"), ("order", "ordered_on"), ("survey_response", "answered_at")]
MANY = 1_000_000
SORTS = {"sqlite": "TEMP B-TREE", "postgresql": "Sort Key"}


@pytest.mark.parametrize(("noun", "key"), ORDERS)
def test_the_latest_come_first_without_sorting(acme, noun, key):
    with heard() as asked, reading(acme.ada) as session:
        page(session, noun, ListQuery(sort=key, descending=True), (key,))
    [question] = [one for one in asked if "LIMIT" in one.sql and key in one.sql]
    assert SORTS[engine_for().dialect.name] not in plan_of(question)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("gather", [dialect.gather_statistics, dialect.notice_growth])
def test_what_sqlite_knows_of_its_indexes_forbids_to_walk_them_owner_by_owner(acme, gather):
    """Seen at 100,000 customers: the first 30 of everybody's overdue took 250 ms by such a walk, 0.1 ms by the index in their order."""
    with engine_for().begin() as connection:
        gather(connection)
        known = connection.exec_driver_sql("SELECT stat FROM sqlite_stat1 WHERE idx IS NOT NULL").scalars().all()
    assert known
    assert [stat for stat in known if not stat.endswith(" noskipscan")] == []


def plan_of(question) -> str:
    """How a database would do it that holds many rows, none of them deleted."""
    with engine_for().connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            connection.exec_driver_sql("SET LOCAL enable_sort = off")
            return "\n".join(connection.exec_driver_sql(f"EXPLAIN {question.sql}", question.parameters).scalars())
        connection.exec_driver_sql("ANALYZE")
        for table, index in connection.exec_driver_sql("SELECT tbl_name, name FROM sqlite_master WHERE type = 'index' AND name LIKE 'ix_%'").all():
            width = len(connection.exec_driver_sql(f"PRAGMA index_info({index})").all())
            alike = MANY if index == f"ix_{table}_deleted" else 10
            connection.exec_driver_sql("INSERT INTO sqlite_stat1 VALUES (?, ?, ?)", (table, index, " ".join(map(str, [MANY, *[alike] * width]))))
        connection.exec_driver_sql("ANALYZE sqlite_schema")
        return "\n".join(row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {question.sql}", question.parameters))
