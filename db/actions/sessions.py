"""Signed-in browsers: who is asking, which devices there are, and how a session ends."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, select

from db import clock, journal
from db.actions.tokens import digest
from db.engine import reading, transaction
from db.errors import Gone
from db.models import User, UserSession
from db.policy import SYSTEM, Actor, require
from db.session import CrmSession

SEEN_EVERY = timedelta(minutes=1)


def idle_limit() -> timedelta:
    return timedelta(minutes=float(os.environ.get("REGULARS_SESSION_IDLE_MINUTES") or 120))


def age_limit() -> timedelta:
    return timedelta(hours=float(os.environ.get("REGULARS_SESSION_HOURS") or 12))


def _alive() -> tuple[ColumnElement[bool], ...]:
    return UserSession.created_at > clock.now() - age_limit(), UserSession.last_seen_at > clock.now() - idle_limit()


def actor_for(sid: str | None, language: str = "") -> Actor | None:
    """Who a session belongs to now, by the hash of its cookie; None when it ended. `language` serves who chose none."""
    if not sid:
        return None
    with reading(SYSTEM) as session:
        person = (User.id, User.name, User.role, User.team_id, User.language)
        holder = select(*person).join(UserSession, UserSession.user_id == User.id).where(UserSession.token_hash == sid, User.active, *_alive())
        found = session.execute(holder).first()
        return found and Actor(found.id, found.name, found.role, found.team_id, found.language or language or session.organisation.language)


def start(session: CrmSession, user_id: int, address: str | None, device: str | None) -> str:
    """A new session; returns the cookie's token, which is stored nowhere."""
    _forget_dead(session)
    token, now = secrets.token_urlsafe(32), clock.now()
    address, device = (address or "")[:60], (device or "")[:300]
    session.add(UserSession(token_hash=digest(token), user_id=user_id, created_at=now, last_seen_at=now, address=address, device=device))
    session.flush()
    return token


def _forget_dead(session: CrmSession) -> None:
    for dead in session.scalars(select(UserSession).where(UserSession.created_at < clock.now() - age_limit()).limit(200)):
        session.delete(dead)


def touch(sid: str) -> None:
    """Put the idle limit off, because a person did something; writes at most once a minute."""
    with reading(SYSTEM) as session:
        seen = session.scalar(select(UserSession.last_seen_at).where(UserSession.token_hash == sid))
    if seen and clock.now() - seen >= SEEN_EVERY:
        with transaction(SYSTEM, "access.touch") as session:
            if found := session.get(UserSession, sid):
                found.last_seen_at = clock.now()


def end(sid: str) -> None:
    """Sign this browser out."""
    with transaction(actor_for(sid) or SYSTEM, "access.sign_out") as session:
        if found := session.get(UserSession, sid):
            session.delete(found)
            journal.record_event(session, found.address)


def end_all(session: CrmSession, user_id: int, except_sid: str = "") -> int:
    """Sign a user out on every device, or on all but one; returns on how many."""
    ended = [found for found in session.scalars(select(UserSession).where(UserSession.user_id == user_id)) if found.token_hash != except_sid]
    for found in ended:
        session.delete(found)
    return len(ended)


def end_mine(session: CrmSession, except_sid: str = "") -> int:
    """Sign the actor out everywhere, or everywhere else."""
    count = end_all(session, session.actor.id or 0, except_sid)
    if count:
        journal.record_event(session)
    return count


def end_of(session: CrmSession, user_id: int) -> int:
    """An administrator signs somebody out everywhere."""
    require(session.actor, "update", "user")
    count = end_all(session, user_id)
    if count:
        journal.record_event(session, str(user_id))
    return count


def devices(session: CrmSession) -> Sequence[Any]:
    """The actor's signed-in devices, the latest first: token_hash, device, address, created_at, last_seen_at."""
    columns = (UserSession.token_hash, UserSession.device, UserSession.address, UserSession.created_at, UserSession.last_seen_at)
    return session.execute(select(*columns).where(UserSession.user_id == session.actor.id, *_alive()).order_by(UserSession.last_seen_at.desc())).all()


def end_device(session: CrmSession, token_hash: str) -> None:
    """Sign the actor out on one device."""
    found = session.get(UserSession, token_hash)
    if found is None or found.user_id != session.actor.id:
        raise Gone
    session.delete(found)
    journal.record_event(session, found.address)
