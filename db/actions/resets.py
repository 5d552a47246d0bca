"""One-time links by which a user chooses a password; nobody else ever knows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from db import journal, records
from db.actions import access, passwords, tokens
from db.engine import reading, transaction
from db.errors import Gone
from db.models import User
from db.policy import SYSTEM, require
from db.session import CrmSession


def invite(session: CrmSession, values: Mapping[str, Any]) -> tuple[User, str]:
    """A new user and the secret of the link to choose a password by."""
    user = cast(User, records.create(session, "user", {**values, "user_name": access.new_name(str(values.get("user_name") or ""))}))
    return user, issue_link(session, user.id)


def issue_link(session: CrmSession, user_id: int) -> str:
    """The secret of a link to a new password, good for a day; an earlier one is withdrawn, the present password stays."""
    require(session.actor, "update", "user")
    user = session.get(User, user_id)
    if user is None or not user.active:
        raise Gone
    tokens.withdraw(session, "reset", user_id)
    journal.record_event(session, user.user_name)
    return tokens.issue(session, "reset", user_id)


def user_name_of(token: str) -> str | None:
    """Whose link it is, or None when it is no longer good."""
    with reading(SYSTEM) as session:
        found = tokens.find(session, "reset", token)
        user = session.get(User, found.user_id) if found else None
        return user.user_name if user and user.active else None


def choose_password(token: str, password: str) -> str:
    """Use the link up; the user gets this password and is signed out everywhere. Returns the user name."""
    with transaction(SYSTEM, "access.reset") as session:
        user = session.get(User, tokens.redeem(session, "reset", token) or 0)
        if user is None or not user.active:
            raise tokens.Expired
        passwords.set_password(session, user.id, password, user.user_name, user.name)
        journal.record_event(session, user.user_name)
        return user.user_name
