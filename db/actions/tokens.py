"""Single-use secrets: only their SHA-256 is stored, and each ends at its first use or its hour."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import select

from db import clock
from db.errors import CrmError, Message
from db.models import OneTimeToken
from db.session import CrmSession

LIFETIMES = {"ticket": timedelta(seconds=30), "setup": timedelta(minutes=30), "reset": timedelta(days=1), "device": timedelta(days=180)}


class Expired(CrmError):
    message = Message("This link or code has been used or has expired.")


def _cut(browser: str | None) -> str | None:
    """A browser is known by the hash of its own cookie; the column holds most of it."""
    return browser[:60] if browser else None


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def issue(session: CrmSession, purpose: str, user_id: int | None = None, *, secret: str | None = None, browser: str | None = None) -> str:
    """A new secret of the purpose; `secret` where it was drawn elsewhere, `browser` where only that one may use it."""
    forget_expired(session)
    token = secret or secrets.token_urlsafe(32)
    session.add(OneTimeToken(token_hash=digest(token), purpose=purpose, user_id=user_id, expires_at=clock.now() + LIFETIMES[purpose], address=_cut(browser)))
    session.flush()
    return token


def find(session: CrmSession, purpose: str, token: str) -> OneTimeToken | None:
    """The stored side of a secret that is still good; in a transaction nobody else can use it meanwhile."""
    wanted = select(OneTimeToken).where(OneTimeToken.token_hash == digest(token), OneTimeToken.purpose == purpose, OneTimeToken.expires_at > clock.now())
    return session.scalars(wanted.with_for_update() if session.writes else wanted).first()


def redeem(session: CrmSession, purpose: str, token: str, browser: str | None = None) -> int | None:
    """Use the secret up; returns whose it was. Raises Expired, also where it was issued to another browser."""
    found = find(session, purpose, token)
    if found is None or (found.address and found.address != _cut(browser)):
        raise Expired
    session.delete(found)
    session.flush()
    return found.user_id


def withdraw(session: CrmSession, purpose: str, user_id: int | None = None) -> None:
    """Make the secrets of this purpose, of one user or of nobody, useless."""
    for token in session.scalars(select(OneTimeToken).where(OneTimeToken.purpose == purpose, OneTimeToken.user_id == user_id)):
        session.delete(token)
    session.flush()


def forget_expired(session: CrmSession) -> None:
    for token in session.scalars(select(OneTimeToken).where(OneTimeToken.expires_at < clock.now()).limit(200)):
        session.delete(token)
