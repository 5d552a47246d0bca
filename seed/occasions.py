"""When one has reason to talk to a customer: getting to know, offers, deliveries, complaints, renewals, and the regular rhythm between."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from seed.customers import Customer
from seed.plan import Plan

GAPS = {"A": 31, "B": 58, "C": 90}
"""Usual days between two contacts; a little longer where the tier is not known."""
QUIET_AFTER = 240
"""Days after the last purchase from which one calls less often."""
NEIGHBOURS = 9
LATELY = 25
"""So many contacts more fall on yesterday and today, that a visitor finds some life, however small the company."""

Occasion = tuple[date, str]


def occasions(plan: Plan, customer: Customer) -> list[Occasion]:
    """The days and scenes in order, up to today."""
    found = [*_getting_to_know(plan, customer), *_deliveries(customer), *_renewals(customer), *_complaints(plan, customer)]
    found += [*_birthdays(plan, customer), *_lately(plan, customer)]
    found += list(_regular(plan, customer, {day for day, _ in found}))
    return sorted(item for item in found if customer.first_seen <= item[0] <= plan.today)


def _getting_to_know(plan: Plan, customer: Customer) -> Iterator[Occasion]:
    chance, until = customer.chance, customer.since or plan.today
    if customer.manager is None or (customer.since is None and chance.random() < 0.25):
        return
    yield customer.first_seen, "intro"
    day = customer.first_seen
    for _ in range(chance.randint(1, 4)):
        day += timedelta(days=chance.randint(4, 21))
        if day >= until:
            return
        yield day, "prospect"


def _deliveries(customer: Customer) -> Iterator[Occasion]:
    for order in customer.orders:
        if order["kind"] == "purchase" and customer.chance.random() < 0.32:
            yield order["ordered_on"] + timedelta(days=customer.chance.randint(3, 9)), "delivery"


def _renewals(customer: Customer) -> Iterator[Occasion]:
    for order in customer.orders:
        if order["kind"] == "contract" and customer.chance.random() < 0.85:
            yield (order["ended_on"] or order["ends_on"]) - timedelta(days=customer.chance.randint(10, 45)), "renewal"


def _complaints(plan: Plan, customer: Customer) -> Iterator[Occasion]:
    """The less a customer likes us the more often; some come after a delivery, most just so."""
    if customer.since is None:
        return
    yearly = 0.1 + max(0.0, 4.1 - customer.liking) * 0.4
    day = customer.since + timedelta(days=int(customer.chance.expovariate(yearly / 365)))
    while day <= min(plan.today, customer.left_on or plan.today):
        yield day, "complaint"
        day += timedelta(days=20 + int(customer.chance.expovariate(yearly / 365)))


def _birthdays(plan: Plan, customer: Customer) -> Iterator[Occasion]:
    birthday = customer.row["birthday"]
    if birthday is None or customer.since is None:
        return
    for year in range(customer.since.year, plan.today.year + 1):
        if customer.chance.random() < 0.35:
            yield birthday.replace(year=year), "birthday"


def _lately(plan: Plan, customer: Customer) -> Iterator[Occasion]:
    if customer.since and customer.manager and not customer.left_on and customer.chance.random() < min(0.07, LATELY / plan.customers):
        yield plan.today - timedelta(days=customer.chance.randint(0, 1)), "care"


def _regular(plan: Plan, customer: Customer, busy: set[date]) -> Iterator[Occasion]:
    """In the rhythm of the tier and of the manager, but not beside another occasion; some customers are forgotten at some time."""
    chance = customer.chance
    if customer.since is None or customer.manager is None:
        return
    pace = GAPS[customer.tier or "C"] * customer.manager.pace
    day, end = customer.since + _gap(chance, pace), _forgotten(plan, customer)
    quiet = _last_purchase(customer) + timedelta(days=QUIET_AFTER)
    while day <= end:
        if not any(day + timedelta(days=shift) in busy for shift in range(-NEIGHBOURS, NEIGHBOURS + 1)):
            yield day, "care"
        day += _gap(chance, pace * (2.2 if day > quiet else 1.0))


def _gap(chance: Random, pace: float) -> timedelta:
    return timedelta(days=max(2, round(pace * chance.lognormvariate(-0.12, 0.33))))


def _forgotten(plan: Plan, customer: Customer) -> date:
    end = min(plan.today, (customer.left_on or plan.today) + timedelta(days=30))
    return end - timedelta(days=customer.chance.randint(60, 300)) if customer.chance.random() < 0.1 else end


def _last_purchase(customer: Customer) -> date:
    return max((order["ordered_on"] for order in customer.orders), default=customer.first_seen)
