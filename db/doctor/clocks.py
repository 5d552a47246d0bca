"""Whether clock and time zone can be true: days, due dates and sessions hang on them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from db import clock, journal
from db.doctor.finding import Finding
from db.engine import reading
from db.language import t
from db.migrations import State, state
from db.policy import SYSTEM

TOLERATED = timedelta(minutes=2)


def look(workspace: str) -> Iterator[Finding]:
    if state(workspace) != State.CURRENT:
        return
    with reading(SYSTEM.inside(workspace)) as session:
        zone, latest = session.organisation.time_zone, journal.last_at(session)
    if zone not in clock.available_zones():
        yield Finding("bad", t("The time zone {zone} is unknown here, so days begin at the wrong hour: choose another under Settings, Organisation.",
                               zone=zone))
    if latest and latest > clock.now() + TOLERATED:
        yield Finding("bad", t("The last change was written at {time}, which lies in the future: set this computer's clock.",
                               time=f"{latest:%Y-%m-%d %H:%M} UTC"))
    elif zone in clock.available_zones():
        yield Finding("good", t("It is {time} in {zone}.", time=f"{clock.local(clock.now()):%Y-%m-%d %H:%M}", zone=zone))
