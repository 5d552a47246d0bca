"""Before the first page: what is wrong is said plainly, what is old is upgraded after a backup, what is new is filled."""

from __future__ import annotations

import os
import socket
import stat
import tempfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import select, text

from db import backup, engine, migrations, startup
from db.engine import reading
from db.errors import Unavailable
from db.models import Option
from db.models.lists import COLOURS, LISTS
from db.policy import SYSTEM

NOBODY = 65534


def options(workspace: str = "default") -> list[Option]:
    with reading(SYSTEM.inside(workspace)) as session:
        return list(session.scalars(select(Option)))


def write_version(number: str) -> None:
    with engine.engine_for().begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :number"), {"number": number})


def test_an_empty_place_is_ready_after_one_call(empty_database):
    startup.prepare()
    assert migrations.differences() == []
    assert {option.list_key for option in options()} == set(LISTS)


def test_every_list_begins_with_values_in_both_languages_and_a_known_colour(empty_database):
    startup.prepare()
    for option in options():
        assert option.name_en
        assert option.name_zh
        assert option.colour in COLOURS
    assert {"call", "visit", "wechat", "email", "meeting", "message", "other"} == {option.key for option in options() if option.list_key == "method"}


def test_the_lists_are_filled_once_and_never_again(empty_database):
    startup.prepare()
    with engine.transaction(SYSTEM, "option.delete") as session:
        session.delete(session.scalars(select(Option).where(Option.key == "visit")).one())
    startup.prepare()
    assert "visit" not in {option.key for option in options()}


def test_filling_the_lists_is_one_change_of_the_journal(empty_database):
    startup.prepare()
    with engine.engine_for().connect() as connection:
        assert connection.execute(text("SELECT action FROM change")).scalars().all() == ["setup.options"]


def test_each_workspace_is_prepared_by_itself(empty_database):
    startup.prepare()
    startup.prepare("class_a")
    assert len(options("class_a")) == len(options())


def test_only_the_owner_reads_the_files(tmp_path, monkeypatch):
    monkeypatch.setenv("REGULARS_DATABASE_URL", f"sqlite:///{tmp_path / 'new' / 'regulars.db'}")
    startup.prepare()
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "new").glob("regulars.db*")} == {0o600}
    engine.dispose_all()


def test_a_folder_of_somebody_else_keeps_its_permissions(tmp_path, monkeypatch):
    tmp_path.chmod(0o755)
    monkeypatch.setenv("REGULARS_DATABASE_URL", f"sqlite:///{tmp_path / 'regulars.db'}")
    startup.prepare()
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755
    engine.dispose_all()


@pytest.mark.parametrize("url", ["mysql://localhost/x", "regulars.db", "oracle+thin://x"])
def test_another_kind_of_database_is_refused(url, monkeypatch):
    monkeypatch.setenv("REGULARS_DATABASE_URL", url)
    with pytest.raises(Unavailable, match="must start with sqlite: or postgresql:"):
        startup.prepare()


def test_a_folder_that_cannot_be_written_is_named(tmp_path, monkeypatch):
    (tmp_path / "a-file").write_text("")
    monkeypatch.setenv("REGULARS_DATABASE_URL", f"sqlite:///{tmp_path / 'a-file' / 'regulars.db'}")
    with pytest.raises(Unavailable, match=r"cannot write to .*a-file"):
        startup.prepare()


@pytest.fixture
def as_ordinary_user():
    """The administrator of a computer may write everywhere, so he puts his rights aside."""
    rights = os.geteuid()
    yield lambda: os.seteuid(NOBODY) if rights == 0 else None
    os.seteuid(rights)


@pytest.mark.parametrize("made_read_only", ["folder", "file"])
def test_a_read_only_place_is_named(made_read_only, as_ordinary_user, monkeypatch):
    folder = Path(tempfile.mkdtemp())
    (folder / "regulars.db").touch()
    folder.chmod(0o555 if made_read_only == "folder" else 0o777)
    (folder / "regulars.db").chmod(0o444)
    monkeypatch.setenv("REGULARS_DATABASE_URL", f"sqlite:///{folder / 'regulars.db'}")
    as_ordinary_user()
    with pytest.raises(Unavailable, match=f"cannot write to {folder}"):
        startup.check_ground()


def test_a_full_disk_is_said(tmp_path, monkeypatch):
    monkeypatch.setenv("REGULARS_DATABASE_URL", f"sqlite:///{tmp_path / 'regulars.db'}")
    monkeypatch.setattr("shutil.disk_usage", lambda _folder: SimpleNamespace(free=49 * 1024 * 1024))
    with pytest.raises(Unavailable, match="is full"):
        startup.prepare()


def old_driver(version: tuple[int, int, int]) -> SimpleNamespace:
    return SimpleNamespace(sqlite_version_info=version, sqlite_version=".".join(map(str, version)))


def test_a_very_old_sqlite_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("REGULARS_DATABASE_URL", f"sqlite:///{tmp_path / 'regulars.db'}")
    monkeypatch.setattr(startup, "sqlite_driver", lambda: old_driver((3, 34, 1)))
    with pytest.raises(Unavailable, match=r"SQLite 3\.34\.1 is too old"):
        startup.prepare()


def test_an_old_sqlite_works_with_a_notice(tmp_path, monkeypatch, caplog):
    monkeypatch.setenv("REGULARS_DATABASE_URL", f"sqlite:///{tmp_path / 'regulars.db'}")
    monkeypatch.setattr(startup, "sqlite_driver", lambda: old_driver((3, 40, 1)))
    startup.check_ground()
    assert "3.40.1" in caplog.text


def test_a_silent_postgresql_is_named_without_its_password(monkeypatch):
    monkeypatch.setenv("REGULARS_DATABASE_URL", "postgresql://anna:secret-word@127.0.0.1:9/regulars")
    with pytest.raises(Unavailable, match="PostgreSQL cannot be used") as raised:
        startup.prepare()
    assert "127.0.0.1:9" in str(raised.value)
    assert "refused" in str(raised.value)
    assert "secret-word" not in str(raised.value)


def test_a_file_that_is_no_database_is_left_alone(tmp_path, monkeypatch):
    file = tmp_path / "regulars.db"
    file.write_bytes(b"Dear diary, " * 500)
    monkeypatch.setenv("REGULARS_DATABASE_URL", f"sqlite:///{file}")
    with pytest.raises(Unavailable, match="cannot be read"):
        startup.prepare()
    assert file.read_bytes() == b"Dear diary, " * 500
    engine.dispose_all()


def test_a_newer_database_is_refused_and_untouched(database):
    write_version("9000_future")
    with pytest.raises(Unavailable, match="newer version"):
        startup.prepare()
    with engine.engine_for().connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == "9000_future"


def test_a_database_of_another_program_is_refused(database):
    with engine.engine_for().begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
    with pytest.raises(Unavailable, match="something else"):
        startup.prepare()


def test_an_older_database_is_upgraded_after_a_proved_backup(acme, tmp_path, monkeypatch):
    monkeypatch.setenv("REGULARS_BACKUPS", str(tmp_path / "kept"))
    steps: list[str] = []
    monkeypatch.setattr(startup.migrations, "state", lambda _workspace: migrations.State.OLDER)
    monkeypatch.setattr(startup.migrations, "upgrade", lambda _workspace: steps.append(f"upgrade with {len(backup.backups())} backup"))
    startup.prepare()
    assert steps == ["upgrade with 1 backup"]
    assert backup.verify(backup.backups()[0].path).rows["user"] == 8


def test_a_failed_upgrade_says_where_the_backup_lies(acme, tmp_path, monkeypatch):
    monkeypatch.setenv("REGULARS_BACKUPS", str(tmp_path / "kept"))
    monkeypatch.setattr(startup.migrations, "state", lambda _workspace: migrations.State.OLDER)

    def fail(_workspace: str) -> None:
        raise RuntimeError("no such column")

    monkeypatch.setattr(startup.migrations, "upgrade", fail)
    with pytest.raises(Unavailable, match=r"The upgrade failed.*kept"):
        startup.prepare()


def test_a_port_in_use_is_said_with_a_way_out():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(Unavailable, match=f"Port {port} is in use.*REGULARS_PORT={port + 1}"):
            startup.check_port("127.0.0.1", port)
    startup.check_port("127.0.0.1", port)


def test_an_address_of_another_computer_is_refused():
    with pytest.raises(Unavailable, match=r"cannot listen on 203\.0\.113\.7"):
        startup.check_port("203.0.113.7", 8501)


def test_the_default_database_lies_in_the_data_folder(monkeypatch):
    monkeypatch.delenv("REGULARS_DATABASE_URL", raising=False)
    assert engine.sqlite_path(engine.database_url()) == Path(engine.ROOT) / "data" / "regulars.db"
