"""What a customer buys: purchases at a rate of their own until they drop out, and contracts that are renewed or not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain
from random import Random
from typing import Any

from db import clock
from db.completion import Numbers
from seed.catalogue import Catalogue
from seed.customers import YEARLY, Customer
from seed.plan import BUSIEST, Plan, busy_day, is_busy, working_day
from seed.vocabulary import Vocabulary

FIRST_GOODS = (0, 0, 1, 2, 3, 4, 5, 6, 16, 18, 19, 7, 11, 12)
REGULAR_GOODS = (7, 7, 7, 8, 8, 9, 10, 11, 11, 12, 13, 14, 15, 15, 16, 17, 22)
SERVICES = (20, 20, 21, 22, 23, 24)
GOES_WITH = {0: 7, 1: 8, 2: 14, 5: 12, 6: 13, 7: 10, 8: 14, 9: 10, 11: 12, 16: 18, 17: 18, 19: 16}
"""What is bought along with what: beans with a machine, toner with paper, a chair with a desk."""
DEAR = 900
AMOUNTS = {"A": 6, "B": 3, "C": 1}
CHANNELS = {"store": 15, "sales": 28, "phone": 18, "online": 22, "wechat": 14, "partner": 3}
REASONS = {"price": 26, "service": 20, "competitor": 20, "no_need": 16, "quality": 8, "moved": 6, "closed": 4}
YEAR = timedelta(days=365)


class Till:
    """Writes the orders of customers, each with its lines."""

    def __init__(self, plan: Plan, words: Vocabulary, numbers: Numbers, catalogue: Catalogue) -> None:
        self.plan, self.words, self.numbers, self.catalogue = plan, words, numbers, catalogue

    def sell(self, customer: Customer) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """The orders and order lines of a customer; leaves the orders with the customer."""
        lines: list[dict[str, Any]] = []
        if customer.since is None:
            return [], lines
        usual = customer.chance.choices(list(CHANNELS), list(CHANNELS.values()))[0]
        if customer.chance.random() < 0.42 and customer.contacts:
            lines += chain.from_iterable(self._contracts(customer, customer.since))
        for number, day in enumerate(self._purchase_days(customer, customer.since)):
            lines += self._purchase(customer, day, usual, FIRST_GOODS if number == 0 else REGULAR_GOODS)
        return customer.orders, lines

    def _purchase_days(self, customer: Customer, since: date) -> Iterator[date]:
        """Exponential gaps at a rate drawn from a gamma distribution; after each purchase some never come back (beta)."""
        chance = customer.chance
        rate = chance.gammavariate(1.3, YEARLY[customer.tier or "C"] / 1.3) * BUSIEST / 0.85 / 365
        leaving = chance.betavariate(1.0, 11.0 if customer.liking > 3.6 else 4.0)
        end, day = customer.left_on or self.plan.today, working_day(since)
        if day <= end:
            yield day
        while chance.random() > leaving:
            day += _gap(chance, rate)
            while day <= end and not is_busy(chance, day):
                day += _gap(chance, rate)
            if day > end:
                return
            yield day

    def _purchase(self, customer: Customer, day: date, usual: str, goods: tuple[int, ...]) -> list[dict[str, Any]]:
        chance, times = customer.chance, AMOUNTS[customer.tier or "C"]
        chosen = [chance.choice(goods)]
        if chosen[0] in GOES_WITH and chance.random() < 0.55:
            chosen.append(GOES_WITH[chosen[0]])
        if chance.random() < 0.45:
            chosen.append(chance.choice(REGULAR_GOODS))
        order = self._order(customer, day) | {"kind": "purchase", "channel": usual if chance.random() < 0.75 else chance.choice(list(CHANNELS))}
        order["place"] = chance.choice(self.words.words["place"]) if order["channel"] in {"store", "sales"} else None
        discount = chance.choice((0, 0, 0, 3, 5, 8, 10)) if times > 1 else chance.choice((0, 0, 0, 0, 5))
        lines = [self._line(order, number, _quantity(chance, self.catalogue.products[number].price, times), discount) for number in dict.fromkeys(chosen)]
        return self._finished(customer, order, lines)

    def _contracts(self, customer: Customer, since: date) -> Iterator[list[dict[str, Any]]]:
        """A chain of terms; at each end some customers leave, fewer the longer they stay, more where they are unhappy."""
        chance, day = customer.chance, busy_day(customer.chance, since, 60)
        service, quantity = chance.choice(SERVICES), chance.choice((1, 1, 2, 3)) * min(3, AMOUNTS[customer.tier or "C"])
        restless = chance.betavariate(1.2, 4.0) * (1.8 if customer.liking < 3.7 else 1.0)
        months = chance.choices((12, 6, 24), (75, 15, 10))[0]
        while day <= self.plan.today:
            ends_on = _months_later(day, months) - timedelta(days=1)
            ended_on = self._end(chance, day, ends_on) if chance.random() < restless * months / 12 else None
            yield self._contract(customer, day, ends_on, ended_on, (service, quantity, months))
            if ended_on:
                customer.left_on = ended_on
                return
            day = ends_on + timedelta(days=1)
            quantity += chance.random() < 0.15

    def _end(self, chance: Random, day: date, ends_on: date) -> date | None:
        """Most leave at the end of the term, some earlier; nobody knows yet who will leave tomorrow."""
        early = busy_day(chance, day + timedelta(days=45), max(1, (ends_on - day).days - 45))
        ended_on = ends_on if chance.random() < 0.7 else early
        return ended_on if ended_on < self.plan.today else None

    def _contract(self, customer: Customer, day: date, ends_on: date, ended_on: date | None, content: tuple[int, int, int]) -> list[dict[str, Any]]:
        chance, (service, quantity, months) = customer.chance, content
        signed = max(customer.since or day, day - timedelta(days=chance.randint(0, 20)))
        order = self._order(customer, signed) | {
            "kind": "contract", "channel": "sales", "place": None, "starts_on": day, "ends_on": ends_on, "ended_on": ended_on,
            "end_reason": chance.choices(list(REASONS), list(REASONS.values()))[0] if ended_on else None, "signatory": customer.contacts[0]["name"],
            "terms": chance.choice(self.words.words["catalogue"]["terms"]), "monthly_amount": self.catalogue.products[service].price * quantity}
        return self._finished(customer, order, [self._line(order, service, quantity * months, 0)])

    def _order(self, customer: Customer, day: date) -> dict[str, Any]:
        written = min(clock.at(day) + timedelta(minutes=customer.chance.randint(540, 1080)), self.plan.now)
        return {"id": self.numbers.id("order"), "code": self.numbers.code("order"), "customer_id": customer.id, "ordered_on": day, "created_at": written,
                "created_by_id": customer.row["owner_id"], "starts_on": None, "ends_on": None, "ended_on": None, "end_reason": None,
                "monthly_amount": None, "terms": None, "signatory": None}

    def _line(self, order: dict[str, Any], number: int, quantity: int, discount: int) -> dict[str, Any]:
        product = self.catalogue.products[number]
        of_order = {"order_id": order["id"], **{key: order[key] for key in ("customer_id", "created_at", "created_by_id")}}
        return {"id": self.numbers.id("order_line"), "product_id": product.id, "quantity": quantity, "price": product.price, "discount": discount,
                "cost": product.cost, **of_order}

    def _finished(self, customer: Customer, order: dict[str, Any], lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
        cents = sum(line["quantity"] * line["price"] * (100 - line["discount"]) for line in lines)
        order["amount"] = Decimal(cents) / 100
        customer.orders.append(order)
        return lines


def _quantity(chance: Random, price: int, times: int) -> int:
    return chance.randint(1, max(1, times // 2)) if price > DEAR else chance.randint(1, 4) * times


def _months_later(day: date, months: int) -> date:
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, min(day.day, 28))


def _gap(chance: Random, rate: float) -> timedelta:
    """Days to the next purchase; a rate close to none would lead beyond the calendar."""
    return timedelta(days=min(36_500, max(1, round(chance.expovariate(rate)))))
