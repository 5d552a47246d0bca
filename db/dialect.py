"""The few places where SQLite and PostgreSQL speak differently."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Date, Index, Integer, String, Table, func, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import NullType

Function = TypeVar("Function", bound=GenericFunction[Any])
SEARCH = "customer_search"
WORDS_AT_ONCE = 16 << 20
"""Bytes of words that SQLite gathers before it sorts them into the search index: a quarter less work for many customers than with its own 1 MB."""
WRITING = "regulars writes at length in "
"""With the schema's name: the first half of a lock by which a long write is known; the second is the writer."""
PLACE = {"sqlite": "?", "postgresql": "%s"}
"""How the driver marks the place of a value."""
FOUND_AT_MOST = 1_000_000
FEW = 500
"""Rows that are soon read, whichever way."""
EVERY_TABLE, LOOK = 0x10000, 0x02
"""Of SQLite's `PRAGMA optimize`: also tables that this connection has not asked for; look at a part of the rows where a table has grown much."""


def written(**forms: str) -> Callable[[type[Function]], type[Function]]:
    """How each database writes a function; {0} and {1} stand for its arguments."""

    def spell(function: type[Function]) -> type[Function]:
        for dialect, form in forms.items():
            compiles(function, dialect)(partial(_spelled, form))
        return function

    return spell


def _spelled(form: str, element: Any, compiler: Any, **options: Any) -> str:
    return form.format(*(compiler.process(part, **options) for part in element.clauses))


@written(sqlite="substr({0}, 1, 7)", postgresql="to_char({0}, 'YYYY-MM')")
class month_of(GenericFunction[str]):
    """The month 'YYYY-MM' of a date column."""

    type = String()
    inherit_cache = True


@written(sqlite="date({0}, '+' || {1} || ' days')", postgresql="(CAST({0} AS DATE) + CAST({1} AS INTEGER))")
class days_after(GenericFunction[Any]):
    """A date moved by a number of days: days_after(day, days)."""

    type = Date()
    inherit_cache = True


@written(sqlite="CAST(julianday({1}) - julianday({0}) AS INTEGER)", postgresql="(CAST({1} AS DATE) - CAST({0} AS DATE))")
class days_between(GenericFunction[int]):
    """Whole days from the first date to the second."""

    type = Integer()
    inherit_cache = True


@written(
    sqlite="((substr({1}, 1, 4) - substr({0}, 1, 4)) * 12 + substr({1}, 6, 2) - substr({0}, 6, 2) - (substr({1}, 9, 2) < substr({0}, 9, 2)))",
    postgresql="((extract(year FROM CAST({1} AS DATE)) - extract(year FROM {0})) * 12 + extract(month FROM CAST({1} AS DATE)) - extract(month FROM {0})"
               " - CAST(extract(day FROM CAST({1} AS DATE)) < extract(day FROM {0}) AS INTEGER))",
)
class months_between(GenericFunction[int]):
    """Whole months from the first date to the second."""

    type = Integer()
    inherit_cache = True


@written(sqlite="instr({0}, {1})", postgresql="strpos({0}, {1})")
class position_of(GenericFunction[int]):
    """Where the second text begins in the first, counted from 1; 0 where it does not occur."""

    type = Integer()
    inherit_cache = True


@written(sqlite="{0} IN (SELECT value FROM json_each('[' || {1} || ']'))", postgresql="{0} = ANY(CAST(string_to_array({1}, ',') AS bigint[]))")
class _among(GenericFunction[Any]):
    type = NullType()  # not Boolean: SQLite would be asked whether it equals 1, and walk through the whole table instead of the index
    inherit_cache = True


def among(column: Any, ids: Iterable[int | None]) -> ColumnElement[bool]:
    """Whether a column of ids is one of many. They go as one value: the statement stays short, and PostgreSQL plans it well without looking at each."""
    return _among(column, ",".join(str(id_) for id_ in ids if id_ is not None))


def within_json(dialect: str, words: str) -> str:
    """How words stand in a JSON column when it is read as text: SQLite keeps what was written, with every foreign letter escaped."""
    return json.dumps(words, ensure_ascii=dialect == "sqlite")[1:-1]


def create_search_index(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.execute(text(f"CREATE VIRTUAL TABLE {SEARCH} USING fts5(words, personal, tokenize='trigram')"))
        connection.execute(text(f"INSERT INTO {SEARCH} ({SEARCH}, rank) VALUES ('hashsize', {WORDS_AT_ONCE})"))
        return
    connection.execute(text("CREATE SCHEMA IF NOT EXISTS extensions"))
    connection.execute(text("CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA extensions"))
    connection.execute(text(f"CREATE TABLE {SEARCH} (rowid bigint PRIMARY KEY, words text NOT NULL, personal text NOT NULL)"))
    for column in ("words", "personal"):
        connection.execute(text(f"CREATE INDEX ix_{SEARCH}_{column} ON {SEARCH} USING gin ({column} extensions.gin_trgm_ops)"))


def write_search_rows(connection: Connection, rows: Iterable[dict[str, Any]], replace: bool = True) -> None:
    """Replace the search words of customers; each row has `id`, `words` and `personal`. Without words the row goes."""
    rows = list(rows)
    if rows and replace:
        connection.execute(text(f"DELETE FROM {SEARCH} WHERE rowid = :id"), rows)
    if rows := [row for row in rows if row["words"]]:
        values = ", ".join([PLACE[connection.dialect.name]] * 3)
        written = [(row["id"], row["words"], row["personal"]) for row in rows]
        connection.exec_driver_sql(f"INSERT INTO {SEARCH} (rowid, words, personal) VALUES ({values})", written)


def matches(dialect: str, id_column: Any, query: str, with_personal: bool) -> ColumnElement[bool]:
    """The condition that a customer's search words contain the query (three characters or more)."""
    if dialect == "sqlite":
        phrase = '"' + query.replace('"', '""') + '"'
        sql, value = f"SELECT rowid FROM {SEARCH} WHERE {SEARCH} MATCH :q", phrase if with_personal else f"words : {phrase}"
    else:
        escaped = query.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        sql, value = f"SELECT rowid FROM {SEARCH} WHERE words ILIKE :q{' OR personal ILIKE :q' if with_personal else ''}", f"%{escaped}%"
    found = f"SELECT rowid FROM ({sql} LIMIT {FOUND_AT_MOST}) AS found"  # the limit keeps the planner from asking the index row by row
    return id_column.in_(text(found).bindparams(q=value))  # type: ignore[no-any-return]


def continue_numbering(connection: Connection, tables: Iterable[str]) -> None:
    """After rows were added with ids of their own: PostgreSQL goes on behind the highest; SQLite does so anyway."""
    for table in tables if connection.dialect.name == "postgresql" else ():
        connection.execute(text(f"SELECT setval(pg_get_serial_sequence('\"{table}\"', 'id'), (SELECT max(id) FROM \"{table}\"))"))


def gather_statistics(connection: Connection, table: str = "") -> None:
    """Tell the planner what the tables hold now, or one of them; it would go on planning for empty ones until the next round of its own."""
    connection.execute(text(f'ANALYZE "{table}"' if table else "ANALYZE"))
    take_note(connection)


def notice_growth(connection: Connection) -> None:
    """Look at tables that have grown out of what the planner knows of them; PostgreSQL does so by itself."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA optimize({EVERY_TABLE | LOOK})")
        take_note(connection)


def notice_own_rows(connection: Connection, count: int, tables: Iterable[str]) -> None:
    """Have PostgreSQL look at tables into which this transaction has brought `count` rows, more than twice as many as its planner knows of.

    By itself it does so after the commit, and reads all rows for each batch until then.
    """
    for table in tables if count > FEW and connection.dialect.name == "postgresql" else ():
        known = connection.scalar(text("SELECT reltuples FROM pg_class WHERE oid = CAST(:table AS regclass)"), {"table": f'"{table}"'})
        if count > 2 * (known or 0):
            gather_statistics(connection, table)


def take_note(connection: Connection) -> None:
    """Have the planner heed what was gathered, and read lists in the order of an index.

    SQLite would rather walk an index owner by owner and sort than read the first rows of one in the order asked for: 250 ms instead of 0.1.
    What its statistics say of an index may forbid that: https://sqlite.org/fileformat2.html#stat1tab.
    """
    if connection.dialect.name == "sqlite":
        forbid = "UPDATE sqlite_stat1 SET stat = stat || ' noskipscan' WHERE idx IS NOT NULL AND stat NOT LIKE '%noskipscan'"
        if connection.exec_driver_sql(forbid).rowcount:
            connection.exec_driver_sql("ANALYZE sqlite_schema")  # the planner takes note of it


def drop_indexes(connection: Connection, tables: Iterable[Table]) -> list[Index]:
    """Let go of the indexes of empty tables that many rows are to come into; returns them, to be created when the rows are there.

    On SQLite alone, where readers go on with what was committed: on PostgreSQL they would wait for the end of the transaction.
    """
    dropped = [index for table in tables for index in table.indexes] if connection.dialect.name == "sqlite" else []
    for index in dropped:
        index.drop(connection)
    return dropped


def insert_unless_there(dialect: str, model: Any, **values: Any) -> Any:
    """An INSERT that waits for another writer of the same key and then does nothing."""
    return (sqlite.insert if dialect == "sqlite" else postgresql.insert)(model).values(**values).on_conflict_do_nothing()


def has_one_writer(dialect: str) -> bool:
    """Whether nobody else can write while one does, so that numbers may be counted beforehand."""
    return dialect == "sqlite"


def next_ids(connection: Connection, table: Table, count: int) -> Sequence[int]:
    """Ids for new rows: behind the highest where one writes at a time, else from the table's sequence, which gives none twice."""
    if has_one_writer(connection.dialect.name):
        first = (connection.scalar(select(func.max(table.c.id))) or 0) + 1
        return range(first, first + count)
    following = func.nextval(func.pg_get_serial_sequence(table.name, "id"))
    return connection.scalars(select(following).select_from(func.generate_series(1, count))).all()


def tell_of_long_write(connection: Connection, who: int | None) -> None:
    """Until this transaction ends, or its process dies, `long_writer` says who writes here; nobody waits for it.

    SQLite's writers are told by their queue.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock_shared(func.hashtext(func.concat(WRITING, func.current_schema())), who or 0)))


def long_writer(connection: Connection) -> int | None:
    """The user who writes at length in this schema of PostgreSQL, 0 for the product itself; None where nobody does."""
    found: int | None = connection.scalar(text(
        "SELECT CAST(objid AS bigint) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND granted"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        " AND classid = CAST(hashtext(concat(CAST(:writing AS text), current_schema())) AS oid) LIMIT 1"
    ), {"writing": WRITING})
    return found


def take_turns(connection: Connection, name: str) -> None:
    """Whoever takes turns under the same name waits until this transaction has ended; on SQLite all who write do so anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(name))))
