"""Everybody's day by e-mail, each working morning: once each, however often the job has to try."""

from __future__ import annotations

import logging
import smtplib
from datetime import timedelta

from sqlalchemy import select

from db import clock, language, mail
from db.actions.digest_letter import letter
from db.engine import reading, transaction
from db.errors import Unavailable
from db.models import JobRun, User
from db.policy import SYSTEM, Actor
from db.queries.absences import away_on
from db.queries.digest import digest
from db.queries.periods import ONE_DAY, Period
from db.queries.working_days import working_days
from db.session import CrmSession

log = logging.getLogger("regulars")

SENT = "digest_sent"
MORNING = 6
"""Hours after the organisation's hour; whoever was not reached by then reads the day on Today."""
REMEMBERED = timedelta(days=7)


def morning(session: CrmSession) -> str | None:
    """Today, on a working day's morning, where a mail server is set up."""
    house, hour = session.organisation, clock.local(clock.now()).hour
    if house.id is None or not house.digest_hour <= hour < house.digest_hour + MORNING or not mail.is_set_up():
        return None
    return clock.today().isoformat() if working_days(house, Period(clock.today(), clock.today() + ONE_DAY)) else None


def send_all(workspace: str, day: str) -> None:
    """Send each colleague's day to whoever wants it, is here and has something to do. Raises Unavailable with the names that were not reached."""
    server = mail.server()
    with reading(SYSTEM.inside(workspace)) as session:
        waiting, default = _waiting(session, day), session.organisation.language
    if server is None or not waiting:
        return
    missed = []
    with mail.connected(server) as connection:
        for user in waiting:
            try:
                _send(connection, server.sender, workspace, user, default)
            except smtplib.SMTPServerDisconnected:
                raise
            except (smtplib.SMTPException, ValueError):
                log.warning("the day of user %s was not sent", user.id, exc_info=True)
                missed.append(user.name)
            else:
                _remember(workspace, day, user.id)
    if missed:
        raise Unavailable("No e-mail could be sent to {names}.", names=", ".join(missed))


def _waiting(session: CrmSession, day: str) -> list[User]:
    """Active colleagues with an address who want the letter, are not away and have not got it yet."""
    away = away_on(session, clock.today())
    sent = set(session.scalars(select(JobRun.period).where(JobRun.job == SENT, JobRun.period.startswith(f"{day}/"))))
    wanting = session.scalars(select(User).where(User.active, User.digest, User.email.is_not(None)).order_by(User.id))
    return [user for user in wanting if user.id not in away and _mark(day, user.id) not in sent]


def _mark(day: str, user_id: int) -> str:
    return f"{day}/{user_id}"


def _send(connection: smtplib.SMTP, sender: str, workspace: str, user: User, default: str) -> None:
    actor = Actor(user.id, user.name, user.role, user.team_id, user.language or default, workspace)
    with language.speaking(actor.language), reading(actor) as session:
        mine = digest(session)
    if not mine.is_empty:
        with language.speaking(actor.language):
            connection.send_message(letter(sender, user.name, user.email or "", mine))


def _remember(workspace: str, day: str, user_id: int) -> None:
    with transaction(SYSTEM.inside(workspace), "digest.send") as session:
        session.add(JobRun(job=SENT, period=_mark(day, user_id), started_at=clock.now(), finished_at=clock.now()))
        for old in session.scalars(select(JobRun).where(JobRun.job == SENT, JobRun.started_at < clock.now() - REMEMBERED).limit(100)):
            session.delete(old)
