"""The SQL of a page: what it asks, how long the database takes, and how long reading the largest of those tables row by row would."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from statistics import median
from typing import Any

import streamlit as st

from db.actions import tokens
from db.engine import engine_for
from db.policy import Actor
from tests.door import cookie_of
from tests.pages.conftest import entrance
from tests.pages.plans import Question, heard, reading
from tests.pages.screen import by_link

BIG = ("follow_up", "order", "survey_response", "customer")
"""The largest first."""
BY_ROWS = {"sqlite": (), "postgresql": ("SET LOCAL enable_indexscan = off", "SET LOCAL enable_indexonlyscan = off", "SET LOCAL enable_bitmapscan = off")}


@dataclass(frozen=True)
class Sql:
    """Milliseconds: of all questions of a page without a cache, from the cache, the slowest of them, and of the row-by-row scan."""

    fresh: float
    cached: float
    statements: int
    slowest: float
    slowest_sql: str
    scan: float


def sql_of(actor: Actor, page: str, query: dict[str, str]) -> Sql:
    screen = entrance(tokens.digest(cookie_of(actor)))
    screen.query_params.update(query)
    st.cache_data.clear()
    with heard() as asked:
        by_link(screen, page)
        fresh = reading(asked)
        asked.clear()
        screen.run()
        kept = reading(asked)
    times = {question.sql: _milliseconds(question.sql, question.parameters) for question in {one.sql: one for one in [*kept, *fresh]}.values()}
    slowest = max(fresh, key=lambda question: times[question.sql])
    tables = [table for table in BIG if re.search(rf'(FROM|JOIN) "?{table}\b', slowest.sql)]
    return Sql(_sum(fresh, times), _sum(kept, times), len(fresh), times[slowest.sql], " ".join(slowest.sql.split())[:90], _scan(tables[0]) if tables else 0.0)


def _sum(questions: list[Question], times: dict[str, float]) -> float:
    return sum(times[question.sql] for question in questions)


def _milliseconds(sql: str, parameters: Any, settings: tuple[str, ...] = (), times: int = 3) -> float:
    waited = []
    with engine_for().connect() as connection:
        for setting in settings:
            connection.exec_driver_sql(setting)
        for _ in range(times):
            begun = time.perf_counter()
            connection.exec_driver_sql(sql, parameters).all()
            waited.append(1000 * (time.perf_counter() - begun))
            if waited[-1] > 1000:
                break
    return median(waited)


def _scan(table: str) -> float:
    dialect = engine_for().dialect.name
    sql = f'SELECT count(*) FROM "{table}" {"NOT INDEXED" if dialect == "sqlite" else ""} WHERE version < 0'
    return _milliseconds(sql, (), BY_ROWS[dialect])
