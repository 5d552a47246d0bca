"""The schema and its versions: where a database stands, how it moves forward, how a migration is written."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, inspect, select, table

from db.dialect import SEARCH
from db.engine import database_url, engine_for, schema_of

FOLDER = Path(__file__).parent
VERSIONS = FOLDER / "versions"
VERSION_TABLE = "alembic_version"


class State(StrEnum):
    """How a database stands to the code."""

    EMPTY = "empty"
    CURRENT = "current"
    OLDER = "older"
    NEWER = "newer"
    FOREIGN = "foreign"


def config(workspace: str = "default", url: str | None = None) -> Config:
    settings = Config()
    settings.set_main_option("script_location", str(FOLDER))
    settings.set_main_option("file_template", "%%(rev)s")
    settings.attributes.update(url=url or database_url(), workspace=workspace)
    return settings


@cache
def known_revisions() -> tuple[str, ...]:
    """All revisions of the code, the newest first."""
    return tuple(script.revision for script in ScriptDirectory.from_config(config()).walk_revisions())


def revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def state(workspace: str = "default") -> State:
    with engine_for(workspace).connect() as connection:
        schema = schema_of(workspace) if connection.dialect.name == "postgresql" else None
        tables = set(inspect(connection).get_table_names(schema))
        if VERSION_TABLE not in tables:
            return State.FOREIGN if tables else State.EMPTY
        return state_of(revision(connection))


def state_of(found: str | None) -> State:
    if found is None:
        return State.EMPTY
    if found not in known_revisions():
        return State.NEWER
    return State.CURRENT if found == known_revisions()[0] else State.OLDER


def upgrade(workspace: str = "default") -> None:
    """Bring the workspace's tables to the code's schema: everything in one transaction, or nothing."""
    command.upgrade(config(workspace), "head")


def differences(workspace: str = "default") -> list[Any]:
    """What the models say and the migrated database does not, or the other way round."""
    settings = config(workspace)
    found: list[Any] = []
    settings.attributes["collect"] = found
    command.revision(settings, autogenerate=True)
    return found


def write(name: str, again: bool = False) -> Path:
    """Write the next migration from the difference of models and migrations; `again` replaces the only one."""
    known = () if again else known_revisions()
    if again:
        for old in VERSIONS.glob("0001_*.py"):
            old.unlink()
    number = f"{len(known) + 1:04d}_{name}"
    with tempfile.TemporaryDirectory() as folder:
        settings = config(url=f"sqlite:///{folder}/now.db")
        settings.attributes["first"] = not known
        if known:
            command.upgrade(settings, "head")
        command.revision(settings, message=name, autogenerate=True, rev_id=number)
    known_revisions.cache_clear()
    return VERSIONS / f"{number}.py"


def row_counts(connection: Connection, schema: str | None = None) -> dict[str, int]:
    """How many rows each of our tables has."""
    names = sorted(name for name in inspect(connection).get_table_names(schema) if is_ours(name) and name != VERSION_TABLE)
    return {name: connection.scalar(select(func.count()).select_from(table(name))) or 0 for name in names}


def is_ours(name: str | None) -> bool:
    """The search index and SQLite's parts of it are made by `db/dialect.py`, not by the models."""
    return not (name or "").startswith(SEARCH)


@contextmanager
def no_row_lost(connection: Connection, schema: str | None) -> Iterator[None]:
    """Raise when a table that stays has fewer rows afterwards: a migration moves rows, it never drops them."""
    before = row_counts(connection, schema)
    yield
    after = row_counts(connection, schema)
    lost = [name for name, count in before.items() if after.get(name, count) < count]
    if lost:
        raise RuntimeError(f"the migration would lose rows of {', '.join(lost)}")
