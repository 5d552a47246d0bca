"""Alembic's door: all migrations in one transaction; on SQLite with foreign keys off, for rebuilding a table
would otherwise delete every row that hangs on it."""

from __future__ import annotations

from typing import Any

from alembic import context
from sqlalchemy import Connection, Engine, NullPool, create_engine, event, text

from db.engine import engine_for, schema_of, sqlite_driver, sqlite_path
from db.migrations import is_ours, no_row_lost
from db.models import Base
from db.types import Hundredths, Instant

asked = context.config.attributes


def main() -> None:
    with _engine().connect() as connection:
        context.configure(
            connection=connection, target_metadata=Base.metadata, transactional_ddl=True, transaction_per_migration=False,
            render_as_batch=not asked.get("first"), render_item=_render, include_name=_include,
            process_revision_directives=asked.get("process_revision_directives"),
        )
        with context.begin_transaction():
            _take_the_turn(connection)
            with no_row_lost(connection, _schema(connection)):
                context.run_migrations()
            if connection.dialect.name == "sqlite" and connection.execute(text("PRAGMA foreign_key_check")).first():
                raise RuntimeError("the migration would break foreign keys")


def _engine() -> Engine:
    url = str(asked["url"])
    if not url.startswith("sqlite"):
        return engine_for(asked["workspace"])
    engine = create_engine(f"sqlite:///{sqlite_path(url, asked['workspace'])}", module=sqlite_driver(), poolclass=NullPool, connect_args={"timeout": 30})

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in ("foreign_keys=OFF", "journal_mode=WAL", "synchronous=FULL"):
            connection.execute("PRAGMA " + pragma)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _schema(connection: Connection) -> str | None:
    return schema_of(asked["workspace"]) if connection.dialect.name == "postgresql" else None


def _take_the_turn(connection: Connection) -> None:
    """Two servers that start together migrate one after the other; on SQLite BEGIN IMMEDIATE sees to it."""
    schema = _schema(connection)
    if schema is not None:
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": f"regulars {schema}"})
        connection.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{schema}"'))


def _include(name: str | None, kind: str, _parents: Any) -> bool:
    return kind != "table" or is_ours(name)


def _render(kind: str, item: Any, autogen_context: Any) -> str | bool:
    """Column types by what the database stores, so that a migration never depends on today's code."""
    if kind != "type":
        return False
    if isinstance(item, Hundredths):
        return "sa.BigInteger()"
    if isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    if "postgresql" in getattr(item, "_variant_mapping", {}):
        autogen_context.imports.add("from sqlalchemy.dialects import postgresql")
        return "sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql')"
    return False


main()
