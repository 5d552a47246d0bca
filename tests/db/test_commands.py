"""The command line does the jobs that need no browser, and says in one sentence what went wrong."""

from __future__ import annotations

import json
import re
import socket
import zipfile
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select, text

from db import backup, engine, history
from db.actions import resets
from db.commands import main
from db.engine import reading, transaction
from db.models import Customer, FollowUp, User, UserSession
from db.policy import SYSTEM


@pytest.fixture(autouse=True)
def backups_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("REGULARS_BACKUPS", str(tmp_path / "kept"))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


def run(*arguments: str, status: int = 0) -> str:
    result = CliRunner().invoke(main, list(arguments))
    assert result.exit_code == status, result.output
    return result.output


def test_ready_says_nothing_when_all_is_well(empty_database, monkeypatch):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    monkeypatch.setenv("REGULARS_PORT", str(port))
    assert run("ready") == ""


def test_ready_names_a_port_that_is_taken(empty_database, monkeypatch):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        monkeypatch.setenv("REGULARS_PORT", str(other.getsockname()[1]))
        assert "is in use" in run("ready", status=1)


def test_upgrade_makes_the_tables(empty_database):
    assert "up to date" in run("upgrade")
    assert "Everything is in order" in run("check")


def test_what_goes_wrong_is_one_sentence(monkeypatch):
    monkeypatch.setenv("REGULARS_DATABASE_URL", "mysql://localhost/x")
    for command in ("upgrade", "check", "backup"):
        output = run(command, status=1)
        assert output.startswith("Error: REGULARS_DATABASE_URL must start")
        assert len(output.strip().splitlines()) == 1


def test_the_terminal_s_language_is_spoken(monkeypatch):
    monkeypatch.setenv("REGULARS_DATABASE_URL", "mysql://localhost/x")
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "必须以" in run("upgrade", status=1)


def test_check_names_what_was_altered_and_ends_with_status_1(acme):
    with engine.engine_for().begin() as connection:
        connection.execute(text("UPDATE change SET action = 'x'"))
    assert "Change 1: it was altered" in run("check", status=1)


def test_a_backup_is_written_proved_listed_and_restored(acme):
    written = run("backup").splitlines()
    assert Path(written[0]).is_file()
    assert "the journal's head is" in written[1]
    with transaction(SYSTEM, "customer.create") as session:
        session.add(Customer(code="C1", name="Harbour Bakery"))
    assert written[0] in run("backups")
    assert "Restored" in run("restore", written[0], "--yes")
    with reading(SYSTEM) as session:
        assert session.scalars(select(Customer)).all() == []


def test_a_restore_asks_first(acme):
    path = run("backup").splitlines()[0]
    with transaction(SYSTEM, "customer.create") as session:
        session.add(Customer(code="C1", name="Harbour Bakery"))
    assert "Aborted" in run("restore", path, status=1)
    with reading(SYSTEM) as session:
        assert len(session.scalars(select(Customer)).all()) == 1


def test_a_backup_can_go_to_another_folder(acme, tmp_path):
    assert str(tmp_path / "usb") in run("backup", str(tmp_path / "usb"))
    assert "no backup yet" in run("backups")


def test_a_user_is_created_with_a_link_that_is_good_once(empty_database, monkeypatch):
    monkeypatch.setenv("REGULARS_PUBLIC_URL", "https://crm.example.org/")
    output = run("user", "create", "lee", "--name", "Lee Brook", "--role", "manager")
    found = re.search(r"https://crm\.example\.org/reset\?token=(\S+)", output)
    assert found
    assert resets.choose_password(found[1], "a rather long pass phrase") == "lee"
    listed = run("user", "list")
    assert "lee" in listed
    assert "Manager" in listed


def test_a_forgotten_password_gets_a_new_link(acme):
    assert "/reset?token=" in run("user", "link", "amy")
    assert "no longer exists" in run("user", "link", "nobody", status=1)


def test_a_deactivated_user_is_signed_out(acme):
    from db import clock

    with transaction(SYSTEM, "access.sign_in") as session:
        session.add(UserSession(token_hash="a" * 64, user_id=acme.amy.id, created_at=clock.now(), last_seen_at=clock.now()))
    run("user", "deactivate", "amy")
    with reading(SYSTEM) as session:
        assert session.get(User, acme.amy.id).active is False
        assert session.scalars(select(UserSession)).all() == []
    assert "(Inactive)" in run("user", "list")


def test_a_second_user_of_the_same_name_is_refused(acme):
    assert run("user", "create", "amy", "--name", "Another Amy", status=1).startswith("Error: ")


def test_the_doctor_finds_a_sound_installation_sound(empty_database):
    run("upgrade")
    run("backup")
    output = run("doctor")
    assert "The tables are up to date" in output
    assert "newest backup is 0 hours old" in output


def test_the_doctor_notices_what_deserves_it(empty_database, monkeypatch):
    run("upgrade")
    monkeypatch.setenv("REGULARS_HOST", "0.0.0.0")
    monkeypatch.setenv("REGULARS_PUBLIC_URL", "http://crm.example.org")
    output = run("doctor")
    assert "no backup yet" in output
    assert "without encryption" in output


def test_the_doctor_notices_a_file_that_others_can_read(tmp_path, monkeypatch):
    monkeypatch.setenv("REGULARS_DATABASE_URL", f"sqlite:///{tmp_path / 'mine' / 'regulars.db'}")
    run("upgrade")
    (tmp_path / "mine").chmod(0o755)
    assert "can look into" in run("doctor")
    engine.dispose_all()


def test_the_doctor_ends_with_status_1_when_something_does_not_work(monkeypatch):
    monkeypatch.setenv("REGULARS_DATABASE_URL", "postgresql://anna:secret-word@127.0.0.1:9/x")
    output = run("doctor", status=1)
    assert "PostgreSQL cannot be used" in output
    assert "secret-word" not in output


def test_the_list_of_kpis_is_readable_by_machines(acme):
    found = json.loads(run("kpi", "--list", "--json"))
    assert {"key", "unit", "label", "formula"} <= set(found[0])


def test_an_unknown_kpi_says_how_to_find_the_known_ones(acme):
    assert "kpi --list" in run("kpi", "no_such_kpi", status=1)


def test_a_workspace_is_named_on_the_command_line(empty_database):
    run("--workspace", "class_a", "upgrade")
    path = run("--workspace", "class_a", "backup").splitlines()[0]
    assert backup.backups("class_a")[0].path == Path(path)
    assert backup.backups() == []


CUSTOMERS = "Name,Status,Owner\nHarbour Bakery,active,amy\nNorth Mill,lead,bo\n"


def test_a_file_is_looked_at_imported_as_one_change_and_can_be_undone(acme, tmp_path):
    file = tmp_path / "customers.csv"
    file.write_text(CUSTOMERS, encoding="utf-8")
    assert "2 new records" in run("import", "customer", str(file), "--user", "ada", "--dry-run")
    with reading(SYSTEM) as session:
        assert session.scalars(select(Customer)).all() == []
    number = re.search(r"Imported as change (\d+)", run("import", "customer", str(file), "--user", "ada"))
    assert number
    with reading(SYSTEM) as session:
        assert set(session.scalars(select(Customer.name))) == {"Harbour Bakery", "North Mill"}
    history.undo(acme.ada, int(number[1]))
    with reading(SYSTEM) as session:
        assert session.scalars(select(Customer)).all() == []


def test_refused_rows_are_written_beside_the_file_and_stop_the_import(acme, tmp_path):
    file = tmp_path / "customers.csv"
    file.write_text(CUSTOMERS + "South Farm,no such status,amy\n", encoding="utf-8")
    assert "Row 4" in run("import", "customer", str(file), "--user", "ada", status=1)
    assert "South Farm" in (tmp_path / "customers-refused.csv").read_text(encoding="utf-8-sig")
    with reading(SYSTEM) as session:
        assert session.scalars(select(Customer)).all() == []
    run("import", "customer", str(file), "--user", "ada", "--partial")
    with reading(SYSTEM) as session:
        assert len(session.scalars(select(Customer)).all()) == 2


def test_an_import_in_a_viewer_s_name_is_forbidden(acme, tmp_path):
    file = tmp_path / "customers.csv"
    file.write_text(CUSTOMERS, encoding="utf-8")
    assert "may not" in run("import", "customer", str(file), "--user", "vic", status=1)


def test_a_kpi_is_printed_with_what_it_was_worked_out_from(acme):
    with transaction(acme.amy, "customer.create") as session:
        customer = Customer(code="C1", name="Harbour Bakery", owner_id=acme.amy.id)
        session.add(customer)
        session.flush()
        session.add_all(FollowUp(customer_id=customer.id, subject="Call", status="planned", due_on=date(2026, 3, day), owner_id=acme.amy.id) for day in (1, 31))
    found = json.loads(run("kpi", "overdue_follow_ups", "--as-of", "2026-03-15", "--json"))
    assert (found[0]["key"], found[0]["value"]) == ("overdue_follow_ups", 1)
    assert json.loads(run("kpi", "overdue_follow_ups", "--as-of", "2026-03-15", "--json", "--user", "bo"))[0]["value"] == 0
    months = run("kpi", "overdue_follow_ups", "--as-of", "2026-03-15", "--by", "month", "--csv").splitlines()
    assert len(months) == 13
    assert months[-1].startswith("2026-03,1")


def test_files_go_out_and_come_in_by_command_with_the_rules_of_the_screen(acme, tmp_path):
    first = tmp_path / "hubspot.csv"
    first.write_text("Record ID,Company name,City,Lifecycle Stage\n9,Harbour Bakery,Ningbo,Customer\n")
    assert "1 new record." in run("import", "customer", str(first), "--user", "ada")
    first.write_text("Record ID,Company name,City,Lifecycle Stage\n9,Harbour Bakery,Suzhou,Evangelist\n10,North Mill,,Lead\n")
    assert "1 record to update." in run("import", "customer", str(first), "--user", "ada", "--mode", "both", "--by", "code")
    assert "There is no mapping Excel" in run("import", "customer", str(first), "--user", "ada", "--mapping", "Excel", status=1)
    run("export", "customer", str(tmp_path / "out.csv"))
    assert [line.split(",")[:2] for line in (tmp_path / "out.csv").read_text("utf-8-sig").splitlines()[1:]] == [['"9"', '"Harbour Bakery"'], ['"10"', '"North Mill"']]
    for noun, name, start in (("contact", "people.vcf", b""), ("follow_up", "plan.ics", b"BEGIN:VCALENDAR")):
        run("export", noun, str(tmp_path / name))
        assert (tmp_path / name).read_bytes().startswith(start)
    run("export", "--all", str(tmp_path / "all.zip"))
    assert "customer.csv" in zipfile.ZipFile(tmp_path / "all.zip").namelist()
    assert "You may not do this." in run("export", "--all", str(tmp_path / "no.zip"), "--user", "mia", status=1)
    assert "Please name one of" in run("export", "nothing", str(tmp_path / "x.csv"), status=2)
