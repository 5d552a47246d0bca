"""The first run: whoever reads the server's terminal becomes the administrator."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import select

from db import records
from db.actions import access, passwords, tokens
from db.engine import reading, transaction
from db.errors import Forbidden, Invalid
from db.models import Credential, User
from db.policy import SYSTEM
from db.session import CrmSession

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""No letters that look like digits: people type the code from another screen."""


def needs_setup() -> bool:
    """Whether nobody can sign in yet."""
    with reading(SYSTEM) as session:
        return _is_open(session)


def _is_open(session: CrmSession) -> bool:
    return session.scalar(select(Credential.user_id).limit(1)) is None


def new_code() -> str:
    """A fresh set-up code, good for half an hour; the one before is void."""
    drawn = "".join(secrets.choice(LETTERS) for _ in range(12))
    with transaction(SYSTEM, "access.setup_code") as session:
        tokens.withdraw(session, "setup")
        tokens.issue(session, "setup", secret=drawn)
    return "-".join((drawn[:4], drawn[4:8], drawn[8:]))


def create_administrator(code: str, person: Mapping[str, str], password: str, organisation: Mapping[str, Any]) -> str:
    """Set the house up: the organisation and its first administrator. Returns the user name.

    person: user_name, name, language; organisation: name, time_zone, currency, language.
    Raises Invalid (keys as given, 'organisation.name' and so on, 'code' for a wrong code), Forbidden once somebody can sign in.
    """
    with transaction(SYSTEM, "setup") as session:
        if not _is_open(session):
            raise Forbidden
        try:
            tokens.redeem(session, "setup", code.strip().upper().replace("-", "").replace(" ", ""))
        except tokens.Expired as error:
            raise Invalid.because("This is not the set-up code, or it has expired. The server prints a new one each time it starts.", "code") from error
        _save_organisation(session, organisation)
        user = cast(User, records.create(session, "user", {**person, "user_name": access.new_name(person["user_name"]), "role": "admin"}))
        passwords.set_password(session, user.id, password, user.user_name, user.name)
        return user.user_name


def _save_organisation(session: CrmSession, values: Mapping[str, Any]) -> None:
    try:
        if session.organisation.id is None:
            records.create(session, "organisation", values, skip=("working_days", "holidays"))
        else:
            records.update(session, "organisation", session.organisation.id, values)
    except Invalid as invalid:
        raise Invalid({f"organisation.{key}": message for key, message in invalid.problems.items()}) from invalid
