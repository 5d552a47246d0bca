"""A migration that is killed at any of its statements leaves the database as it was, and the next start brings it up to date."""

from __future__ import annotations

import os
import signal
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, text

from db import engine, migrations
from db.migrations import State
from tests.db.test_migrations import columns, next_migration  # noqa: F401  a fixture
from tests.long import times
from tests.torture.aftermath import assert_in_order

STEPS = (
    "op.add_column('team', sa.Column('motto', sa.String(40)))",
    "with op.batch_alter_table('customer') as batch:",
    "    batch.alter_column('city', type_=sa.String(120))",
    "op.create_table('medal', sa.Column('id', sa.Integer, primary_key=True), sa.Column('team_id', sa.Integer, sa.ForeignKey('team.id')))",
    "op.execute(\"UPDATE team SET motto = 'onwards'\")",
    "op.create_index('ix_medal_team', 'medal', ['team_id'])",
)


def upgrade_until(url: str, folder: Path, statement: int) -> None:
    """Migrate, and be killed before that statement; the end is silent where there are fewer."""
    os.environ["REGULARS_DATABASE_URL"] = url
    migrations.FOLDER = folder
    migrations.known_revisions.cache_clear()
    number = count()

    @event.listens_for(Engine, "before_cursor_execute")
    def _strike(*_: Any) -> None:
        if next(number) == statement:
            os.kill(os.getpid(), signal.SIGKILL)

    migrations.upgrade()


def killed_at(nursery: Any, url: str, statement: int) -> bool:
    """Whether the migration got that far."""
    process = nursery.Process(target=upgrade_until, args=(url, migrations.FOLDER, statement))
    process.start()
    process.join()
    assert process.exitcode in (0, -signal.SIGKILL)
    return process.exitcode != 0


def rows() -> dict[str, int]:
    with engine.engine_for().connect() as connection:
        schema = engine.schema_of("default") if connection.dialect.name == "postgresql" else None
        return migrations.row_counts(connection, schema)


def strike_everywhere(nursery: Any, url: str, before: State) -> int:
    """Kill it at one statement after the other; every time the database must be as it was. Returns how many statements there were."""
    step, statement = times(80, 1), 0
    kept = rows() if before != State.EMPTY else {}
    while killed_at(nursery, url, statement):
        assert migrations.state() == before, statement
        assert before == State.EMPTY or rows() == kept
        engine.dispose_all()
        statement += step
    assert migrations.state() == State.CURRENT
    return statement


def test_the_first_migration_killed_at_every_statement_leaves_an_empty_place(nursery, empty_database):
    if empty_database.startswith("sqlite"):
        engine.sqlite_path(empty_database).parent.mkdir()
    print(f"killed at {strike_everywhere(nursery, empty_database, State.EMPTY)} statements")
    assert migrations.differences() == []


def test_a_later_migration_killed_at_every_statement_leaves_every_row(nursery, company, database, next_migration):  # noqa: F811
    next_migration(*STEPS)
    print(f"killed at {strike_everywhere(nursery, database, State.OLDER)} statements")
    assert "motto" in columns("team")
    with engine.engine_for().connect() as connection:
        assert set(connection.scalars(text("SELECT motto FROM team"))) == {"onwards"}
    assert_in_order()


@pytest.fixture(autouse=True)
def _afterwards():
    yield
    engine.dispose_all()
