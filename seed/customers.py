"""One customer: who they are, who looks after them, whom one talks to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate
from random import Random
from typing import Any

from db import clock
from db.completion import Numbers
from db.defaults import OPTIONS
from seed.plan import Plan, busy_day
from seed.staff import REGIONS, SIDES, Manager
from seed.vocabulary import Vocabulary

ROLES = ("decider", "buyer", "user", "influencer", "gatekeeper")
INDUSTRIES = tuple(key for key, *_ in OPTIONS["industry"])
SOURCES = tuple(key for key, *_ in OPTIONS["source"])
GRADES = tuple(key for key, *_ in OPTIONS["credit_grade"])
YEARLY = {"A": 7.6, "B": 4.6, "C": 3.0}
"""Purchases a year of a customer of the tier, before some drop out."""


@dataclass
class Customer:
    """What the rest of the story needs to know; `row` is the record."""

    id: int
    chance: Random
    manager: Manager | None
    first_seen: date
    since: date | None
    tier: str | None
    liking: float
    """How satisfied, on the scale 1 to 5."""
    row: dict[str, Any] = field(default_factory=dict)
    contacts: list[dict[str, Any]] = field(default_factory=list)
    orders: list[dict[str, Any]] = field(default_factory=list)
    left_on: date | None = None
    """When a contract customer gave up."""

    def mood(self, plan: Plan, day: date) -> float:
        trend = self.manager.trend if self.manager else 0.0
        return self.liking + trend * ((day - plan.today).days / 365 + 1)

    def person(self) -> dict[str, Any] | None:
        return self.chance.choice(self.contacts) if self.contacts else None


class Registry:
    """Makes customers, one after the other."""

    def __init__(self, plan: Plan, words: Vocabulary, numbers: Numbers, managers: list[Manager]) -> None:
        self.plan, self.words, self.numbers, self.managers = plan, words, numbers, managers
        self._shares = list(accumulate(manager.share for manager in managers))
        self._birthdays_near = min(0.1, 25 / plan.customers)

    def customer(self, number: int) -> Customer:
        chance = self.plan.chance("customer", number)
        manager = chance.choices(self.managers, cum_weights=self._shares)[0]
        stage, since = chance.random(), None
        span = 100 if stage < 0.06 else self.plan.days - 10
        first_seen = busy_day(chance, self.plan.today - timedelta(days=span), span)
        if stage > 0.15:
            since = first_seen + timedelta(days=chance.randint(3, 70))
        bought = since is not None and since < self.plan.today
        tier = chance.choices("ABC", (15, 30, 55))[0] if bought else chance.choice(("B", "C", None))
        unclaimed = not bought and chance.random() < 0.12
        liking = chance.gauss(4.1 + manager.skill, 0.5)
        made = Customer(self.numbers.id("customer"), chance, None if unclaimed else manager, first_seen, since if bought else None, tier, liking)
        self._describe(made)
        return made

    def _describe(self, customer: Customer) -> None:
        chance, company = customer.chance, customer.chance.random() < 0.82
        region = chance.choice(REGIONS[customer.manager.side if customer.manager else chance.choice(SIDES)])
        city = chance.choice(self.words.cities[region])
        code = self.numbers.code("customer")
        customer.row = {
            "id": customer.id, "code": code, "kind": "company" if company else "person", "tier": customer.tier, "region": region, "city": city,
            "owner_id": customer.manager.id if customer.manager else None, "created_by_id": customer.manager.id if customer.manager else None,
            "created_at": clock.at(customer.first_seen) + timedelta(minutes=chance.randint(510, 660)), "customer_since": customer.since,
            "source": chance.choice(SOURCES), "status": "prospect", "phone": _phone(chance, "21 5550"), "website": None,
            "notes": chance.choice(self.words.words["more"]["remark"]) if chance.random() < 0.15 else None,
            "cadence_days": 14 if customer.tier == "A" and chance.random() < 0.08 else None, **self._worth(customer), **self._consent(customer),
            **self._address(chance), "custom": self._own_fields(chance, company),
        }
        customer.row |= self._company(customer, city, code) if company else self._person(customer)

    def _worth(self, customer: Customer) -> dict[str, Any]:
        chance = customer.chance
        yearly = YEARLY.get(customer.tier or "C", 3.0) * {"A": 9000, "B": 3600}.get(customer.tier or "", 1500)
        return {"potential_value": round(yearly * chance.lognormvariate(0.3, 0.5) / 100) * 100 if chance.random() < 0.8 else None,
                "risk": chance.choices(("low", "medium", "high"), (60, 28, 12))[0] if chance.random() < 0.8 else None,
                "credit_grade": chance.choices(GRADES, (8, 20, 42, 22, 8))[0] if customer.since and chance.random() < 0.7 else None}

    def _consent(self, customer: Customer) -> dict[str, Any]:
        basis = "contract" if customer.since else customer.chance.choice(("consent", "interest", "none"))
        given = customer.first_seen if basis == "consent" else None
        return {"consent_basis": basis, "consent_on": given, "consent_withdrawn_on": None}

    def _address(self, chance: Random) -> dict[str, Any]:
        parts = self.words.words["person"]
        return {"address": parts["address"].format(n=chance.randint(1, 260), street=chance.choice(parts["street"])) if chance.random() < 0.8 else None}

    def _own_fields(self, chance: Random, company: bool) -> dict[str, Any]:
        day = {"delivery_day": chance.choice(("monday", "wednesday", "friday"))} if chance.random() < 0.4 else {}
        return {**day, "employees": int(chance.lognormvariate(3.3, 1.0)) + 2} if company and chance.random() < 0.6 else day

    def _company(self, customer: Customer, city: str, code: str) -> dict[str, Any]:
        chance, domain = customer.chance, f"{code.lower()}.example.com"
        industry = chance.choice(INDUSTRIES)
        customer.contacts = [self._contact(customer, domain, number) for number in range(chance.choices((1, 2, 3), (50, 35, 15))[0])]
        return {"name": self.words.company(chance, city, industry), "industry": industry, "email": f"office@{domain}", "website": f"https://www.{domain}",
                "mobile": None, "im": None, "gender": None, "birthday": None, "occupation": None, "preferences": None}

    def _contact(self, customer: Customer, domain: str, number: int) -> dict[str, Any]:
        chance = customer.chance
        name, latin = self.words.person(chance)
        return {"id": self.numbers.id("contact"), "customer_id": customer.id, "name": name, "position": chance.choice(self.words.words["person"]["position"]),
                "decision_role": chance.choice(ROLES[:2]) if number == 0 else chance.choice(ROLES[2:]), "phone": _phone(chance, "138 0000"),
                "email": f"{latin}@{domain}", "im": f"{latin}_{chance.randint(10, 99)}" if chance.random() < 0.5 else None,
                "birthday": self._birthday(chance) if chance.random() < 0.3 else None, "created_at": customer.row["created_at"],
                "created_by_id": customer.row["owner_id"]}

    def _person(self, customer: Customer) -> dict[str, Any]:
        chance, parts = customer.chance, self.words.words["person"]
        name, latin = self.words.person(chance)
        return {"name": name, "industry": None, "email": f"{latin}{chance.randint(1, 99)}@example.com", "mobile": _phone(chance, "139 0000"),
                "im": latin.replace(".", "_") if chance.random() < 0.7 else None, "gender": chance.choice(("female", "male", None)),
                "birthday": self._birthday(chance) if chance.random() < 0.8 else None, "occupation": chance.choice(parts["occupation"]),
                "preferences": chance.choice(parts["likes"]) if chance.random() < 0.6 else None}

    def _birthday(self, chance: Random) -> date:
        """Some lie in the coming week, so that there is somebody to congratulate."""
        today = self.plan.today
        day = today + timedelta(days=chance.randint(0, 7) if chance.random() < self._birthdays_near else chance.randint(8, 364))
        return day.replace(year=day.year - chance.randint(22, 68), day=28 if (day.month, day.day) == (2, 29) else day.day)


def _phone(chance: Random, block: str) -> str:
    return f"+86 {block} {chance.randint(0, 9999):04d}"
