from __future__ import annotations

import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from db import clock
from db.actions import access, passwords, resets, sessions, throttle, tokens
from db.engine import reading, transaction
from db.errors import Forbidden, Gone, Invalid
from db.models import Change, User, UserSession
from db.policy import SYSTEM
from tests.door import DEVICE, PASSWORD, cookie_of, give_password, signed_in

HERE, ELSEWHERE = "192.0.2.7", "198.51.100.1"


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch):
    monkeypatch.setattr(passwords, "ROUNDS", 4)
    passwords.dummy_hash.cache_clear()
    yield
    passwords.dummy_hash.cache_clear()


def actor_behind(cookie):
    return sessions.actor_for(tokens.digest(cookie))


def later(**span):
    return clock.frozen(datetime.now(UTC) + timedelta(**span))


def changes() -> list[str]:
    with reading(SYSTEM) as session:
        return list(session.scalars(select(Change.action).order_by(Change.id)))


def test_a_right_password_opens_a_session_that_knows_role_team_and_language(acme):
    give_password(acme.amy)
    found = actor_behind(signed_in(acme.amy))
    assert (found.id, found.role, found.team_id, found.language) == (acme.amy.id, "rep", acme.amy.team_id, "en")


def test_user_names_are_stored_and_compared_without_case_and_outer_spaces(acme):
    with transaction(acme.ada, "user.create") as session:
        user, token = resets.invite(session, {"user_name": "  Nora.Quist ", "name": "Nora", "role": "rep"})
        assert user.user_name == "nora.quist"
    resets.choose_password(token, PASSWORD)
    assert access.check("NORA.QUIST ", PASSWORD, HERE)


@pytest.mark.parametrize("name", ["", "   ", "two words"])
def test_a_user_name_is_one_word(acme, name):
    with pytest.raises(Invalid), transaction(acme.ada, "user.create") as session:
        resets.invite(session, {"user_name": name, "name": "Nora", "role": "rep"})


@pytest.mark.parametrize(("name", "password"), [("amy", "wrong wrong wrong"), ("nobody", PASSWORD), ("amy", ""), ("amy", "\0"), ("amy", "长" * 100), ("", ""), ("x" * 5000, "y" * 5000)])
def test_a_wrong_name_or_password_opens_nothing(acme, name, password):
    give_password(acme.amy)
    assert access.check(name, password, HERE) is None


def test_a_ticket_opens_one_session_within_half_a_minute_in_the_browser_that_earned_it(acme):
    give_password(acme.amy)
    ticket = access.check("amy", PASSWORD, HERE, DEVICE)
    with pytest.raises(tokens.Expired):
        access.open_session(ticket, "e" * 64, HERE, "Other browser")
    assert access.open_session(ticket, DEVICE, HERE, "Firefox")
    with pytest.raises(tokens.Expired):
        access.open_session(ticket, DEVICE, HERE, "Firefox")
    late = access.check("amy", PASSWORD, HERE, DEVICE)
    with later(seconds=31), pytest.raises(tokens.Expired):
        access.open_session(late, DEVICE, HERE, "Firefox")


def test_what_is_stored_lets_nobody_in(acme):
    cookie = cookie_of(acme.amy)
    with reading(SYSTEM) as session:
        stored = session.scalars(select(UserSession.token_hash)).one()
    assert stored != cookie
    assert actor_behind(stored) is None


def test_a_session_ends_when_idle_for_two_hours_and_after_twelve_hours_in_any_case(acme):
    cookie = cookie_of(acme.amy)
    with later(minutes=119):
        assert actor_behind(cookie)
        sessions.touch(tokens.digest(cookie))
    with later(minutes=121):
        assert actor_behind(cookie)
    with later(minutes=119 + 121):
        assert actor_behind(cookie) is None
    for minutes in range(60, 720, 60):
        with later(minutes=minutes):
            sessions.touch(tokens.digest(cookie))
    with later(hours=12, seconds=-5):
        assert actor_behind(cookie)
    with later(hours=12, seconds=5):
        assert actor_behind(cookie) is None


def test_the_idle_time_is_written_at_most_once_a_minute(acme):
    cookie = cookie_of(acme.amy)

    def seen():
        with reading(SYSTEM) as session:
            return session.scalars(select(UserSession.last_seen_at)).one()

    first = seen()
    with later(seconds=50):
        sessions.touch(tokens.digest(cookie))
        assert seen() == first
    with later(seconds=70):
        sessions.touch(tokens.digest(cookie))
        assert seen() > first


def test_signing_out_ends_this_session_and_no_other(acme):
    mine, other = cookie_of(acme.amy), cookie_of(acme.amy)
    sessions.end(tokens.digest(mine))
    assert actor_behind(mine) is None
    assert actor_behind(other)


def test_my_devices_are_listed_and_can_be_signed_out_one_by_one_or_all_but_this(acme):
    mine, phone, laptop, somebody_else_s = cookie_of(acme.amy), cookie_of(acme.amy), cookie_of(acme.amy), cookie_of(acme.bo)
    with reading(acme.amy) as session:
        assert {row.token_hash for row in sessions.devices(session)} == {tokens.digest(cookie) for cookie in (mine, phone, laptop)}
    with pytest.raises(Gone), transaction(acme.amy, "session.end") as session:
        sessions.end_device(session, tokens.digest(somebody_else_s))
    with transaction(acme.amy, "session.end") as session:
        sessions.end_device(session, tokens.digest(phone))
    assert [bool(actor_behind(cookie)) for cookie in (mine, phone, laptop, somebody_else_s)] == [True, False, True, True]
    with transaction(acme.amy, "session.end") as session:
        assert sessions.end_mine(session, except_sid=tokens.digest(mine)) == 1
    assert [bool(actor_behind(cookie)) for cookie in (mine, laptop, somebody_else_s)] == [True, False, True]


@pytest.mark.parametrize("values", [{"role": "viewer"}, {"active": False}, {"deleted_at": datetime(2026, 1, 1, tzinfo=UTC)}])
def test_a_new_role_a_deactivation_or_a_deletion_ends_every_session_at_once(acme, values):
    cookies = [cookie_of(acme.amy), cookie_of(acme.amy)]
    with transaction(acme.ada, "user.update") as session:
        user = session.get(User, acme.amy.id)
        for key, value in values.items():
            setattr(user, key, value)
    assert [actor_behind(cookie) for cookie in cookies] == [None, None]


def test_a_new_team_is_known_at_the_next_click_without_signing_in_again(acme):
    cookie = cookie_of(acme.amy)
    with transaction(acme.ada, "user.update") as session:
        session.get(User, acme.amy.id).team_id = acme.teams["South"]
    assert actor_behind(cookie).team_id == acme.teams["South"]


def test_a_deactivated_user_cannot_sign_in(acme):
    give_password(acme.amy)
    with transaction(acme.ada, "user.update") as session:
        session.get(User, acme.amy.id).active = False
    assert access.check("amy", PASSWORD, HERE) is None


def test_changing_the_password_asks_for_the_old_one_and_ends_every_session(acme):
    give_password(acme.amy)
    cookie = signed_in(acme.amy)
    with pytest.raises(Invalid) as refused, transaction(acme.amy, "user.password") as session:
        passwords.change_own(session, "not the old one", "quiet harbour moon 4")
    assert "old_password" in refused.value.problems
    assert actor_behind(cookie)
    with transaction(acme.amy, "user.password") as session:
        passwords.change_own(session, PASSWORD, "quiet harbour moon 4")
    assert actor_behind(cookie) is None
    assert access.check("amy", PASSWORD, HERE) is None
    assert access.check("amy", "quiet harbour moon 4", HERE)


def test_a_reset_link_works_once_within_a_day_and_only_an_administrator_makes_one(acme):
    give_password(acme.amy)
    cookie = signed_in(acme.amy)
    for actor in (acme.mia, acme.amy, acme.gil, acme.vic):
        with pytest.raises(Forbidden), transaction(actor, "user.reset_link") as session:
            resets.issue_link(session, acme.amy.id)
    with transaction(acme.ada, "user.reset_link") as session:
        withdrawn, token = resets.issue_link(session, acme.amy.id), resets.issue_link(session, acme.amy.id)
    assert resets.user_name_of(withdrawn) is None
    assert resets.user_name_of(token) == "amy"
    assert actor_behind(cookie), "the link alone changes nothing"
    with pytest.raises(Invalid):
        resets.choose_password(token, "short")
    assert resets.choose_password(token, "quiet harbour moon 4") == "amy"
    assert actor_behind(cookie) is None
    assert access.check("amy", "quiet harbour moon 4", HERE)
    with pytest.raises(tokens.Expired):
        resets.choose_password(token, "another harbour moon 4")


def test_a_reset_link_is_void_after_a_day(acme):
    with transaction(acme.ada, "user.reset_link") as session:
        token = resets.issue_link(session, acme.amy.id)
    with later(hours=25):
        assert resets.user_name_of(token) is None
        with pytest.raises(tokens.Expired):
            resets.choose_password(token, PASSWORD)


@pytest.mark.parametrize("password", ["elevenchars", "password1234", "PasswordPassword", "qwertyuiop12", "123456789012", "aaaaaaaaaaaa", "abababababab", "abcdefghijklm",
                                      "woaini1314520", "amy amy amy amy", "长" * 25, "x1" * 37])
def test_a_password_that_is_short_too_long_or_guessed_first_is_refused(acme, password):
    with pytest.raises(Invalid):
        passwords.check_new(password, "amy", "Amy")


@pytest.mark.parametrize("password", [PASSWORD, "我家的猫不喜欢下雨的星期天", "长城长江黄河泰山华山衡山嵩山", "T7$kq!w0Zr#m", "  spaces around it 5  "])
def test_a_password_of_any_script_and_shape_is_taken(acme, password):
    give_password(acme.amy, password)
    assert access.check("amy", password, HERE)


def test_after_ten_failures_even_the_right_password_waits_a_quarter_of_an_hour(acme):
    give_password(acme.amy)
    for _ in range(10):
        assert access.check("amy", "wrong wrong wrong", HERE) is None
    with pytest.raises(throttle.Throttled):
        access.check("AMY", PASSWORD, ELSEWHERE)
    with later(minutes=16):
        assert access.check("amy", PASSWORD, HERE)


def test_a_stranger_s_failures_do_not_lock_out_a_device_that_signed_in_before(acme):
    give_password(acme.amy)
    signed_in(acme.amy)
    for _ in range(10):
        access.check("amy", "wrong wrong wrong", ELSEWHERE, "e" * 64)
    with pytest.raises(throttle.Throttled):
        access.check("amy", PASSWORD, ELSEWHERE, "e" * 64)
    assert access.check("amy", PASSWORD, HERE, DEVICE)
    for _ in range(10):
        access.check("amy", "wrong wrong wrong", HERE, DEVICE)
    with pytest.raises(throttle.Throttled):
        access.check("amy", PASSWORD, HERE, DEVICE)


def test_a_hundred_failures_from_one_address_close_it_for_names_never_tried(acme):
    give_password(acme.amy)
    for number in range(100):
        access.check(f"guess{number}", "wrong wrong wrong", HERE)
    with pytest.raises(throttle.Throttled):
        access.check("amy", PASSWORD, HERE)
    assert access.check("amy", PASSWORD, ELSEWHERE)


def test_the_right_password_forgets_what_was_mistyped_before(acme):
    give_password(acme.amy)
    for _ in range(3):
        for _ in range(9):
            access.check("amy", "wrong wrong wrong", HERE)
        assert access.check("amy", PASSWORD, HERE)


def test_an_unknown_name_takes_as_long_as_a_known_one(acme, monkeypatch):
    monkeypatch.setattr(passwords, "ROUNDS", 10)
    passwords.dummy_hash.cache_clear()
    passwords.dummy_hash()
    give_password(acme.amy)

    def effort(name):
        start = time.thread_time()
        access.check(name, "wrong wrong wrong", HERE)
        return time.thread_time() - start

    tries = [(effort("amy"), effort("nobody")) for _ in range(5)]
    known, unknown = (statistics.median(times) for times in zip(*tries, strict=True))
    assert abs(known - unknown) < 0.5 * max(known, unknown)


def test_the_journal_tells_of_sign_ins_sign_outs_password_changes_and_throttling(acme):
    give_password(acme.amy)
    cookie = signed_in(acme.amy)
    sessions.end(tokens.digest(cookie))
    with transaction(acme.amy, "user.password") as session:
        passwords.change_own(session, PASSWORD, "quiet harbour moon 4")
    for _ in range(10):
        access.check("amy", "wrong wrong wrong", HERE)
    assert changes()[-4:] == ["access.sign_in", "access.sign_out", "user.password", "access.throttle"]
    with reading(SYSTEM) as session:
        entry = session.scalars(select(Change).where(Change.action == "access.sign_in")).one()
    assert (entry.actor_id, entry.note, entry.row_count) == (acme.amy.id, HERE, 0)


def test_guesses_sent_at_once_are_counted_one_by_one(acme):
    give_password(acme.amy)
    seen = []
    with ThreadPoolExecutor(20) as crowd:
        for _ in range(60):
            crowd.submit(lambda: seen.append(access.try_account("amy", "192.0.2.9")))
    assert len(seen) == throttle.PER_ACCOUNT
