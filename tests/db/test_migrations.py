"""The schema moves forward in one piece, or not at all."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from db import engine, migrations
from db.migrations import State
from db.models import Base

BEGINNING = '''
import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "{before}"
branch_labels = None
depends_on = None


def upgrade() -> None:
'''


@pytest.fixture
def next_migration(tmp_path, monkeypatch):
    """Add a migration to the code: its lines."""
    folder, before = tmp_path / "migrations", migrations.known_revisions()[0]
    shutil.copytree(migrations.FOLDER, folder)
    monkeypatch.setattr(migrations, "FOLDER", folder)

    def add(*lines: str) -> None:
        body = BEGINNING.format(revision="9999_next", before=before) + "".join(f"    {line}\n" for line in lines)
        (folder / "versions" / "9999_next.py").write_text(body, encoding="utf-8")
        migrations.known_revisions.cache_clear()

    yield add
    monkeypatch.undo()
    migrations.known_revisions.cache_clear()


def columns(table: str) -> set[str]:
    with engine.engine_for().connect() as connection:
        return {column["name"] for column in inspect(connection).get_columns(table)}


def count(table: str) -> int:
    with engine.engine_for().connect() as connection:
        return int(connection.execute(text(f'SELECT count(*) FROM "{table}"')).scalar_one())


def test_the_migrations_make_exactly_what_the_models_say(empty_database):
    migrations.upgrade()
    assert migrations.differences() == []


def indexes(workspace: str) -> dict[str, str]:
    """Every index of our tables with the words that made it, whatever the schema is called."""
    on_sqlite = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    on_postgresql = f"SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = '{engine.schema_of(workspace)}'"
    with engine.engine_for(workspace).connect() as connection:
        rows = connection.execute(text(on_sqlite if connection.dialect.name == "sqlite" else on_postgresql))
        return {name: words.replace(f" ON {engine.schema_of(workspace)}.", " ON ") for name, words in rows
                if migrations.is_ours(name.removeprefix("ix_")) and migrations.VERSION_TABLE not in words}


def test_every_index_is_built_as_declared_with_its_order_and_its_condition(empty_database):
    migrations.upgrade()
    with engine.engine_for("declared").begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("CREATE SCHEMA declared"))
        Base.metadata.create_all(connection)
    built, declared = indexes("default"), indexes("declared")
    assert built == declared
    assert any("WHERE" in words for words in built.values())


def test_an_empty_place_becomes_current(empty_database):
    if empty_database.startswith("sqlite"):
        Path(engine.sqlite_path(empty_database)).parent.mkdir()
    assert migrations.state() == State.EMPTY
    migrations.upgrade()
    assert migrations.state() == State.CURRENT


def test_upgrading_twice_changes_nothing(empty_database):
    migrations.upgrade()
    migrations.upgrade()
    assert migrations.differences() == []


def test_two_workspaces_have_their_own_tables(empty_database):
    migrations.upgrade()
    migrations.upgrade("class_a")
    assert migrations.state("class_a") == State.CURRENT
    with engine.engine_for("class_a").begin() as connection:
        connection.execute(text("INSERT INTO counter (noun, value) VALUES ('customer', 7)"))
    assert count("counter") == 0


def test_an_older_database_gets_the_new_column(database, next_migration):
    next_migration("op.add_column('team', sa.Column('motto', sa.String(40)))")
    assert migrations.state() == State.OLDER
    migrations.upgrade()
    assert "motto" in columns("team")
    assert migrations.state() == State.CURRENT


def test_a_migration_that_fails_half_way_leaves_the_database_as_it_was_and_can_be_tried_again(database, next_migration):
    next_migration("op.add_column('team', sa.Column('motto', sa.String(40)))", "raise RuntimeError('power cut')")
    with pytest.raises(RuntimeError, match="power cut"):
        migrations.upgrade()
    assert "motto" not in columns("team")
    assert migrations.state() == State.OLDER
    next_migration("op.add_column('team', sa.Column('motto', sa.String(40)))")
    migrations.upgrade()
    assert "motto" in columns("team")


def test_rebuilding_a_table_keeps_the_rows_that_hang_on_it(acme, next_migration):
    users = count("user")
    next_migration("with op.batch_alter_table('team') as batch:", "    batch.alter_column('name', type_=sa.String(120))")
    migrations.upgrade()
    assert count("user") == users > 0
    assert count("team") == 2


def test_a_migration_that_would_lose_rows_is_taken_back(acme, next_migration):
    users = count("user")
    next_migration("""op.execute("DELETE FROM \\"user\\" WHERE user_name = 'vic'")""")
    with pytest.raises(RuntimeError, match="would lose rows of user"):
        migrations.upgrade()
    assert count("user") == users


def test_a_database_written_by_a_newer_program_is_known_as_such(database):
    with engine.engine_for().begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9000_future'"))
    assert migrations.state() == State.NEWER


def test_a_database_of_something_else_is_known_as_such(empty_database):
    if empty_database.startswith("sqlite"):
        Path(engine.sqlite_path(empty_database)).parent.mkdir()
    with engine.engine_for().begin() as connection:
        connection.execute(text("CREATE TABLE wp_posts (id integer)"))
    assert migrations.state() == State.FOREIGN
