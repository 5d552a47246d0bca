"""What a page asks of the database, how many rows come back, and by which way they are found."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Insert, NullPool, Select, UpdateBase, create_engine, event

from db.base import Base

TABLES = "|".join(sorted(Base.metadata.tables, key=len, reverse=True))
ON_SQLITE = re.compile(rf"^SCAN ({TABLES})$")
"""A table is read row by row; 'USING INDEX' after the name would be an index from end to end."""
ON_POSTGRESQL = re.compile(rf'Seq Scan on "?({TABLES})\b')
AS_IT_IS = "-csearch_path=public,extensions -cenable_seqscan=off"
"""PostgreSQL reads row by row only where no index can serve, however small the tables are."""


@dataclass(frozen=True)
class Question:
    """What was said to the driver, and the statement that it was made from."""

    sql: str
    parameters: Any
    statement: Any
    values: Any


@contextmanager
def heard() -> Iterator[list[Question]]:
    """The questions asked inside, as they are asked."""
    asked: list[Question] = []
    said: list[tuple[Any, Any]] = []

    def begin(_connection: Connection, statement: Any, _many: Any, values: Any, _options: Any) -> None:
        said[:] = [(statement, values)]

    def note(_connection: Connection, _cursor: Any, sql: str, parameters: Any, *_rest: Any) -> None:
        asked.append(Question(sql, parameters, *(said.pop() if said else (None, None))))

    event.listen(Engine, "before_execute", begin)
    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_execute", begin)
        event.remove(Engine, "before_cursor_execute", note)


def reading(questions: list[Question]) -> list[Question]:
    return [question for question in questions if isinstance(question.statement, Select)]


def finding(questions: list[Question]) -> list[Question]:
    """Those that have to find rows: what is read, changed or deleted."""
    return [question for question in questions if isinstance(question.statement, Select | UpdateBase) and not isinstance(question.statement, Insert)]


def rows_read(engine: Engine, questions: list[Question]) -> Counter[str]:
    """How many rows come back, by question."""
    read: Counter[str] = Counter()
    with engine.connect() as connection:
        for question in reading(questions):
            read[question.sql] += len(connection.exec_driver_sql(question.sql, question.parameters).all())
    return read


def scans_on_sqlite(engine: Engine, questions: list[Question]) -> set[tuple[str, str]]:
    """The tables that are read row by row, with the question that does."""
    found = set()
    with engine.connect() as connection:
        for question in finding(questions):
            steps = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {question.sql}", question.parameters)]
            found |= {(table, question.sql) for table in _named(ON_SQLITE, steps)}
    return found


def scans_on_postgresql(url: str, questions: list[Question]) -> set[tuple[str, str]]:
    """The tables that no index can serve, with the question that would read them; the same questions, asked of PostgreSQL."""
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"), poolclass=NullPool, connect_args={"options": AS_IT_IS})
    found = set()
    with engine.connect() as connection:
        event.listen(connection, "before_cursor_execute", lambda _c, _cursor, sql, parameters, *_: (f"EXPLAIN {sql}", parameters), retval=True)
        for question in finding(questions):
            explained = connection.execute(question.statement, question.values, execution_options={"stream_results": False, "yield_per": None})
            steps = [row[0] for row in explained.cursor.fetchall()]
            found |= {(table, question.sql) for table in _named(ON_POSTGRESQL, steps)}
    return found


def _named(pattern: re.Pattern[str], steps: list[str]) -> list[str]:
    return [match[1] for step in steps if (match := pattern.search(step))]
