"""From a name and a password to a session, by way of a ticket; each step is one transaction."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from sqlalchemy import select

from db import journal
from db.actions import passwords, sessions, throttle, tokens
from db.engine import reading, transaction
from db.errors import Invalid
from db.models import Credential, User
from db.policy import SYSTEM, Actor
from db.session import CrmSession


@dataclass(frozen=True)
class Account:
    """What a name at the door stands for; an unknown one has nobody behind it."""

    user_id: int | None
    name: str
    password_hash: str


def normal(user_name: str) -> str:
    """A user name as it is stored."""
    return unicodedata.normalize("NFC", user_name).replace("\0", "").strip().lower()[:60]


def new_name(user_name: str) -> str:
    """A user name that somebody may be given; raises Invalid."""
    if not user_name.strip() or re.search(r"\s", user_name.strip()):
        raise Invalid.because("A user name is one word without spaces.", "user_name")
    return normal(user_name)


def try_account(user_name: str, address: str, device: str | None = None) -> Account:
    """The account to check a password against. Counts the try; raises Throttled after too many."""
    user_name = normal(user_name)
    throttle.count_try(user_name, address, device)
    columns = select(User.id, User.name, Credential.password_hash).join(Credential, Credential.user_id == User.id)
    with reading(SYSTEM) as session:
        found = session.execute(columns.where(User.user_name == user_name, User.active)).first()
    return Account(found.id, found.name, found.password_hash) if found else Account(None, user_name, passwords.dummy_hash())


def check(user_name: str, password: str, address: str, device: str | None = None) -> str | None:
    """The ticket for a right name and password, else None. Raises Throttled."""
    account = try_account(user_name, address, device)
    if passwords.matches(password, account.password_hash) and account.user_id is not None:
        return admit(user_name, address, device)
    return None


def admit(user_name: str, address: str, device: str | None = None) -> str:
    """The ticket of somebody whose password was found right."""
    with transaction(SYSTEM, "access.admit") as session:
        user_id = session.scalars(select(User.id).where(User.user_name == normal(user_name), User.active)).one()
        throttle.forget_tries(session, normal(user_name), address, device)
        return tokens.issue(session, "ticket", user_id, browser=device)


def ticket_for(actor: Actor, device: str | None) -> str:
    """The ticket of somebody who is signed in already, as after changing the password."""
    with transaction(SYSTEM, "access.admit") as session:
        return tokens.issue(session, "ticket", actor.id, browser=device)


def open_session(ticket: str, device: str | None, address: str, label: str) -> str:
    """Use a ticket up for a session; returns the cookie's token. Raises Expired."""
    with transaction(_holder(ticket), "access.sign_in") as session:
        user_id = tokens.redeem(session, "ticket", ticket, device)
        if user_id is None:
            raise tokens.Expired
        if device:
            throttle.remember_device(session, user_id, device)
        journal.record_event(session, address)
        return sessions.start(session, user_id, address, label)


def _holder(ticket: str) -> Actor:
    with reading(SYSTEM) as session:
        found = tokens.find(session, "ticket", ticket)
        user = _user(session, found.user_id) if found else None
        if user is None:
            raise tokens.Expired
        return Actor(user.id, user.name, user.role, user.team_id)


def _user(session: CrmSession, user_id: int | None) -> User | None:
    return session.scalars(select(User).where(User.id == user_id, User.active)).first()
