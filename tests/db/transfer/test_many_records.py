"""Generated records go out and come back equal: a thousand in every run, ten thousand with REGULARS_TEST_RECORDS=10000."""

from __future__ import annotations

import csv
import io
import os
import random
from datetime import UTC, date, datetime, timedelta

import pytest

from db import bulk, clock
from db.engine import transaction
from db.models import CustomField
from db.policy import SYSTEM
from tests.db.transfer.steps import bring_in, exported, with_options
from tests.db.transfer.test_round_trip import NASTY, ORDER, elsewhere  # noqa: F401  the fixture

COUNT = int(os.environ.get("REGULARS_TEST_RECORDS") or 1000)
SHARES = {"customer": 30, "contact": 25, "follow_up": 25, "order": 10, "order_line": 10}
"""Of a hundred records."""
LETTERS = "abc xyz ÄÖß 海源家电，；、“”'\"=+-@\t;,|\\/&<>%🙂 0123456789"


class Maker:
    """Records of every field, from one seed."""

    def __init__(self, owners: list[int]) -> None:
        self.chance, self.owners = random.Random(2026), owners

    def text(self, longest: int = 30) -> str:
        made = "".join(self.chance.choices(LETTERS, k=self.chance.randint(1, longest)))
        return " ".join((self.chance.choice(NASTY) if self.chance.random() < 0.1 else f"n{made}").split())

    def maybe(self, value: object) -> object:
        return value if self.chance.random() < 0.7 else None

    def day(self) -> date:
        return date(2015, 1, 1) + timedelta(days=self.chance.randrange(4000))

    def moment(self) -> datetime:
        return datetime(2015, 1, 1, tzinfo=UTC) + timedelta(seconds=self.chance.randrange(300_000_000), microseconds=self.chance.randrange(1_000_000))

    def amount(self) -> str:
        return f"{self.chance.randrange(10_000_000) / 100:.2f}"

    def pick(self, *values: object) -> object:
        return self.chance.choice(values)

    def customer(self, id_: int) -> dict[str, object]:
        return {
            "id": id_, "code": f"K-{id_}", "name": self.text(), "kind": self.pick("company", "person"), "status": self.pick("lead", "active", "lost"),
            "tier": self.pick("A", "B", "C", None), "owner_id": self.pick(*self.owners, None), "industry": self.maybe("retail"), "city": self.maybe(self.text()),
            "phone": self.maybe(f"+86 139 {self.chance.randrange(10**8):08d}"), "email": self.maybe(f"a{id_}@example.com"), "birthday": self.maybe(self.day()),
            "potential_value": self.maybe(self.amount()), "customer_since": self.maybe(self.day()), "notes": self.maybe(f"{self.text()}\n{self.text(300)}"),
            "custom": {"shoe": self.chance.randrange(60), "vip": self.pick(True, False)},
        }

    def contact(self, customer: int) -> dict[str, object]:
        return {"customer_id": customer, "name": f"Person {self.chance.random()}", "position": self.maybe(self.text()), "notes": self.maybe(self.text(200))}

    def follow_up(self, customer: int) -> dict[str, object]:
        done = self.pick(True, False)
        return {
            "customer_id": customer, "subject": self.text(), "content": self.maybe(self.text(300)), "owner_id": self.pick(*self.owners), "created_at": self.moment(),
            "created_by_id": self.pick(*self.owners), "method": self.maybe("call"), "rating": self.maybe(self.chance.randint(1, 5)), "recovery": self.pick(True, False),
            **({"status": "done", "done_at": self.moment()} if done else {"status": "planned", "due_on": self.day()}),
        }

    def order(self, id_: int, customer: int) -> dict[str, object]:
        return {"id": id_, "code": f"O-{id_}", "customer_id": customer, "ordered_on": self.day(), "amount": self.amount(), "place": self.maybe(self.text())}

    def line(self, order: int, customer: int) -> dict[str, object]:
        return {"order_id": order, "customer_id": customer, "product_id": 1, "quantity": "2.25", "price": self.amount(), "discount": "7.5"}


def fill(acme, count: int) -> None:
    maker, counts = Maker([acme.amy.id, acme.bo.id, acme.mia.id]), {noun: count * share // 100 for noun, share in SHARES.items()}
    customers = [maker.customer(id_) for id_ in range(1, counts["customer"] + 1)]
    some = [maker.chance.randint(1, len(customers)) for _ in range(count)]
    orders = [maker.order(id_, customer) for id_, customer in enumerate(some[: counts["order"]], 1)]
    lines = [maker.line(order["id"], order["customer_id"]) for order in orders for _ in range(counts["order_line"] // counts["order"])]
    with transaction(acme.ada, "fill") as session:
        session.add_all([CustomField(key="shoe", name_en="Shoe size", name_zh="鞋码", kind="integer"), CustomField(key="vip", name_en="VIP", kind="boolean")])
    with transaction(acme.ada, "fill") as session:
        bulk.load(session, {
            "product": [{"id": 1, "code": "G1", "name": "Tea"}], "customer": customers, "contact": [maker.contact(id_) for id_ in some[: counts["contact"]]],
            "follow_up": [maker.follow_up(id_) for id_ in some[: counts["follow_up"]]], "order": orders, "order_line": lines,
        }.items())


@pytest.mark.parametrize(("kind", "count"), [("csv", COUNT), ("xlsx", COUNT // 4)])
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_generated_records_come_back_equal_into_an_empty_house(acme, elsewhere, kind, count):  # noqa: F811
    with_options()
    fill(acme, count)
    here = {noun: exported(acme.ada, noun) for noun in ORDER}
    files = {noun: exported(acme.ada, noun, kind) for noun in ORDER}
    assert sum(len(rows(content)) for content in here.values()) >= count
    elsewhere()
    clock.use_zone("Asia/Shanghai")
    for noun in ORDER:
        if rows(here[noun]):
            result = bring_in(SYSTEM, noun, files[noun], f"{noun}.{kind}")
            assert (result.created, result.refused) == (len(rows(here[noun])), 0), noun
    for noun in ORDER:
        assert rows(exported(SYSTEM, noun)) == rows(here[noun]), noun


def rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))[1:]
