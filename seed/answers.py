"""Surveys: whom they were sent to once a year, and the sheets that came back, after a service too; what an unhappy sheet sets in motion."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from db import clock
from db.completion import Numbers
from seed.catalogue import Catalogue
from seed.customers import Customer
from seed.plan import Plan
from seed.vocabulary import Vocabulary

Row = dict[str, Any]
YEARLY = ("csat", "nps", "ces")
SERVICE = ("service_csat", "service_ces")
ANSWERED = {"solved": 0.55, "agreed": 0.38}
"""How likely a sheet comes back after a call or a visit that ended like this."""
CHANNELS = ("email", "email", "phone", "wechat", "online")
UNANSWERED = {"email": 52, "online": 26, "wechat": 15, "phone": 7}
"""By which channels the invitations went that nobody answered: who is called answers more often than who is written to."""
LOST = 0.065
"""How many of the unanswered invitations came back as undeliverable."""


@dataclass
class Wave:
    """The yearly survey as one customer was sent it: when it came back, and what was in it."""

    sent: date
    day: date | None
    sheet: list[Row] = field(default_factory=list)


class Postbox:
    """Fills in the sheets of one customer after the other."""

    def __init__(self, plan: Plan, words: Vocabulary, numbers: Numbers, catalogue: Catalogue) -> None:
        self.plan, self.words, self.numbers, self.catalogue = plan, words, numbers, catalogue

    def sheets(self, customer: Customer, done: list[Row], waves: list[Wave]) -> Iterator[list[Row]]:
        """The answers of one sheet after the other, in order."""
        back = {wave.day: wave for wave in waves if wave.day}
        days = [(day, YEARLY) for day in back] + [(day, SERVICE) for day in self._after_services(customer, done)]
        for day, asked in sorted(days):
            minutes = time(*divmod(customer.chance.randint(500, 1300), 60))
            at = clock.at(day, minutes)
            if at <= self.plan.now:
                sheet = self._sheet(customer, at, day, asked)
                if asked == YEARLY:
                    back[day].sheet = sheet
                yield sheet

    def invitations(self, customer: Customer, waves: list[Wave]) -> list[Row]:
        """Who was sent the yearly survey, by which channel, and whether it came back."""
        chance = self.plan.chance("invitation", customer.id)
        return [self._invitation(customer, wave, chance) for wave in waves]

    def _invitation(self, customer: Customer, wave: Wave, chance: Random) -> Row:
        row = {"id": self.numbers.id("survey_invitation"), "customer_id": customer.id, "survey_id": self.catalogue.yearly_survey, "sent_on": wave.sent,
               "wave": f"{wave.sent.year}-Q{(wave.sent.month + 2) // 3}", "contact_id": customer.contacts[0]["id"] if customer.contacts else None,
               "created_at": min(clock.at(wave.sent, time(9)), self.plan.now)}
        if wave.sheet:
            state = "answered" if len(wave.sheet) == len(YEARLY) else "partial"
            return row | {"channel": wave.sheet[0]["channel"], "contact_id": wave.sheet[0]["contact_id"], "state": state, "answered_on": wave.day}
        channel = chance.choices(list(UNANSWERED), list(UNANSWERED.values()))[0]
        return row | {"channel": channel, "state": "undeliverable" if chance.random() < LOST else "sent", "answered_on": None}

    def waves(self, customer: Customer) -> list[Wave]:
        """Every customer is asked half a year after the first purchase and then once a year; some four in ten answer, most within a week."""
        if customer.since is None:
            return []
        found, sent, last = [], customer.since + timedelta(days=180), customer.left_on or self.plan.today
        while sent <= last:
            answers = customer.chance.random() < 0.42
            found.append(Wave(sent, sent + timedelta(days=int(customer.chance.expovariate(1 / 6))) if answers else None))
            sent += timedelta(days=365)
        return found

    def _after_services(self, customer: Customer, done: list[Row]) -> Iterator[date]:
        for row in done:
            likely = ANSWERED.get(row["outcome"] or "", 0.0) if row["method"] in {"visit", "call"} else 0.0
            if customer.chance.random() < likely:
                yield clock.local(row["done_at"]).date() + timedelta(days=customer.chance.randint(1, 5))

    def _sheet(self, customer: Customer, at: datetime, day: date, asked: tuple[str, ...]) -> list[Row]:
        chance = customer.chance
        mood = customer.mood(self.plan, day) + chance.gauss(0, 0.4)
        person = customer.person()
        common = {"customer_id": customer.id, "sheet": f"{chance.getrandbits(48):012x}", "channel": chance.choice(CHANNELS),
                  "contact_id": person["id"] if person else None, "manager_id": customer.row["owner_id"], "answered_at": at, "created_at": at,
                  "product_id": chance.choice(self.catalogue.products).id if asked == SERVICE and chance.random() < 0.5 else None, "comment": None}
        given = {key: _score(key, mood + chance.gauss(0, 0.35)) for key in asked if chance.random() < 0.95}
        asked_by = self.catalogue.questions
        rows = [{"id": self.numbers.id("survey_response"), "question_id": asked_by[key], "score": score, **common} for key, score in given.items()]
        if rows and chance.random() < 0.35:
            kind = "good" if mood > 3.9 else "fair" if mood > 3.2 else "bad"
            rows[0]["comment"] = chance.choice(self.words.words["survey"][kind])
        return rows

    def is_unhappy(self, sheet: list[Row]) -> bool:
        """The rule of `db.actions.surveys`: the lowest two fifths of a scale, the detractors of the recommendation question."""
        limits = {self.catalogue.questions[key]: limit for key, limit in (("csat", 2), ("nps", 6), ("ces", 3), ("service_csat", 2), ("service_ces", 3))}
        return any(row["score"] <= limits[row["question_id"]] for row in sheet)


def _score(key: str, mood: float) -> int:
    """The answer on the question's scale to a mood between 1 and 5."""
    if key == "nps":
        return min(10, max(0, round(2.1 * mood - 0.1)))
    return min(7, max(1, round(1.45 * mood - 0.2))) if key.endswith("ces") else min(5, max(1, round(mood)))
