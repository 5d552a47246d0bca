"""A page asks the database as many questions of many customers as of few."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path

import pytest
import streamlit as st
from sqlalchemy import Engine, event

from db import clock, engine
from db.engine import transaction
from db.models import Customer, Question, Survey, SurveyResponse
from db.policy import SYSTEM
from tests.conftest import everybody, made_once
from tests.db.queries.company import contract, done, planned, purchase
from tests.pages.conftest import WEDNESDAY, found_on_wednesday

PAGES = ("today", "customers", "customer", "follow_ups", "orders", "surveys", "dashboard", "satisfaction", "retention", "workload", "reports", "duplicates", "data_care",
         "audit", "recycle_bin")
FEW, MANY = 150, 450


def found_crowd(count: int) -> None:
    """So many customers with a past, entered in one go."""
    found_on_wednesday()
    people = everybody()
    owners = (people.amy, people.bo, people.cy)
    with clock.frozen(WEDNESDAY), transaction(SYSTEM, "setup") as session:
        survey = Survey(name="Yearly")
        session.add(survey)
        session.flush()
        question = Question(survey_id=survey.id, key="q", text="q", kind="csat", scale_min=1, scale_max=5)
        customers = [Customer(code=f"K{n}", name=f"Customer {n}", tier="ABC"[n % 3], status="active", owner_id=owners[n % 3].id, customer_since=date(2024, 1, 1)) for n in range(count)]
        session.add_all([question, *customers])
        session.flush()
        for number, customer in enumerate(customers):
            owner, day = owners[number % 3], date(2026, 3, 1) - timedelta(days=9 * (number % 40))
            session.add_all([
                done(customer.id, f"{day}T04:00", owner, rating=1 + number % 5, method="visit"), planned(customer.id, f"{date(2026, 3, 10) + timedelta(days=number % 20)}", owner),
                purchase(customer.id, f"{day}", 100 + number), purchase(customer.id, f"{day - timedelta(days=40)}", 50),
                contract(customer.id, "2025-01-01", "2026-02-01" if number % 5 == 0 else None, 10), SurveyResponse(customer_id=customer.id, sheet=f"S{number}", question_id=question.id, score=1 + number % 5, manager_id=owner.id,
                               answered_at=datetime.combine(day, time(4), UTC)),
            ])


@pytest.fixture
def crowd(sqlite_template: Path, database: str) -> Callable[[int], None]:
    """Let so many customers be there."""

    def come(count: int) -> None:
        engine.dispose_all()
        file = made_once(sqlite_template.with_name(f"crowd-{count}.db"), sqlite_template, partial(found_crowd, count))
        shutil.copyfile(file, database.removeprefix("sqlite:///"))
        st.cache_data.clear()

    return come


@pytest.fixture
def questions() -> Iterator[list[str]]:
    """What the database is asked, as it is asked."""
    asked: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield asked
    event.remove(Engine, "before_cursor_execute", note)


@pytest.mark.parametrize("key", PAGES)
def test_a_page_asks_as_many_questions_of_many_customers_as_of_few(acme, crowd, visit, questions, key):
    asked = []
    for size in (FEW, MANY):
        crowd(size)
        questions.clear()
        visit(acme.ada, key, **({"id": size} if key == "customer" else {}))
        asked.append(sorted(questions))
    assert [len(statements) for statements in asked] == [len(asked[0])] * 2, [statement for statement in asked[1] if asked[1].count(statement) != asked[0].count(statement)][:3]
    assert len(asked[1]) < 150
