"""A backup counts only when it was opened and proved; what is restored is exactly what was saved."""

from __future__ import annotations

import stat
import subprocess
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from db import backup, clock, engine, journal
from db.backup.rotation import Keep, kept
from db.check import check
from db.engine import reading, transaction
from db.errors import Unavailable
from db.models import Customer, Team, User, UserSession
from db.policy import SYSTEM
from tests.conftest import new_postgres_database


@pytest.fixture(autouse=True)
def backups_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("REGULARS_BACKUPS", str(tmp_path / "kept"))
    return tmp_path / "kept"


def add_customer(name: str) -> None:
    with transaction(SYSTEM, "customer.create") as session:
        session.add(Customer(code=name, name=name))


def customers() -> set[str]:
    with reading(SYSTEM) as session:
        return set(session.scalars(select(Customer.name)))


def damage(path: Path) -> None:
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 400] = b"\x5a" * 400
    path.write_bytes(content)


def test_a_backup_holds_every_row_and_the_journal_s_head(acme):
    add_customer("Harbour Bakery")
    contents = backup.verify(backup.backup())
    assert (contents.rows["customer"], contents.rows["user"], contents.rows["team"]) == (1, 8, 2)
    assert contents.head == (2, check().head)


def test_only_the_owner_reads_a_backup(acme, backups_folder):
    path = backup.backup()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(backups_folder.stat().st_mode) == 0o700


def test_a_backup_is_one_file_and_its_seal(acme, backups_folder):
    path = backup.backup()
    assert sorted(backups_folder.iterdir()) == [path, Path(f"{path}.sha256")]
    assert subprocess.run(["sha256sum", "--check", "--status", f"{path}.sha256"], cwd=backups_folder, check=False).returncode == 0


def test_what_is_restored_is_what_was_saved(acme):
    add_customer("Harbour Bakery")
    path = backup.backup()
    add_customer("Late Comer")
    aside = backup.restore(path)
    assert customers() == {"Harbour Bakery"}
    assert backup.verify(aside).rows["customer"] == 2


def test_a_restore_can_itself_be_taken_back(acme):
    path = backup.backup()
    add_customer("Late Comer")
    aside = backup.restore(path)
    backup.restore(aside)
    assert customers() == {"Late Comer"}


def test_everything_is_in_order_after_a_restore_and_work_goes_on(acme):
    add_customer("Harbour Bakery")
    backup.restore(backup.backup())
    add_customer("New Comer")
    assert customers() == {"Harbour Bakery", "New Comer"}
    assert check().problems == []


def test_search_works_after_a_restore(acme):
    add_customer("Harbour Bakery")
    backup.restore(backup.backup())
    add_customer("New Comer")
    with engine.engine_for().connect() as connection:
        words = " ".join(connection.execute(text("SELECT words FROM customer_search")).scalars())
    assert "Harbour Bakery" in words
    assert "New Comer" in words


def test_what_was_cached_before_a_restore_is_never_taken_for_what_comes_after(acme):
    path = backup.backup()
    add_customer("First try")
    with reading(SYSTEM) as session:
        before = journal.versions(session)["customer"]
    backup.restore(path)
    add_customer("Second try")
    with reading(SYSTEM) as session:
        assert journal.versions(session)["customer"] > before


def test_a_restore_signs_everybody_out(acme):
    with transaction(SYSTEM, "access.sign_in") as session:
        user = session.scalars(select(User.id)).first()
        session.add(UserSession(token_hash="a" * 64, user_id=user, created_at=clock.now(), last_seen_at=clock.now()))
    backup.restore(backup.backup())
    with reading(SYSTEM) as session:
        assert session.scalars(select(UserSession)).all() == []


def test_a_restore_is_written_into_the_journal(acme):
    path = backup.backup()
    backup.restore(path)
    with engine.engine_for().connect() as connection:
        action, note = connection.execute(text("SELECT action, note FROM change ORDER BY id DESC LIMIT 1")).one()
    assert (action, note) == ("backup.restore", path.name)


@pytest.fixture
def other_machine(database, tmp_path, request):
    """Somewhere of the same kind where nothing is yet."""
    if database.startswith("sqlite"):
        yield f"sqlite:///{tmp_path / 'other' / 'regulars.db'}"
        return
    url, drop = new_postgres_database(request, template="template0")
    yield url
    engine.dispose_all()
    drop()


def test_a_backup_is_restored_on_a_fresh_machine(acme, other_machine, monkeypatch):
    add_customer("Harbour Bakery")
    path = backup.backup()
    monkeypatch.setenv("REGULARS_DATABASE_URL", other_machine)
    backup.restore(path)
    assert customers() == {"Harbour Bakery"}


def test_a_backup_of_the_other_kind_of_database_is_refused(database, tmp_path):
    path = tmp_path / f"x{'.dump' if database.startswith('sqlite') else '.db'}"
    path.touch()
    with pytest.raises(Unavailable, match="other kind of database"):
        backup.restore(path)


def test_a_damaged_backup_is_refused_and_nothing_is_changed(acme):
    add_customer("Harbour Bakery")
    path = backup.backup()
    damage(path)
    with pytest.raises(Unavailable, match="damaged"):
        backup.restore(path)
    assert customers() == {"Harbour Bakery"}


@pytest.mark.parametrize("content", [b"", b"Dear diary", b"SQLite format 3\0" + b"\0" * 4000, b"PGDMP" + b"\0" * 400])
def test_a_file_that_is_no_backup_is_refused(database, tmp_path, content):
    path = tmp_path / f"x{'.db' if database.startswith('sqlite') else '.dump'}"
    path.write_bytes(content)
    with pytest.raises(Unavailable, match=r"no backup of Regulars|damaged"):
        backup.verify(path)


def test_a_backup_whose_journal_was_cut_is_refused(acme, tmp_path):
    add_customer("Harbour Bakery")
    with engine.engine_for().begin() as connection:
        connection.execute(text("UPDATE journal_head SET digest = :wrong"), {"wrong": "f" * 64})
    with pytest.raises(Unavailable, match="damaged"):
        backup.backup()
    assert backup.backups() == []


def test_a_backup_of_a_newer_program_is_refused(acme):
    with engine.engine_for().begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9000_future'"))
    path = backup.backup()
    with engine.engine_for().begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001_first'"))
    with pytest.raises(Unavailable, match="newer version"):
        backup.restore(path)


def test_a_missing_file_is_named(database):
    with pytest.raises(Unavailable, match=r"no file .*nowhere\.db"):
        backup.verify(Path("/tmp/nowhere.db"))


def test_a_folder_that_cannot_be_written_is_named(database, tmp_path):
    (tmp_path / "a-file").write_text("")
    with pytest.raises(Unavailable, match=r"cannot be written to .*a-file"):
        backup.backup(into=tmp_path / "a-file")


def test_a_backup_while_others_write_is_whole(acme):
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            add_customer(f"Customer {threading.get_ident()} {number}")
            number += 1

    writers = [threading.Thread(target=write) for _ in range(3)]
    for writer in writers:
        writer.start()
    try:
        found = [backup.verify(backup.backup()) for _ in range(3)]
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    assert customers()
    for contents in found:
        assert contents.rows["customer"] == contents.rows["change_row"] - 11
        assert contents.head == contents.last_change


def test_each_workspace_has_its_own_backups(acme):
    from db import migrations

    migrations.upgrade("class_a")
    with transaction(SYSTEM.inside("class_a"), "team.create") as session:
        session.add(Team(name="Group 1"))
    path = backup.backup("class_a")
    assert backup.backups() == []
    with transaction(SYSTEM.inside("class_a"), "team.create") as session:
        session.add(Team(name="Group 2"))
    backup.restore(path, "class_a")
    with reading(SYSTEM.inside("class_a")) as session:
        assert list(session.scalars(select(Team.name))) == ["Group 1"]
    with reading(SYSTEM) as session:
        assert len(session.scalars(select(Team)).all()) == 2


def test_a_damaged_sqlite_database_is_kept_aside_and_replaced(database, tmp_path):
    if not database.startswith("sqlite"):
        return
    add_customer("Harbour Bakery")
    path = backup.backup()
    engine.dispose_all()
    file = engine.sqlite_path(database)
    file.write_bytes(b"Dear diary, " * 500)
    aside = backup.restore(path)
    assert customers() == {"Harbour Bakery"}
    assert aside.read_bytes() == b"Dear diary, " * 500


def test_the_backups_of_seven_days_four_weeks_and_twelve_months_stay():
    noon = datetime(2026, 6, 30, 12, tzinfo=UTC)
    twice_a_day = [noon - timedelta(hours=12 * number) for number in range(2 * 500)]
    stay = kept(twice_a_day)
    this_morning = noon - timedelta(hours=12)
    days = [noon - timedelta(days=number) for number in range(7)]
    sundays = [datetime(2026, 6, day, 12, tzinfo=UTC) for day in (28, 21, 14)]
    month_ends = [datetime(2026, 5, 31, 12, tzinfo=UTC), datetime(2026, 2, 28, 12, tzinfo=UTC), datetime(2025, 7, 31, 12, tzinfo=UTC)]
    assert {*days, *sundays, *month_ends, this_morning} <= stay
    assert len(stay) == 7 + 2 + 11 + 1


def test_the_organisation_says_how_many_are_kept():
    noon = datetime(2026, 7, 1, 12, tzinfo=UTC)
    daily = [noon - timedelta(days=number) for number in range(200)]
    stay = kept(daily, Keep(daily=2, weekly=0, monthly=3))
    assert stay == {noon, noon - timedelta(days=1), datetime(2026, 5, 31, 12, tzinfo=UTC)}


def test_an_unasked_organisation_loses_no_backup(acme, backups_folder):
    backups_folder.mkdir()
    suffix = ".db" if engine.database_url().startswith("sqlite") else ".dump"
    for number in range(20):
        moment = datetime.now(UTC) - timedelta(days=2, minutes=number)
        (backups_folder / f"regulars-default-{moment:%Y%m%dT%H%M%SZ}{suffix}").write_bytes(b"")
    backup.backup(label="before-upgrade")
    assert len(backup.backups()) == 21


def test_a_house_that_is_rarely_opened_keeps_its_old_backups():
    rare = [datetime(2026, month, 1, tzinfo=UTC) for month in (1, 3, 8)]
    assert kept(rare) == set(rare)


def test_older_backups_go_when_a_new_one_was_proved(acme, backups_folder):
    backups_folder.mkdir()
    suffix = ".db" if engine.database_url().startswith("sqlite") else ".dump"
    for number in range(40):
        moment = datetime.now(UTC) - timedelta(days=2, minutes=number)
        (backups_folder / f"regulars-default-{moment:%Y%m%dT%H%M%SZ}{suffix}").write_bytes(b"")
    backup.backup()
    assert len(backup.backups()) <= 3
