"""Access for programs: a named secret that works in its user's name, until it expires or is revoked."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from db import clock, journal
from db.actions.tokens import digest
from db.engine import reading, transaction
from db.errors import Forbidden, Gone, Invalid
from db.fields import Field
from db.models import AccessToken, User
from db.policy import SYSTEM, Actor, may, require
from db.session import CrmSession
from db.validation import Refused, clean

PREFIX = "rgl_"
"""So that a secret that got into a file or a mail is known for what it is."""
MOST = 20
"""Tokens of one user."""
LONGEST = timedelta(days=730)
SEEN_EVERY = timedelta(minutes=1)
NAME = Field(key="name", required=True, max_length=60)


@dataclass(frozen=True)
class Program:
    """Who is behind a secret: the user it works for, and what the token allows."""

    token_id: int
    name: str
    read_only: bool
    actor: Actor


def create(session: CrmSession, name: str, expires_on: date | None, read_only: bool = False) -> str:
    """A new token that works in the actor's name; returns the secret, which is stored nowhere.

    Raises Invalid for a name or a day that will not do, and for more than twenty tokens.
    """
    if session.actor.id is None:
        raise Forbidden
    if len(mine(session)) >= MOST:
        raise Invalid.because("At most {n} tokens a person; please revoke one first.", n=MOST)
    day, said = _checked_day(expires_on), _checked_name(name)
    secret = PREFIX + secrets.token_urlsafe(32)
    session.add(AccessToken(token_hash=digest(secret), user_id=session.actor.id, name=said, read_only=read_only, created_at=clock.now(), expires_on=day))
    journal.record_event(session, said)
    session.flush()
    return secret


def _checked_name(name: str) -> str:
    try:
        return str(clean(NAME, name))
    except Refused as refused:
        raise Invalid({"name": refused.message}) from refused


def _checked_day(day: date | None) -> date:
    if day is None or not clock.today() < day <= clock.today() + LONGEST:
        raise Invalid.because("Please choose a day after today, at most two years ahead.", "expires_on")
    return day


def mine(session: CrmSession) -> list[AccessToken]:
    """The actor's tokens, expired ones included, the newest first."""
    return list(session.scalars(select(AccessToken).where(AccessToken.user_id == session.actor.id).order_by(AccessToken.id.desc())))


def everybody(session: CrmSession) -> Sequence[tuple[AccessToken, str]]:
    """All tokens with the names of their users, for administrators."""
    require(session.actor, "update", "user")
    rows = session.execute(select(AccessToken, User.name).join(User, User.id == AccessToken.user_id).order_by(User.name, AccessToken.id.desc()).limit(1000))
    return [(token, name) for token, name in rows]


def revoke(session: CrmSession, id_: int) -> None:
    """End a token of one's own; administrators end anybody's. Raises Gone where there is none that the actor may end."""
    found = session.get(AccessToken, id_)
    if found is None or (found.user_id != session.actor.id and not may(session.actor, "update", "user")):
        raise Gone
    session.delete(found)
    journal.record_event(session, found.name)


def program_of(secret: str) -> Program | None:
    """Who sends this secret now: role and team as they are today; None when it ended or its user may no longer sign in."""
    if not secret.startswith(PREFIX):
        return None
    with reading(SYSTEM) as session:
        wanted = select(AccessToken, User).join(User, User.id == AccessToken.user_id)
        found = session.execute(wanted.where(AccessToken.token_hash == digest(secret), AccessToken.expires_on >= clock.today(), User.active)).first()
        if found is None:
            return None
        token, user = found
        actor = Actor(user.id, user.name, user.role, user.team_id, user.language or session.organisation.language)
        return Program(token.id, token.name, token.read_only, actor)


def touch(token_id: int, address: str) -> None:
    """Note when and from where a token was used last; writes at most once a minute."""
    with reading(SYSTEM) as session:
        found = session.get(AccessToken, token_id)
        seen = found is None or (found.last_used_at is not None and clock.now() - found.last_used_at < SEEN_EVERY)
    if not seen:
        with transaction(SYSTEM, "access.touch") as session:
            if (token := session.get(AccessToken, token_id)) is not None:
                token.last_used_at, token.address = clock.now(), address[:60]
