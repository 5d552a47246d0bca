"""Access for programs: whose it is, what ends it, and what the journal says of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from db import clock, records
from db.actions import access_tokens
from db.commands import main
from db.engine import reading, transaction
from db.errors import Forbidden, Gone, Invalid
from db.models import AccessToken, Change
from db.policy import SYSTEM

SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def issued(actor, name="Website", days=30, read_only=False) -> str:
    with transaction(actor, "access_token.issue") as session:
        return access_tokens.create(session, name, clock.today() + timedelta(days=days), read_only)


def only_token() -> int:
    with reading(SYSTEM) as session:
        return session.scalars(select(AccessToken.id)).one()


def revoke(actor, id_: int) -> None:
    with transaction(actor, "access_token.revoke") as session:
        access_tokens.revoke(session, id_)


def change_user(acme, **values) -> None:
    with transaction(acme.ada, "user.update") as session:
        records.update(session, "user", acme.amy.id, values)


def test_a_secret_works_in_its_user_s_name_and_is_stored_nowhere(acme):
    secret = issued(acme.amy)
    program = access_tokens.program_of(secret)
    assert (program.name, program.read_only, program.actor.id, program.actor.role, program.actor.team_id) == ("Website", False, acme.amy.id, "rep", acme.teams["North"])
    with reading(SYSTEM) as session:
        kept = [str(vars(row)) for model in (AccessToken, Change) for row in session.scalars(select(model))]
    assert not any(secret in row or secret[4:] in row for row in kept)


def test_the_journal_tells_who_made_and_ended_which_token(acme):
    issued(acme.amy, "Website")
    revoke(acme.ada, only_token())
    with reading(SYSTEM) as session:
        told = session.execute(select(Change.action, Change.actor_id, Change.note).where(Change.action.like("access_token%")).order_by(Change.id)).all()
    assert [tuple(row) for row in told] == [("access_token.issue", acme.amy.id, "Website"), ("access_token.revoke", acme.ada.id, "Website")]


@SQLITE
def test_a_guess_opens_nothing(acme):
    issued(acme.amy)
    assert [access_tokens.program_of(wrong) for wrong in ("", "rgl_", "rgl_guessed", "Bearer x")] == [None] * 4


def test_it_ends_with_its_day_with_its_user_and_with_being_revoked(acme):
    secret = issued(acme.amy, days=1)
    with clock.frozen(datetime.now(UTC) + timedelta(days=2)):
        assert access_tokens.program_of(secret) is None
    change_user(acme, active=False)
    assert access_tokens.program_of(secret) is None
    change_user(acme, active=True)
    assert access_tokens.program_of(secret)
    revoke(acme.amy, only_token())
    assert access_tokens.program_of(secret) is None


def test_a_new_role_holds_for_the_token_at_once(acme):
    secret = issued(acme.amy)
    change_user(acme, role="viewer")
    assert access_tokens.program_of(secret).actor.role == "viewer"


def test_nobody_but_an_administrator_sees_or_ends_a_colleague_s_token(acme):
    issued(acme.amy)
    for colleague in (acme.bo, acme.mia, acme.vic):
        with pytest.raises(Gone):
            revoke(colleague, only_token())
        with reading(colleague) as session, pytest.raises(Forbidden):
            access_tokens.everybody(session)
        with reading(colleague) as session:
            assert access_tokens.mine(session) == []
    with reading(acme.ada) as session:
        assert [(token.name, owner) for token, owner in access_tokens.everybody(session)] == [("Website", "Amy")]


@SQLITE
def test_a_token_without_a_name_or_a_near_end_is_refused(acme):
    for name, days, field in (("", 30, "name"), ("a\u202eb", 30, "name"), ("x" * 61, 30, "name"), ("x", 0, "expires_on"), ("x", 800, "expires_on")):
        with pytest.raises(Invalid) as refused:
            issued(acme.amy, name, days)
        assert list(refused.value.problems) == [field]


@SQLITE
def test_there_are_twenty_tokens_a_person_at_most(acme):
    with transaction(acme.amy, "access_token.issue") as session:
        for number in range(20):
            access_tokens.create(session, f"No. {number}", clock.today() + timedelta(days=1))
    with pytest.raises(Invalid):
        issued(acme.amy)
    issued(acme.bo)


@SQLITE
def test_the_last_use_is_noted_once_a_minute(acme):
    issued(acme.amy)
    for address in ("192.0.2.1", "192.0.2.2"):
        access_tokens.touch(only_token(), address)
    with reading(SYSTEM) as session:
        found = session.scalars(select(AccessToken)).one()
    assert found.address == "192.0.2.1"
    assert clock.now() - found.last_used_at < timedelta(minutes=1)


@SQLITE
def test_the_command_line_makes_lists_and_revokes(acme):
    def run(*words: str) -> str:
        answer = CliRunner().invoke(main, ["token", *words])
        assert answer.exit_code == 0, answer.output
        return answer.output

    secret = run("create", "amy", "--name", "Nightly", "--read-only").strip()
    assert access_tokens.program_of(secret).read_only
    assert all(word in run("list") for word in ("Amy", "Nightly", "read only"))
    run("revoke", str(only_token()))
    assert run("list") == ""
