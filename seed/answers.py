"""Survey sheets: once a year to everybody, and after a service; what an unhappy sheet sets in motion."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from db import clock
from db.bulk import Numbers
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


class Postbox:
    """Fills in the sheets of one customer after the other."""

    def __init__(self, plan: Plan, words: Vocabulary, numbers: Numbers, catalogue: Catalogue) -> None:
        self.plan, self.words, self.numbers, self.catalogue = plan, words, numbers, catalogue

    def sheets(self, customer: Customer, done: list[Row]) -> Iterator[list[Row]]:
        """The answers of one sheet after the other, in order."""
        days = [(day, YEARLY) for day in self._waves(customer)] + [(day, SERVICE) for day in self._after_services(customer, done)]
        for day, asked in sorted(days):
            minutes = time(*divmod(customer.chance.randint(500, 1300), 60))
            at = clock.at(day, minutes)
            if at <= self.plan.now:
                yield self._sheet(customer, at, day, asked)

    def _waves(self, customer: Customer) -> Iterator[date]:
        """Every customer is asked half a year after the first purchase and then once a year; about half of them answer, most within a week."""
        if customer.since is None:
            return
        sent, last = customer.since + timedelta(days=180), customer.left_on or self.plan.today
        while sent <= last:
            if customer.chance.random() < 0.52:
                yield sent + timedelta(days=int(customer.chance.expovariate(1 / 6)))
            sent += timedelta(days=365)

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
