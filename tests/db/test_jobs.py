"""Recurring work is done once a period, whoever comes first, and a failure stops nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from click.testing import CliRunner
from sqlalchemy import select, text

from db import backup, clock, engine, jobs
from db.actions import custody
from db.commands import main
from db.engine import reading, transaction
from db.jobs import Job
from db.models import JobRun, Organisation, PublishedFigure
from db.policy import SYSTEM
from db.queries import published
from db.queries.filters import Filters
from db.queries.kpis import KPIS
from db.queries.periods import month
from tests.db.queries import company
from tests.db.queries.company import add, purchase

FIRST_OF_APRIL = datetime(2026, 4, 1, 1, tzinfo=UTC)
"""9 o'clock in Shanghai."""
PUBLISH = (jobs.job_named("publish_month"),)
MARCH = month(FIRST_OF_APRIL.date() - timedelta(days=1))


def counted(done: list[str]) -> Job:
    return Job("count", "Counts", lambda _session: "2026-03", lambda _workspace, period: done.append(period))


def runs() -> list[JobRun]:
    with reading(SYSTEM) as session:
        return list(session.scalars(select(JobRun)))


def set_up_on(day: str) -> None:
    with transaction(SYSTEM, "setup") as session:
        session.scalars(select(Organisation)).one().created_at = datetime.fromisoformat(day).replace(tzinfo=UTC)


def test_of_two_who_come_together_one_does_the_work(acme):
    done, together = [], Barrier(2)

    def come(_: int) -> None:
        together.wait()
        jobs.run_due(jobs=(counted(done),))

    with ThreadPoolExecutor(2) as people:
        list(people.map(come, range(2)))
    assert done == ["2026-03"]
    assert [(run.job, run.period, run.problem) for run in runs()] == [("count", "2026-03", None)]
    assert jobs.run_due(jobs=(counted(done),)) == []


def test_work_that_crashed_is_taken_again_after_an_hour(acme):
    done = []
    assert jobs.claim(counted(done), "2026-03")
    assert jobs.run_due(jobs=(counted(done),)) == []
    with clock.frozen(clock.now() + timedelta(minutes=61)):
        assert [item.run.problem for item in jobs.run_due(jobs=(counted(done),))] == [None]
    assert done == ["2026-03"]


def test_a_failure_is_written_down_stops_nothing_and_is_tried_again(acme, caplog):
    done = []

    def fail(_workspace: str, _period: str) -> None:
        raise OSError("the disk is full")

    broken = Job("broken", "Breaks", lambda _session: "2026-03", fail)
    jobs.run_due(jobs=(broken, counted(done)))
    assert done == ["2026-03"]
    assert {run.job: run.problem for run in runs()} == {"broken": "OSError: the disk is full", "count": None}
    with clock.frozen(clock.now() + timedelta(minutes=61)):
        assert [item.job.name for item in jobs.run_due(jobs=(broken, counted(done)))] == ["broken"]


def test_at_month_end_every_figure_is_kept_for_all_and_for_each_account_manager(acme):
    set_up_on("2026-02-10")
    buyers = {name: company.customer(getattr(acme, name), customer_since=MARCH.start) for name in ("amy", "cy")}
    add(purchase(buyers["amy"], "2026-03-10", 300), purchase(buyers["cy"], "2026-03-31", 200), purchase(buyers["cy"], "2026-04-01", 5))
    with clock.frozen(FIRST_OF_APRIL):
        assert [(item.period, item.run.problem) for item in jobs.run_due(jobs=PUBLISH)] == [("2026-03", None)]
        assert jobs.run_due(jobs=PUBLISH) == []
    with reading(SYSTEM) as session:
        kept = {(row.kpi, row.owner_id): row.figure for row in session.scalars(select(PublishedFigure))}
        assert {row.month for row in session.scalars(select(PublishedFigure))} == {MARCH.start}
    assert {key: kept["sales", owner]["value"] for key, owner in (("all", None), ("amy", acme.amy.id), ("bo", acme.bo.id), ("cy", acme.cy.id))} == {
        "all": 500, "amy": 300, "bo": None, "cy": 200}
    assert {kpi for kpi, owner in kept if owner is None} == set(KPIS)
    with engine.engine_for().connect() as connection:
        assert connection.execute(text("SELECT note FROM change WHERE action = 'figures.publish'")).scalars().all() == ["2026-03"]


def test_a_later_edit_leaves_what_was_published_as_it_was(acme):
    set_up_on("2026-02-10")
    amy_s, cy_s = company.customer(acme.amy), company.customer(acme.cy)
    add(purchase(amy_s, "2026-03-10", 300), purchase(cy_s, "2026-03-11", 200))
    with clock.frozen(FIRST_OF_APRIL):
        jobs.run_due(jobs=PUBLISH)
        add(purchase(amy_s, "2026-03-12", 50))
        assert "stay as they are" in CliRunner().invoke(main, ["jobs", "publish", "--month", "2026-03"]).output

        def seen(actor, owner=None):
            with reading(actor) as session:
                found = published.beside(session, "sales", MARCH, Filters(owner_id=owner.id if owner else None))
                return (found.figure.value, found.again.value) if found else None

        assert {name: seen(getattr(acme, name)) for name in ("ada", "vic", "mia", "amy", "bo")} == {
            "ada": (500, 550), "vic": (500, 550), "mia": None, "amy": (300, 350), "bo": (None, None)}
        assert seen(acme.mia, acme.amy) == (300, 350)
        assert seen(acme.mia, acme.cy) is None
        assert seen(acme.amy, acme.cy) is None


@pytest.mark.parametrize(("set_up", "expected"), [("2026-02-10", ["2026-03"]), ("2026-03-31T15:00", ["2026-03"]), ("2026-03-31T17:00", [])])
def test_only_months_that_ended_while_the_product_was_in_use_are_kept(acme, set_up, expected):
    """The last minutes of March in Shanghai are those before 16:00 UTC."""
    set_up_on(set_up)
    with clock.frozen(FIRST_OF_APRIL):
        assert [item.period for item in jobs.due(jobs=PUBLISH) if item.is_open] == expected


def test_an_empty_house_has_nothing_due(database):
    assert jobs.run_due() == []


def test_the_day_s_backup_is_taken_once_after_its_hour(acme, tmp_path, monkeypatch):
    monkeypatch.setenv("REGULARS_BACKUPS", str(tmp_path / "kept"))
    with transaction(acme.ada, "organisation.update") as session:
        session.scalars(select(Organisation)).one().backup_hour = 3

    def taken(at: str) -> list[str | None]:
        with clock.frozen(datetime.fromisoformat(at).replace(tzinfo=UTC)):
            return [item.period for item in jobs.run_due(jobs=(jobs.job_named("backup"),))]

    assert [taken(at) for at in ("2026-03-31T18:59", "2026-03-31T19:00", "2026-03-31T23:00", "2026-04-01T19:00")] == [[], ["2026-04-01"], [], ["2026-04-02"]]
    assert [backup.verify(entry.path).rows["user"] for entry in backup.backups()] == [8, 8]


def test_a_backup_that_fails_is_told_to_the_administrator_and_tried_again(acme, tmp_path, monkeypatch, caplog):
    (tmp_path / "a-file").write_text("")
    monkeypatch.setenv("REGULARS_BACKUPS", str(tmp_path / "a-file"))
    daily = (jobs.job_named("backup"),)
    with clock.frozen(FIRST_OF_APRIL):
        jobs.run_due(jobs=daily)
        assert "cannot be written" in custody.standing(acme.ada).problem
    monkeypatch.setenv("REGULARS_BACKUPS", str(tmp_path / "kept"))
    with clock.frozen(FIRST_OF_APRIL + timedelta(minutes=61)):
        jobs.run_due(jobs=daily)
    found = custody.standing(acme.ada)
    assert (found.problem, found.is_old) == (None, False)


def test_the_command_lists_does_and_publishes_by_name(acme, tmp_path, monkeypatch):
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("REGULARS_BACKUPS", str(tmp_path / "kept"))
    set_up_on("2026-02-10")

    def said(*arguments: str) -> str:
        return CliRunner().invoke(main, ["jobs", *arguments]).output

    with clock.frozen(FIRST_OF_APRIL):
        assert "publish_month   2026-03    due" in said("--list")
        assert said("publish", "--month", "2026-03").startswith("2026-03: done on")
        assert "publish_month   2026-03    done on" in said("--list")
        assert "backup 2026-04-01: done on" in said()
        assert said() == "Nothing is due.\n"
        assert "has not ended yet" in said("publish", "--month", "2026-04")
        assert "is no month" in said("publish", "--month", "March")
