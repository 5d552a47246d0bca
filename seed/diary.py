"""The follow-ups of a customer: what happened on each occasion, who wins unhappy customers back, what is planned."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from db import clock
from db.actions.follow_ups import RECOVERY_DAYS, UNHAPPY
from db.completion import Numbers
from seed.catalogue import Catalogue
from seed.customers import Customer
from seed.occasions import Occasion
from seed.plan import Plan, working_day
from seed.vocabulary import Vocabulary

Row = dict[str, Any]
METHODS = {
    "intro": {"call": 40, "visit": 16, "wechat": 20, "email": 16, "meeting": 8},
    "prospect": {"call": 34, "visit": 26, "wechat": 18, "email": 12, "meeting": 10},
    "delivery": {"call": 50, "wechat": 28, "visit": 10, "message": 12},
    "care": {"call": 36, "visit": 24, "wechat": 26, "email": 6, "meeting": 8},
    "renewal": {"call": 38, "visit": 22, "meeting": 22, "email": 18},
    "complaint": {"call": 48, "wechat": 24, "email": 18, "visit": 10},
    "recovery": {"call": 44, "visit": 34, "wechat": 22},
    "birthday": {"wechat": 60, "call": 12, "message": 28},
}
OUTCOMES = {
    "intro": {"interested": 50, "informed": 24, "postponed": 20, "declined": 6},
    "prospect": {"interested": 46, "agreed": 22, "postponed": 18, "informed": 12, "declined": 2},
    "delivery": {"agreed": 60, "informed": 40},
    "care": {"informed": 42, "interested": 27, "agreed": 24, "postponed": 7},
    "renewal": {"agreed": 52, "interested": 22, "postponed": 26},
    "complaint": {"complaint": 1},
    "recovery": {"solved": 72, "agreed": 13, "postponed": 15},
    "birthday": {"informed": 1},
}
MINUTES = {"call": (3, 25), "visit": (25, 95), "meeting": (40, 120)}
RATED = {"prospect": 0.15, "delivery": 0.5, "care": 0.4, "renewal": 0.3}
PLANNED = {"prospect": 0.6, "care": 0.65, "renewal": 0.75, "delivery": 0.3}
"""How often such a contact had been planned before."""
GOODS = range(20)
AT_WORK = {"intro", "prospect", "care"}
"""Scenes whose notes speak of a company; individuals have notes of their own."""
WRITTEN = {"wechat", "message"}
UNSAID = ("contact_id", "due_on", "due_time", "done_at", "duration_minutes", "content", "outcome", "rating", "rating_reason", "previous_id")


class Diary:
    """Writes the follow-ups of one customer after the other."""

    def __init__(self, plan: Plan, words: Vocabulary, numbers: Numbers, catalogue: Catalogue) -> None:
        self.plan, self.words, self.numbers, self.catalogue = plan, words, numbers, catalogue

    def write(self, customer: Customer, occasions: Iterable[Occasion]) -> list[Row]:
        """What happened, in order; every rating of 1 or 2 is followed by an attempt to win back."""
        rows: list[Row] = []
        previous: Row | None = None
        for day, scene in occasions:
            row = self._done(customer, day, scene, previous)
            if row is not None:
                rows.append(row)
                previous = row
                if (row["rating"] or 5) <= UNHAPPY:
                    previous = self.win_back(customer, row, self.words.words["subject"]["recovery"].format(rating=row["rating"]))
                    rows.append(previous)
        return rows

    def win_back(self, customer: Customer, cause: Row, subject: str) -> Row:
        """The recovery follow-up that an unhappy customer calls for: done in the past, else still to do."""
        chance, noted = customer.chance, cause["done_at"]
        due = clock.local(noted).date() + timedelta(days=RECOVERY_DAYS)
        late = chance.choice((-1, 0, 0, 0, 1, 2, 4)) + (chance.randint(1, 9) if customer.manager and chance.random() < customer.manager.lateness else 0)
        row = self._done(customer, working_day(due + timedelta(days=late)), "recovery", None, earliest=noted)
        row = row or self._blank(customer) | {"status": "planned", "method": "call", "contact_id": cause["contact_id"]}
        return row | {"subject": subject, "due_on": due, "created_at": noted, "previous_id": cause["id"], "recovery": True}

    def _done(self, customer: Customer, day: date, scene: str, previous: Row | None, earliest: datetime | None = None) -> Row | None:
        """A follow-up that happened; None when its moment is still to come."""
        chance = customer.chance
        method = chance.choices(list(METHODS[scene]), list(METHODS[scene].values()))[0]
        at = _moment(chance, day if day == self.plan.today or (method in WRITTEN and chance.random() < 0.5) else working_day(day))
        if at > self.plan.now or (earliest and at <= earliest):
            return None
        row = self._blank(customer) | {"status": "done", "method": method, "done_at": at, "created_at": at}
        person = customer.person()
        row["contact_id"] = person["id"] if person else None
        row["subject"] = chance.choice(self.words.words["subject"].get(scene) or [""])
        row["outcome"] = chance.choices(list(OUTCOMES[scene]), list(OUTCOMES[scene].values()))[0]
        row["direction"] = "inbound" if scene == "complaint" or chance.random() < 0.18 else "outbound"
        row["duration_minutes"] = chance.randint(*MINUTES[method]) if method in MINUTES and chance.random() < 0.8 else None
        self._rate(customer, row, scene, day)
        self._tell(customer, row, scene, person["name"] if person else customer.row["name"])
        if previous is not None and chance.random() < PLANNED.get(scene, 0.0):
            self._as_planned(customer, row, previous)
        return row

    def _tell(self, customer: Customer, row: Row, scene: str, person: str) -> None:
        chance, method = customer.chance, row["method"]
        if scene == "recovery" and row["outcome"] == "postponed":
            method = "open"
        elif scene in AT_WORK and customer.row["kind"] == "person":
            scene = "private"
        if (row["rating"] or 5) <= UNHAPPY and method in METHODS["complaint"]:
            scene = row["outcome"] = "complaint"
            row["subject"] = chance.choice(self.words.words["subject"][scene])
        product = self.catalogue.products[chance.choice(GOODS)].name
        row["content"] = self.words.sentence(chance, scene, method, person=person, product=product, city=customer.row["city"], n=chance.randint(3, 12))

    def _rate(self, customer: Customer, row: Row, scene: str, day: date) -> None:
        chance, more = customer.chance, self.words.words["more"]
        if scene == "complaint":
            row["rating"] = chance.choice((1, 1, 2, 2, 2, None))
            customer.liking -= 0.12
        elif scene == "recovery":
            row["rating"] = chance.choice((3, 4, 4, 5, None)) if row["outcome"] != "postponed" else None
        elif chance.random() < RATED.get(scene, 0.0):
            row["rating"] = min(5, max(1, round(chance.gauss(customer.mood(self.plan, day), 0.75))))
        rating = row["rating"] or 3
        if rating <= UNHAPPY or (rating > 3 and chance.random() < 0.25):
            row["rating_reason"] = chance.choice(more["disliked"] if rating <= UNHAPPY else more["liked"])

    def _as_planned(self, customer: Customer, row: Row, previous: Row) -> None:
        """It had been planned at the contact before, and was done on its day or a little late."""
        noted = previous["done_at"] or previous["created_at"]
        late = customer.chance.randint(1, 8) if customer.manager and customer.chance.random() < customer.manager.lateness else 0
        due = clock.local(row["done_at"]).date() - timedelta(days=late)
        if due > clock.local(noted).date():
            row |= {"created_at": noted, "previous_id": previous["id"], "due_on": due}

    def _blank(self, customer: Customer) -> Row:
        owner = customer.manager.id if customer.manager else None
        made = {"id": self.numbers.id("follow_up"), "customer_id": customer.id, "owner_id": owner, "created_by_id": owner, "direction": "outbound"}
        return made | dict.fromkeys(UNSAID) | {"recovery": False}


def _moment(chance: Random, day: date) -> datetime:
    """Some time of the working day, less often at noon."""
    minute = chance.randint(515, 1105)
    return clock.at(day, time(*divmod(minute if not 720 <= minute < 800 else minute + chance.randint(80, 200), 60)))
