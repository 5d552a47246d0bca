"""Failed sign-ins are counted in the database: ten an account and a hundred an address within a quarter of an hour.

A device that signed in to the account before has a counter of its own, so that strangers cannot lock anybody out.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from db import clock, dialect, journal
from db.actions import tokens
from db.engine import transaction
from db.errors import CrmError, Message
from db.models import OneTimeToken, SignInFailure, User
from db.policy import SYSTEM
from db.session import CrmSession

WINDOW = timedelta(minutes=15)
PER_ACCOUNT = 10
PER_ADDRESS = 100


class Throttled(CrmError):
    message = Message("Too many failed tries. Please wait a quarter of an hour and try again.")


def count_try(user_name: str, address: str, device: str | None) -> None:
    """Count a try before its password is looked at, so that parallel guesses are counted too; raises Throttled."""
    with transaction(SYSTEM, "access.throttle") as session:
        dialect.take_turns(session.connection(), "sign_in_failure")
        known = device if device and is_known(session, user_name, device) else None
        tries = _tries(session, user_name, address, known)
        if tries < PER_ACCOUNT:
            session.add(SignInFailure(at=clock.now(), user_name=user_name, address=address, device=known))
        if tries == PER_ACCOUNT - 1:
            journal.record_event(session, f"{user_name} · {address}")
    if tries >= PER_ACCOUNT:
        raise Throttled


def _tries(session: CrmSession, user_name: str, address: str, known: str | None) -> int:
    same_device = SignInFailure.device.is_(None) if known is None else SignInFailure.device == known
    recent = select(func.count(SignInFailure.id)).where(SignInFailure.at > clock.now() - WINDOW, same_device)
    of_account = session.scalar(recent.where(SignInFailure.user_name == user_name)) or 0
    of_address = session.scalar(recent.where(SignInFailure.address == address)) or 0 if known is None else 0
    return max(of_account, PER_ACCOUNT if of_address >= PER_ADDRESS else 0)


def forget_tries(session: CrmSession, user_name: str, address: str, device: str | None) -> int:
    """After the right password: drop what this browser mistyped before; returns how often that was."""
    mine = select(SignInFailure).where(SignInFailure.user_name == user_name, SignInFailure.address == address)
    tries = [row for row in session.scalars(mine) if row.device in {None, device}]
    stale = session.scalars(select(SignInFailure).where(SignInFailure.at < clock.now() - WINDOW).limit(500))
    for row in {*tries, *stale}:
        session.delete(row)
    return len(tries) - 1


def is_known(session: CrmSession, user_name: str, device: str) -> bool:
    user_id = session.scalar(select(User.id).where(User.user_name == user_name))
    return user_id is not None and tokens.find(session, "device", f"{device}:{user_id}") is not None


def remember_device(session: CrmSession, user_id: int, device: str) -> None:
    """From now on this browser's mistakes are counted apart."""
    secret = f"{device}:{user_id}"
    if known := session.get(OneTimeToken, tokens.digest(secret)):
        known.expires_at = clock.now() + tokens.LIFETIMES["device"]
    else:
        tokens.issue(session, "device", user_id, secret=secret)
