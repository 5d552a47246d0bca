"""Audit log, recycle bin, backup, welcome, account and help."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from components import doors, sample
from db import clock, records
from db.actions import access, sessions, tokens
from db.engine import reading, transaction
from db.models import Customer, FollowUp, JobRun, User
from db.policy import SYSTEM
from tests.db.queries import company
from tests.db.queries.company import add, done
from tests.door import PASSWORD, cookie_of, give_password
from tests.pages.conftest import entrance
from tests.pages.screen import choose, go, has_button, labelled, press, sees, sees_nothing_of, sound, words

BOTH = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)


def rename(actor, id_: int, name: str) -> int:
    with transaction(actor, "customer.update") as session:
        records.update(session, "customer", id_, {"name": name})
    return session.info["change_id"]


def name_of(actor, id_: int) -> str:
    with reading(actor) as session:
        return session.get_one(Customer, id_).name


@BOTH
def test_the_administrator_reads_everybody_s_changes_and_takes_them_back(acme, visit):
    north, south = company.customer(acme.amy, name="Old Mill"), company.customer(acme.cy, name="Tea House")
    rename(acme.amy, north, "New Mill")
    change = rename(acme.cy, south, "Coffee House")
    screen = visit(acme.ada, "audit")
    assert sees(screen, "Amy · 1 record", "Cy · 1 record", "customer.update")
    screen.button(key=f"undo_audit_{change}").click().run()
    assert sees(sound(screen), "Undone")
    assert name_of(acme.ada, south) == "Tea House"


def test_the_manager_reads_the_team_s_changes_only(acme, visit):
    north, south = company.customer(acme.amy, name="Old Mill"), company.customer(acme.cy, name="Tea House")
    change = rename(acme.amy, north, "New Mill")
    rename(acme.cy, south, "Coffee House")
    screen = visit(acme.mia, "audit")
    assert sees(screen, "Amy · 1 record")
    assert sees_nothing_of(screen, "Cy ·")
    screen.button(key=f"undo_audit_{change}").click().run()
    assert name_of(acme.mia, north) == "Old Mill"


def test_what_was_undone_once_is_not_undone_again(acme, visit):
    north = company.customer(acme.amy, name="Old Mill")
    change = rename(acme.amy, north, "New Mill")
    screen = visit(acme.ada, "audit")
    for _ in range(2):
        screen.button(key=f"undo_audit_{change}").click().run()
    assert sees(sound(screen), "This was already undone.")
    assert name_of(acme.ada, north) == "Old Mill"


def test_a_long_journal_is_turned_page_by_page(acme, visit):
    north = company.customer(acme.amy)
    for number in range(55):
        rename(acme.amy, north, f"Name {number}")
    screen = press(visit(acme.ada, "audit"), "Older")
    assert has_button(screen, "Newer")
    assert not has_button(press(screen, "Newer"), "Newer")


@BOTH
def test_what_was_deleted_comes_back_whole(acme, visit):
    hotel = company.customer(acme.amy, name="Riverside Hotel")
    add(done(hotel, "2026-03-08T04:00", acme.amy))
    with transaction(acme.amy, "customer.delete") as session:
        records.delete(session, "customer", hotel)
    screen = visit(acme.amy, "recycle_bin")
    assert sees(screen, "Riverside Hotel")
    screen.button(key=f"restore_customer_{hotel}").click().run()
    assert sees(sound(screen), "The recycle bin is empty.", "Restored")
    with reading(acme.amy) as session:
        assert session.scalars(select(FollowUp)).one().customer_id == hotel


def test_the_bin_shows_nobody_else_s_records(acme, visit):
    hotel = company.customer(acme.amy, name="Riverside Hotel")
    with transaction(acme.amy, "customer.delete") as session:
        records.delete(session, "customer", hotel)
    assert sees_nothing_of(visit(acme.cy, "recycle_bin"), "Riverside")
    assert sees(visit(acme.mia, "recycle_bin"), "Riverside Hotel")


def test_deleted_settings_come_back_from_the_bin_too(acme, visit):
    with transaction(acme.ada, "team.create") as session:
        team = records.create(session, "team", {"name": "West"}).id
    with transaction(acme.ada, "team.delete") as session:
        records.delete(session, "team", team)
    hotel = company.customer(acme.amy, name="Riverside Hotel")
    with transaction(acme.ada, "customer.delete") as session:
        records.delete(session, "customer", hotel)
    screen = choose(visit(acme.ada, "recycle_bin"), "bin_noun", "team")
    screen.button(key=f"restore_team_{team}").click().run()
    assert sees(sound(screen), "Restored", "Riverside Hotel")


def test_a_backup_is_taken_and_put_back(acme, visit, tmp_path, monkeypatch):
    monkeypatch.setenv("REGULARS_BACKUPS", str(tmp_path / "backups"))
    hotel = company.customer(acme.amy, name="Riverside Hotel")
    screen = visit(acme.ada, "backup")
    assert sees(screen, "No backup yet.")
    press(screen, "Back up now")
    assert sees(screen, "Backed up and checked", "MB", "The last good backup was taken at", "7 daily, 4 weekly and 12 monthly ones are kept.")
    rename(acme.amy, hotel, "Renamed since")
    assert sees(visit(acme.amy, "dashboard"), "Dashboard")
    press(screen, "Restore …")
    assert sees(screen, "Everything entered since then disappears from view; it is saved aside first. Everybody is signed out.")
    press(screen, "Leave it")
    assert name_of(acme.ada, hotel) == "Renamed since"
    press(screen, "Restore …")
    screen.button(key="confirm_restore_yes").click().run()
    assert not screen.exception
    assert name_of(acme.ada, hotel) == "Riverside Hotel"


def test_an_old_backup_and_a_failed_one_are_loud(acme, visit, tmp_path, monkeypatch):
    monkeypatch.setenv("REGULARS_BACKUPS", str(tmp_path))
    (tmp_path / "regulars-default-20260101T020000Z.db").write_bytes(b"")
    add(JobRun(job="backup", period="2026-03-18", started_at=clock.now(), problem="OSError: the disk is full"))
    assert sees(visit(acme.ada, "backup"), "It should be no older than two days", "The last daily backup failed: OSError: the disk is full")


def test_answers_kept_before_a_restore_are_forgotten_with_it(acme, visit, tmp_path, monkeypatch):
    monkeypatch.setenv("REGULARS_BACKUPS", str(tmp_path / "backups"))
    hotel = company.customer(acme.amy)
    press(visit(acme.ada, "backup"), "Back up now")
    with transaction(acme.amy, "order.create") as session:
        records.create(session, "order", {"customer_id": hotel, "ordered_on": "2026-03-02", "amount": 700})
    assert sees(visit(acme.ada, "dashboard"), "¥700")
    screen = press(visit(acme.ada, "backup"), "Restore …")
    screen.button(key="confirm_restore_yes").click().run()
    with transaction(acme.amy, "order.create") as session:
        records.create(session, "order", {"customer_id": hotel, "ordered_on": "2026-03-02", "amount": 900})
    assert sees(visit(acme.ada, "dashboard"), "¥900")


def test_each_door_leads_where_it_says(acme, visit):
    assert sees(press(visit(acme.ada, "welcome"), "Start empty"), "Your customers live here.")
    assert sees(press(visit(acme.ada, "welcome"), "Import a file"), "Import")


def test_the_third_door_opens_a_sample_company(acme, visit, monkeypatch):
    monkeypatch.setattr(doors, "open_sample", lambda actor: sample.open_sample(actor, customers=20))
    screen = visit(acme.ada, "welcome")
    screen.default_timeout = 120
    press(screen, "Open a sample company")
    assert sees(screen, "The sample company is open.", "Good morning, Ada")
    with reading(acme.ada) as session:
        assert len(list(session.scalars(select(Customer.id)))) == 20


def test_the_third_door_stays_shut_where_somebody_works_already(acme, visit):
    company.customer(acme.amy)
    assert sees(press(visit(acme.ada, "welcome"), "Open a sample company"), "The sample company needs an empty workspace; this one holds customers or products already.")


def test_one_s_own_language_is_one_click_away(acme, visit):
    screen = visit(acme.amy, "account")
    choose(screen, "account_language", "zh")
    with reading(SYSTEM) as session:
        assert session.get_one(User, acme.amy.id).language == "zh"
    assert sees(visit(acme.amy, "account"), "我的账户")
    assert sees(visit(acme.bo, "account"), "My account")


def test_the_side_bar_switches_the_language_too(acme, visit):
    screen = press(visit(acme.amy, "customers"), "简体中文").run()
    assert sees(screen, "客户")
    assert sees_nothing_of(screen, "Customers")


def test_the_password_is_changed_with_the_old_one(acme, visit):
    give_password(acme.amy)
    screen = visit(acme.amy, "account")
    for old, new, answer in (("wrong wrong wrong", "blue sky over hills", "This is not your present password."), (PASSWORD, "short", "12")):
        labelled(screen, "Present password").set_value(old)
        labelled(screen, "New password").set_value(new)
        press(screen, "Change password")
        assert sees(screen, answer)
        assert access.check("amy", PASSWORD, "192.0.2.7", "d" * 64)
    labelled(screen, "Present password").set_value(PASSWORD)
    labelled(screen, "New password").set_value("blue sky over hills")
    press(screen, "Change password")
    assert access.check("amy", "blue sky over hills", "192.0.2.7", "d" * 64)
    assert sees(screen, "Password changed; other devices are signed out")
    assert sees(screen.run(), "Sign in")


def test_other_devices_are_seen_and_signed_out(acme, arrive):
    other = cookie_of(acme.amy)
    screen = go(arrive(acme.amy), "account")
    assert words(screen).count("this one") == 1
    press(screen, "Sign out everywhere else")
    assert sees(screen, "Signed out there")
    assert sessions.actor_for(tokens.digest(other)) is None
    assert not has_button(screen, "Sign out everywhere else")


def test_a_session_that_rested_too_long_is_over(acme, monkeypatch):
    sid = tokens.digest(cookie_of(acme.amy))
    later = clock.now() + timedelta(hours=3)
    monkeypatch.setattr(clock, "now", lambda: later)
    give_password(acme.amy)
    assert sees(entrance(sid).run(), "Sign in")


@pytest.mark.parametrize("name", ["ada", "amy", "vic"])
def test_help_tells_habits_keys_and_roles(acme, visit, name):
    screen = visit(getattr(acme, name), "help")
    assert sees(screen, "Three habits", "Keys", "Roles", "Ctrl K", "Account manager")


def test_the_daily_e_mail_is_switched_off_by_its_reader(acme, visit, monkeypatch):
    monkeypatch.setenv("REGULARS_SMTP_HOST", "mail.example.com")
    with transaction(SYSTEM, "user.update") as session:
        session.get_one(User, acme.amy.id).email = "amy@example.com"
    screen = visit(acme.amy, "account")
    assert sees(screen, "It goes to amy@example.com")
    screen.toggle(key="account_digest").set_value(False).run()
    with reading(SYSTEM) as session:
        assert not session.get_one(User, acme.amy.id).digest
    assert sees(visit(acme.bo, "account"), "Your account has no e-mail address")
    monkeypatch.delenv("REGULARS_SMTP_HOST")
    assert sees(visit(acme.amy, "account"), "No mail server is set up: your day stands on Today alone.")


def test_work_that_failed_is_told_to_administrators_alone_until_it_succeeds(acme, visit):
    add(JobRun(job="digest", period="2026-03-18", started_at=clock.now(), problem="ConnectionRefusedError: nobody there"))
    assert sees(visit(acme.ada, "today"), "Sends everybody their day by e-mail · 2026-03-18", "ConnectionRefusedError: nobody there")
    assert sees_nothing_of(visit(acme.mia, "today"), "ConnectionRefusedError")
    add(JobRun(job="digest", period="2026-03-19", started_at=clock.now(), finished_at=clock.now()))
    assert sees_nothing_of(visit(acme.ada, "today"), "ConnectionRefusedError")
