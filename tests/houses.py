"""Databases for tests: one a kind and process, put back to how it began before each test, so that engines keep what they know."""

from __future__ import annotations

import shutil
from pathlib import Path

import psycopg
from psycopg import sql

KEPT = "as_it_began"
"""The schema that holds a copy of every row."""
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

    def put_back(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(mode=0o700, parents=True)
        shutil.copyfile(self.template, self.folder / "regulars.db")


class PostgresHouse:
    """A database copied from a template. Rows are put back, which costs a tenth of a new database; where more than rows was changed it is made anew."""

    def __init__(self, server: str, name: str, template: str) -> None:
        self.url = f"{server}/{name}"
        self._server, self._name, self._template = f"{server}/postgres", name, template
        self._connection: psycopg.Connection | None = None

    def put_back(self) -> None:
        try:
            self._rows_back()
        except psycopg.Error:
            self._anew()

    def _rows_back(self) -> None:
        if self._connection is None:
            self._anew()
        elif self._connection.execute(LOOK).fetchone() == self._look:
            self._connection.execute(f"SELECT {KEPT}.put_back()")
        else:
            self._anew()

    def _anew(self) -> None:
        self.close()
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {self._name} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {self._name} TEMPLATE {self._template}")
        self._connection = psycopg.connect(self.url, autocommit=True, options="-c session_replication_role=replica -c lock_timeout=2s")
        self._connection.execute(f"CREATE SCHEMA {KEPT}")
        tables = [row[0] for row in self._connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        for table in tables:
            self._connection.execute(sql.SQL("CREATE TABLE {} AS TABLE {}").format(sql.Identifier(KEPT, table), sql.Identifier("public", table)))
        self._connection.execute(f"CREATE TABLE {KEPT}.counters AS {COUNTERS}")
        self._connection.execute(self._function(tables))
        self._look = self._connection.execute(LOOK).fetchone()

    def _function(self, tables: list[str]) -> str:
        one = "DELETE FROM public.{0}; INSERT INTO public.{0} OVERRIDING SYSTEM VALUE SELECT * FROM " + KEPT + ".{0};"
        rows = "\n".join(one.format(f'"{table}"') for table in tables)
        return f"""CREATE FUNCTION {KEPT}.put_back() RETURNS void LANGUAGE plpgsql AS $$ BEGIN
            {rows}
            PERFORM setval(format('public.%I', name)::regclass, value, used) FROM {KEPT}.counters;
        END $$"""

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
