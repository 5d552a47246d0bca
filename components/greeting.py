"""The first line of the day."""

from __future__ import annotations

from db import clock
from db.language import t, tn
from db.policy import Actor
from db.queries.today import Agenda


def greeting(actor: Actor) -> str:
    hour = clock.local(clock.now()).hour
    if hour < 12:
        return t("Good morning, {name}", name=actor.name)
    return t("Good afternoon, {name}", name=actor.name) if hour < 18 else t("Good evening, {name}", name=actor.name)


def summary(agenda: Agenda) -> str:
    overdue, today, ahead = agenda.counts
    parts = [tn("{n} overdue", "{n} overdue", overdue)] if overdue else []
    parts += [tn("{n} due today", "{n} due today", today), tn("{n} coming up", "{n} coming up", ahead)]
    return t(", ").join(parts)
