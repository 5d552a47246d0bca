"""What is still to do: next steps, some of them late, some for today."""

from __future__ import annotations

from datetime import date, time, timedelta
from random import Random
from typing import Any

from db import clock
from db.completion import Numbers
from seed.customers import Customer
from seed.plan import Plan, working_day
from seed.vocabulary import Vocabulary

Row = dict[str, Any]
RENEWAL_AHEAD = 60
HOURS = (time(9), time(9, 30), time(10), time(11), time(14), time(15, 30), time(16))
METHODS = {"call": 46, "visit": 26, "wechat": 16, "meeting": 8, "email": 4}


class Agenda:
    """Plans the next step of one customer after the other."""

    def __init__(self, plan: Plan, words: Vocabulary, numbers: Numbers) -> None:
        self.plan, self.words, self.numbers = plan, words, numbers

    def next_step(self, customer: Customer, done: list[Row]) -> list[Row]:
        """At most one next step; none where something is open already or nobody looks after the customer."""
        last = next((row for row in reversed(done) if row["done_at"]), None)
        busy = any(row["done_at"] is None for row in done)
        if customer.manager is None or last is None or busy or customer.left_on or customer.chance.random() < 0.42:
            return []
        noted = clock.local(last["done_at"]).date()
        due = self._due(customer, noted)
        cancelled = customer.chance.random() < 0.03
        return [self._row(customer, last, due) | ({"status": "cancelled"} if cancelled else {})]

    def _due(self, customer: Customer, noted: date) -> date:
        chance, today = customer.chance, self.plan.today
        manager = customer.manager
        if manager and chance.random() < manager.lateness and noted < today - timedelta(days=2):
            return max(noted + timedelta(days=1), today - timedelta(days=1 + int(chance.expovariate(1 / 9))))
        kind = chance.random()
        if kind < 0.12 and noted < today:
            return today
        ahead = chance.randint(1, 7) if kind < 0.5 else chance.randint(8, 45)
        return working_day(today + timedelta(days=ahead))

    def _row(self, customer: Customer, last: Row, due: date) -> Row:
        chance, subjects = customer.chance, self.words.words["subject"]
        method = chance.choices(list(METHODS), list(METHODS.values()))[0]
        ends = [order["ends_on"] for order in customer.orders if order["ends_on"] and not order["ended_on"]]
        renewal = any(timedelta(0) <= end - self.plan.today <= timedelta(days=RENEWAL_AHEAD) for end in ends)
        return {**last, "id": self.numbers.id("follow_up"), "status": "planned", "method": method, "recovery": False,
                "direction": "outbound", "created_at": last["done_at"],
                "subject": chance.choice(subjects["next_renewal" if renewal else "next"]), "due_on": due, "due_time": _hour(chance, method), "done_at": None,
                "duration_minutes": None, "content": None, "outcome": None, "rating": None, "rating_reason": None, "previous_id": last["id"]}


def _hour(chance: Random, method: str) -> time | None:
    return chance.choice(HOURS) if chance.random() < (0.7 if method in {"visit", "meeting"} else 0.25) else None
