"""A large import goes on in the background: it can be followed, stopped, and nobody else's save fails."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, create_engine, make_url
from sqlalchemy.exc import OperationalError

from db import check, engine as engine_module, history, records
from db.dialect import tell_of_long_write
from db.engine import held_up_by, transaction
from db.language import speaking
from db.transfer import importer, progress as progress_module
from db.transfer.progress import Cancelled, Progress
from db.transfer.reader import read
from db.transfer.work import Work
from tests.db.transfer.steps import Visited, csv_of, rows_of

PATIENCE = 30
MAPPING = {"name": "name"}
CUSTOMERS = csv_of(["name"], *([f"Customer {number}"] for number in range(1200)))


class Halting(Progress):
    """Stops at the first word of a stage until it is let go."""

    def __init__(self, stage: str) -> None:
        super().__init__()
        self.halt_at, self.reached, self.go_on = stage, threading.Event(), threading.Event()
        self.heard: list[str] = []

    def tell(self, done: int) -> None:
        self.heard.append(f"{self.stage} {done} of {self.total}")
        if self.stage == self.halt_at and not self.reached.is_set():
            self.reached.set()
            assert self.go_on.wait(PATIENCE)
        super().tell(done)


def begun(acme, stage: str) -> Work[importer.Result]:
    """An import that has come to a stage and waits there."""
    table = read("x.csv", CUSTOMERS)
    work = Work(lambda progress: importer.run(acme.ada, "customer", table, MAPPING, "x.csv", progress))
    work.progress = Halting(stage)
    work.start()
    assert work.progress.reached.wait(PATIENCE)
    return work


@pytest.mark.parametrize("stage", ["check", "write"])
def test_an_import_that_is_cancelled_leaves_nothing(acme, stage):
    work = begun(acme, stage)
    work.progress.cancel()
    work.progress.go_on.set()
    assert work.finished(within=PATIENCE)
    with pytest.raises(Cancelled, match="nothing was written"):
        work.outcome()
    assert rows_of("customer") == []
    assert held_up_by() is None


def test_who_saves_while_an_import_is_written_is_told_why_it_takes_and_succeeds(acme):
    work = begun(acme, "write")
    assert held_up_by() == "Ada"
    saved: list[int] = []

    def save() -> None:
        with transaction(acme.mia, "customer.create") as session:
            saved.append(records.create(session, "customer", {"name": "Typed in by hand"}).id)

    other = threading.Thread(target=save)
    other.start()
    other.join(0.3)
    assert saved == []
    work.progress.go_on.set()
    other.join(PATIENCE)
    assert work.finished(within=PATIENCE)
    assert work.outcome().created == 1200
    assert [row["name"] for row in rows_of("customer") if row["id"] == saved[0]] == ["Typed in by hand"]
    assert len({row["code"] for row in rows_of("customer")}) == 1201


def test_who_enters_a_customer_between_check_and_write_takes_the_number_and_the_import_goes_on_behind(acme):
    def visit() -> None:
        with transaction(acme.mia, "customer.create") as session:
            records.create(session, "customer", {"name": "Typed in by hand"})

    result = importer.run(acme.ada, "customer", read("x.csv", b"name,city\nA,X\nB,Y\n"), {"name": "name", "city": "city"}, "x.csv", Visited(visit))
    assert [(row["id"], row["code"], row["name"]) for row in rows_of("customer")] == [(1, "C-0001", "Typed in by hand"), (2, "C-0002", "A"), (3, "C-0003", "B")]
    assert check.check().problems == []
    history.undo(acme.ada, result.change_id)
    assert [row["name"] for row in rows_of("customer")] == ["Typed in by hand"]


ELSEWHERE = """
import sys
from db.engine import transaction
from db.policy import Actor
with transaction(Actor(int(sys.argv[1]), "Ada", "admin"), "import.customer", at_length=True):
    print("writing", flush=True)
    sys.stdin.readline()
"""


@pytest.mark.parametrize(("database", "dies"), [("sqlite", False), ("sqlite", True), ("postgresql", True)], indirect=["database"])
def test_a_long_write_of_another_process_is_told_until_it_ends_or_dies(acme, dies):
    other = subprocess.Popen([sys.executable, "-c", ELSEWHERE, str(acme.ada.id)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert other.stdout.readline() == "writing\n"
    assert held_up_by() == "Ada"
    other.kill() if dies else other.communicate("\n", timeout=PATIENCE)
    other.wait(PATIENCE)
    assert soon(lambda: held_up_by() is None), "a server notices after a moment that its client is gone"


def soon(is_so: Callable[[], bool]) -> bool:
    given_up = time.monotonic() + PATIENCE
    while not is_so() and time.monotonic() < given_up:
        time.sleep(0.01)
    return is_so()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_on_postgresql_the_writer_elsewhere_is_told_by_name_to_those_of_the_same_workspace_and_waits_for_nobody(acme, database):
    with elsewhere(database) as amy, elsewhere(database) as product, elsewhere(database, "-csearch_path=extensions") as stranger:
        tell_of_long_write(stranger, acme.bo.id)
        assert held_up_by() is None, "another workspace's"
        tell_of_long_write(amy, acme.amy.id)
        assert held_up_by() == "Amy"
        with transaction(acme.mia, "customer.create", at_length=True) as session:
            records.create(session, "customer", {"name": "Written meanwhile"})
            assert held_up_by() == "Mia"
        assert held_up_by() == "Amy"
        amy.rollback()
        assert held_up_by() is None
        tell_of_long_write(product, None)
        assert held_up_by() == "Regulars"
    assert held_up_by() is None


@contextmanager
def elsewhere(url: str, options: str = "") -> Iterator[Connection]:
    """A connection of another process to the same database."""
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"), connect_args={"options": options})
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_who_cannot_ask_postgresql_who_writes_goes_on(acme, monkeypatch):
    def refuses(_connection):
        raise OperationalError("pg_locks", {}, Exception("the connection is lost"))

    monkeypatch.setattr(engine_module, "long_writer", refuses)
    assert held_up_by() is None


def test_the_bar_follows_reading_checking_and_writing(acme):
    progress = Halting("never")
    importer.run(acme.ada, "customer", read("x.csv", CUSTOMERS, progress), MAPPING, "x.csv", progress)
    assert progress.heard == ["check 500 of 1200", "check 1000 of 1200", "check 1200 of 1200", "write 1000 of 1200", "write 1200 of 1200"]
    assert progress.stage == "finish"


def test_a_check_that_nobody_looks_at_any_more_gives_up_but_a_write_goes_on(monkeypatch):
    progress = Progress()
    progress.begin("check", 10)
    progress.look()
    monkeypatch.setattr(progress_module, "PATIENCE", -1.0)
    with pytest.raises(Cancelled):
        progress.tell(1)
    progress.begin("write", 10)
    progress.tell(1)
    assert progress.look() == 0.1


def test_work_speaks_the_language_of_whoever_began_it_and_hands_on_what_failed(acme):
    with speaking("zh"):
        work = Work(lambda _: importer.run(acme.ada, "customer", read("x.csv", b"name,status\nA,vip\n"), {"name": "name", "status": "status"}))
    work.start()
    assert work.finished(within=PATIENCE)
    with speaking("zh"), pytest.raises(Exception, match="没有"):
        work.outcome()
