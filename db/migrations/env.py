"""Alembic's door: all migrations in one transaction; on SQLite with foreign keys off, for rebuilding a table
would otherwise delete every row that hangs on it."""

from __future__ import annotations

import warnings
from typing import Any, Literal

from alembic import context
from alembic.operations import ops
from sqlalchemy import Column, Connection, Engine, Index, NullPool, create_engine, event, text

from db.engine import engine_for, schema_of, sqlite_driver, sqlite_path
from db.migrations import is_ours, no_row_lost
from db.models import Base
from db.types import Choice, Hundredths, Instant

asked = context.config.attributes


def main() -> None:
    with _engine().connect() as connection:
        context.configure(
            connection=connection, target_metadata=Base.metadata, transactional_ddl=True, transaction_per_migration=False,
            render_as_batch=not asked.get("first"), render_item=_render, include_name=_include, include_object=_compares,
            process_revision_directives=_directives,
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
    path = sqlite_path(url, asked["workspace"])
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    engine = create_engine(f"sqlite:///{path}", module=sqlite_driver(), poolclass=NullPool, connect_args={"timeout": 30})

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
    if kind == "index" and context.get_context().dialect.name == "sqlite":
        return name not in {index.name for index in _with_expressions()}
    return kind != "table" or is_ours(name)


def _compares(_item: Any, name: str | None, kind: str, _reflected: bool, other: Any) -> bool:
    """An index with an expression is what its name says: what PostgreSQL tells of one reads differently from what made it."""
    return kind != "index" or other is None or name not in {index.name for index in _with_expressions()}


def _with_expressions() -> list[Index]:
    found = [index for table in Base.metadata.sorted_tables for index in table.indexes if not all(isinstance(part, Column) for part in index.expressions)]
    return sorted(found, key=lambda index: str(index.name))


def _directives(migration: Any, _revision: Any, scripts: list[Any]) -> None:
    """Alembic cannot compare indexes with expressions on SQLite; they are told apart by name."""
    connection, found = migration.connection, scripts[0].upgrade_ops
    if connection.dialect.name == "sqlite":
        there = set(connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'index'")).scalars())
        found.ops.extend(ops.CreateIndexOp.from_index(index) for index in _with_expressions() if index.name not in there)
    if "collect" in asked:
        asked["collect"].extend(found.as_diffs())
        scripts.clear()


def _render(kind: str, item: Any, autogen_context: Any) -> str | Literal[False]:
    """Column types by what the database stores, so that a migration never depends on today's code."""
    if kind != "type":
        return False
    if isinstance(item, Choice):
        return f"sa.String(length={item.length})"
    if isinstance(item, Hundredths):
        return "sa.BigInteger()"
    if isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    if "postgresql" in getattr(item, "_variant_mapping", {}):
        autogen_context.imports.add("from sqlalchemy.dialects import postgresql")
        return "sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql')"
    return False


warnings.filterwarnings("ignore", "autogenerate skipping")
main()
