"""The same seed gives the same company."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime

import pytest
from click.testing import CliRunner
from sqlalchemy import inspect

from db import clock
from db.engine import engine_for, reading
from db.fields import journalled_keys
from db.models import NOUNS
from db.policy import SYSTEM
from seed.__main__ import main
from seed.company import company
from seed.plan import Plan, present
from tests.seed.conftest import NOON, rows_of

DATA = ("team", "absence", "target", "product", "customer", "contact", "customer_tag", "order", "order_line", "follow_up", "survey_response",
        "survey_invitation")


class Counting:
    """Numbers from one on, without a database."""

    def __init__(self):
        self.given = {}

    def id(self, noun):
        self.given[noun] = self.given.get(noun, 0) + 1
        return self.given[noun]

    def code(self, noun):
        return f"{NOUNS[noun].prefix}-{self.id(f'{noun} code'):04d}"


def fingerprint(seed=1, language="en", customers=60, now=NOON):
    clock.use_zone("Asia/Shanghai")
    rows = company(Plan(customers, 3, 6, seed, language, now), Counting(), {}, set())
    return hashlib.sha256(repr(list(rows)).encode()).hexdigest()


def test_two_runs_are_equal_and_another_seed_or_day_differs():
    assert fingerprint() == fingerprint()
    assert len({fingerprint(), fingerprint(seed=2), fingerprint(language="zh"), fingerprint(now=datetime(2026, 5, 14, 4, tzinfo=UTC))}) == 4


def content():
    skipped = {"updated_at"}
    return {noun: [tuple(getattr(row, key) for key in journalled_keys(NOUNS[noun]) if key not in skipped) for row in rows_of(noun)] for noun in DATA}


def test_both_roads_lead_to_the_same_rows(database, monkeypatch):
    run = ["--customers", "40", "--years", "2", "--date", "2026-05-13", "--database", database]
    assert CliRunner().invoke(main, run).exit_code == 0
    by_the_rules, every_index = content(), indexes()
    with reading(SYSTEM) as session:
        assert session.organisation.name == "Harbour Lane Workplace Supplies"
    monkeypatch.setattr("seed.sample.BY_THE_RULES", 0)
    again = empty_copy(database)
    assert CliRunner().invoke(main, [*run[:-1], again]).exit_code == 0
    monkeypatch.setenv("REGULARS_DATABASE_URL", again)
    assert content() == by_the_rules
    assert indexes() == every_index


def indexes():
    """The names of all, by table: a sample at size does without many of them until its rows are there."""
    with engine_for().connect() as connection:
        tables = inspect(connection)
        return {table: sorted(index["name"] for index in tables.get_indexes(table)) for table in NOUNS}


def empty_copy(url):
    """Another database beside this one."""
    if url.startswith("sqlite"):
        return url.replace("regulars.db", "again.db")
    import psycopg

    address, name = url.rsplit("/", 1)
    with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}_again")
    return f"{url}_again"


def test_the_present_is_this_hour_or_the_evening_of_a_day_gone_by():
    clock.use_zone("Asia/Shanghai")
    with clock.frozen(NOON.replace(minute=42)):
        assert present() == NOON
        assert clock.local(present(date(2026, 5, 1))).isoformat() == "2026-05-01T19:00:00+08:00"
        assert present(date(2026, 5, 13)) == NOON
        with pytest.raises(Exception, match="future"):
            present(date(2026, 5, 14))


@pytest.mark.parametrize("wrong", [["--customers", "0"], ["--managers", "many"], ["--language", "fr"], ["--date", "yesterday"], ["--date", "2999-01-01"]])
def test_a_wrong_option_is_explained_and_nothing_is_written(database, wrong):
    result = CliRunner().invoke(main, [*wrong, "--database", database])
    assert result.exit_code != 0
    assert "Error:" in result.output
    assert rows_of("customer") == []


def test_a_second_company_is_refused_in_one_sentence(database):
    run = ["--customers", "3", "--years", "1", "--database", database]
    assert CliRunner().invoke(main, run).exit_code == 0
    again = CliRunner().invoke(main, run)
    assert again.exit_code == 1
    assert again.output == "Error: The sample company needs an empty workspace; this one holds customers or products already.\n"
    assert len(rows_of("customer")) == 3
