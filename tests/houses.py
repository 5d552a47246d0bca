"""Databases for tests: one a kind and process, put back to how it began before each test, so that engines keep what they know."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from copy import deepcopy
from functools import wraps
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from db import concerns, engine, standing

BEGUN = "as_it_began"
"""The state that every test finds. On PostgreSQL each state is a schema that holds a copy of every row."""
COUNTERS = "SELECT sequencename AS name, COALESCE(last_value, start_value) AS value, last_value IS NOT NULL AS used FROM pg_sequences WHERE schemaname = 'public'"

LOOK = """SELECT md5(string_agg(line, ',' ORDER BY line)) FROM (
    SELECT nspname AS line FROM pg_namespace WHERE nspname !~ '^pg_'
    UNION ALL SELECT concat_ws(' ', relname, attname, atttypid, attnotnull) FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
        WHERE relnamespace = 'public'::regnamespace AND attnum > 0
    UNION ALL SELECT concat_ws(' ', relname, tgname, tgenabled) FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE relnamespace = 'public'::regnamespace
) AS found"""
"""What the database looks like: its schemas, columns and triggers."""


class SqliteHouse:
    """A file in a folder of its own; what else lies there is removed as well."""

    def __init__(self, folder: Path, template: Path) -> None:
        self.folder, self.template = folder, template
        self.url = f"sqlite:///{folder / 'regulars.db'}"

    def leave(self) -> None:
        """The file is about to be replaced or left to others: nobody keeps it open."""
        engine.dispose_all()

    def put_back(self, state: str = BEGUN) -> None:
        forget_answers()
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(mode=0o700, parents=True)
        shutil.copyfile(self.template if state == BEGUN else self._copy(state), self.folder / "regulars.db")

    def keep(self, state: str) -> None:
        shutil.copyfile(self.folder / "regulars.db", self._copy(state))

    def has(self, state: str) -> bool:
        return self._copy(state).exists()

    def _copy(self, state: str) -> Path:
        return self.folder.with_name(f"{self.folder.name}-{state}.db")


class PostgresHouse:
    """A database copied from a template. Rows are put back, which costs a tenth of a new database; where more than rows was changed it is made anew."""

    def __init__(self, server: str, name: str, template: str) -> None:
        self.url = f"{server}/{name}"
        self._server, self._name, self._template = f"{server}/postgres", name, template
        self._connection: psycopg.Connection | None = None
        self._states: set[str] = set()

    def leave(self) -> None:
        """Connections stay open for the next test: its rows are put back beneath them."""

    def put_back(self, state: str = BEGUN) -> None:
        forget_answers()
        try:
            self._rows_back(state)
        except psycopg.Error:
            self._anew()

    def keep(self, state: str) -> None:
        assert self._connection is not None
        self._connection.execute(f'CREATE SCHEMA "{state}"')
        tables = [row[0] for row in self._connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        for table in tables:
            self._connection.execute(sql.SQL("CREATE TABLE {} AS TABLE {}").format(sql.Identifier(state, table), sql.Identifier("public", table)))
        self._connection.execute(f'CREATE TABLE "{state}".counters AS {COUNTERS}')
        self._connection.execute(self._function(state, tables))
        self._look = self._connection.execute(LOOK).fetchone()
        self._states.add(state)

    def has(self, state: str) -> bool:
        return state in self._states

    def _rows_back(self, state: str) -> None:
        if self._connection is None:
            self._anew()
        elif self._connection.execute(LOOK).fetchone() == self._look:
            self._connection.execute(f'SELECT "{state}".put_back()')
        else:
            self._anew()

    def _anew(self) -> None:
        self.close()
        engine.dispose_all()
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {self._name} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {self._name} TEMPLATE {self._template}")
        self._connection = psycopg.connect(self.url, autocommit=True, options="-c session_replication_role=replica -c lock_timeout=2s")
        self._states.clear()
        self.keep(BEGUN)

    def _function(self, state: str, tables: list[str]) -> str:
        one = f'DELETE FROM public.{{0}}; INSERT INTO public.{{0}} OVERRIDING SYSTEM VALUE SELECT * FROM "{state}".{{0}};'
        rows = "\n".join(one.format(f'"{table}"') for table in tables)
        return f"""CREATE FUNCTION "{state}".put_back() RETURNS void LANGUAGE plpgsql AS $$ BEGIN
            {rows}
            PERFORM setval(format('public.%I', name)::regclass, value, used) FROM "{state}".counters;
        END $$"""

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


House = SqliteHouse | PostgresHouse
_at_home: list[House] = []


def move_into(house: House) -> None:
    """Tests from now on live in this house, put back to how it began."""
    house.put_back()
    _at_home[:] = [house]


def forget_answers() -> None:
    """Another database stands in the place of the one before."""
    concerns.forget()
    standing.forget()


def filled_once(fill: Callable[..., Any]) -> Callable[..., Any]:
    """For a fixture that fills the test's database: each process does it once for each kind of database; later tests find the same rows, put back."""
    returned: dict[House, Any] = {}
    state = f"{fill.__module__.rpartition('.')[2]}_{fill.__name__}"

    @wraps(fill)
    def filled(**given: Any) -> Any:
        [house] = _at_home
        if house.has(state):
            house.leave()
            house.put_back(state)
        else:
            returned[house] = fill(**given)
            house.leave()
            house.keep(state)
        return deepcopy(returned[house])

    return filled
