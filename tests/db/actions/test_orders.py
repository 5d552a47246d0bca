from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from db import history, records
from db.actions import merging, orders
from db.engine import reading, transaction
from db.errors import CrmError, Invalid
from db.models import Customer, Order, Product
from db.policy import SYSTEM
from tests.db.queries import company
from tests.db.queries.company import add, purchase


@pytest.mark.parametrize(("quantity", "price", "discount", "amount"), [
    ("2", "19.90", "0", "39.80"), ("1", "100", "12.5", "87.50"), ("3", "0.05", "10", "0.14"), ("1", "0.05", "10", "0.05"), ("-1", "10", "0", "-10.00"), ("1", "99", "100", "0.00"),
])
def test_a_line_comes_to_quantity_times_price_less_discount_to_the_cent(quantity, price, discount, amount):
    assert orders.line_amount(Decimal(quantity), Decimal(price), Decimal(discount)) == Decimal(amount)


@pytest.fixture
def order(acme) -> int:
    return add(purchase(company.customer(acme.amy), "2026-03-02", 10))[0]


@pytest.fixture
def tea(acme) -> int:
    return add(Product(code="G-1", name="Green tea", price=Decimal("19.90")))[0]


def days_of(customer: int) -> tuple[date | None, date | None]:
    with reading(SYSTEM) as session:
        [found] = session.execute(select(Customer.first_purchase_on, Customer.second_purchase_on).where(Customer.id == customer), execution_options={"with_deleted": True})
    return tuple(found)


def test_a_customer_s_first_two_purchase_days_follow_every_order(acme):
    customer, other = company.customer(acme.amy), company.customer(acme.amy)
    _, _, may, march = add(*(purchase(customer, f"2026-{day}") for day in ("06-01", "06-01", "05-01", "03-01")))
    add(company.contract(customer, "2026-01-01"))
    assert days_of(customer) == (date(2026, 3, 1), date(2026, 5, 1)), "a contract is no purchase"
    with transaction(acme.amy, "order.update") as session:
        records.update(session, "order", march, {"ordered_on": date(2026, 7, 1)})
    assert days_of(customer) == (date(2026, 5, 1), date(2026, 6, 1))
    with transaction(acme.mia, "order.delete") as session:
        records.delete(session, "order", may)
    assert days_of(customer) == (date(2026, 6, 1), date(2026, 7, 1)), "two receipts on one day are one purchase"
    history.undo(acme.mia, session.info["change_id"])
    assert days_of(customer) == (date(2026, 5, 1), date(2026, 6, 1))
    with transaction(acme.mia, "customer.merge") as session:
        merging.merge(session, other, customer, {})
    assert (days_of(other), days_of(customer)) == ((date(2026, 5, 1), date(2026, 6, 1)), (None, None))
    with transaction(acme.mia, "customer.delete") as session:
        records.delete(session, "customer", other)
    assert days_of(other) == (date(2026, 5, 1), date(2026, 6, 1)), "what went to the recycle bin with the customer stays in the past"


def line(actor, order_id: int, **values) -> tuple[int, int]:
    with transaction(actor, "order_line.create") as session:
        id_ = orders.add_line(session, {"order_id": order_id, **values}).id
    return id_, session.info["change_id"]


def amount(actor, order_id: int) -> Decimal:
    with reading(actor) as session:
        return session.get_one(Order, order_id).amount


def test_the_amount_follows_the_lines(acme, order, tea):
    first, _ = line(acme.amy, order, product_id=tea, quantity=2)
    assert amount(acme.amy, order) == Decimal("39.80")
    second, _ = line(acme.amy, order, product_id=tea, price="5", discount="50")
    assert amount(acme.amy, order) == Decimal("42.30")
    with transaction(acme.amy, "order_line.update") as session:
        orders.update_line(session, first, {"quantity": 1})
    assert amount(acme.amy, order) == Decimal("22.40")
    with transaction(acme.amy, "order_line.delete") as session:
        orders.delete_line(session, second)
    assert amount(acme.amy, order) == Decimal("19.90")


def test_undo_takes_the_line_and_its_part_of_the_amount_back(acme, order, tea):
    _, change = line(acme.amy, order, product_id=tea, quantity=2)
    history.undo(acme.amy, change)
    assert amount(acme.amy, order) == 10
    with reading(acme.amy) as session:
        assert orders.lines_of(session, order) == []


def test_an_order_with_lines_has_no_other_amount(acme, order, tea):
    line(acme.amy, order, product_id=tea)
    with pytest.raises(Invalid, match="sum of the lines"), transaction(acme.amy, "order.update") as session:
        orders.update(session, order, {"amount": 5})
    with transaction(acme.amy, "order.update") as session:
        orders.update(session, order, {"place": "Hangzhou"})
    assert amount(acme.amy, order) == Decimal("19.90")


def test_an_order_without_lines_has_the_amount_that_was_typed(acme, order):
    with transaction(acme.amy, "order.update") as session:
        orders.update(session, order, {"amount": 5})
    assert amount(acme.amy, order) == 5


def test_a_product_without_a_price_needs_one(acme, order):
    cups = add(Product(code="G-2", name="Cups"))[0]
    with pytest.raises(Invalid) as refused:
        line(acme.amy, order, product_id=cups)
    assert set(refused.value.problems) == {"price"}


@pytest.mark.parametrize("name", ["cy", "sol", "vic", "gil"])
def test_nobody_else_adds_a_line(acme, order, tea, name):
    with pytest.raises(CrmError):
        line(getattr(acme, name), order, product_id=tea)
    assert amount(acme.amy, order) == 10


def test_a_line_belongs_to_its_order_s_customer_whatever_was_sent(acme, order, tea):
    other = company.customer(acme.amy)
    id_, _ = line(acme.amy, order, product_id=tea, customer_id=other)
    with reading(acme.amy) as session:
        made = records.get(session, "order_line", id_)
        assert made.customer_id == session.get_one(Order, order).customer_id
