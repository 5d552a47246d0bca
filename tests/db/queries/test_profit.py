"""Gross profit and margin, worked out by hand."""

from __future__ import annotations

from datetime import date

import pytest

from db.engine import reading
from db.models import Product
from db.models.order import OrderLine
from db.policy import SYSTEM
from db.queries.filters import Filters
from db.queries.kpis import measure
from db.queries.periods import month
from db.queries.profit import profit_by
from tests.db.queries import company

DAY, MAY = date(2024, 5, 31), month(date(2024, 5, 1))


@pytest.fixture
def sold(acme):
    """In May: 3 teas at 20 less 10 %, cost 12 each; 2.5 coffees at 8, cost 9 each; one tea whose cost nobody knows. In June: more tea."""
    tea, coffee = company.add(Product(code="T", name="Tea"), Product(code="K", name="Coffee"))
    anna = company.customer(acme.amy, tier="A")
    may, june = company.add(company.purchase(anna, "2024-05-03", place="North"), company.purchase(anna, "2024-06-01", place="North"))
    company.add(OrderLine(customer_id=anna, order_id=may, product_id=tea, quantity=3, price=20, discount=10, cost=12),
                OrderLine(customer_id=anna, order_id=may, product_id=coffee, quantity=2.5, price=8, cost=9),
                OrderLine(customer_id=anna, order_id=may, product_id=tea, quantity=1, price=20),
                OrderLine(customer_id=anna, order_id=june, product_id=tea, quantity=1, price=20, cost=12))
    return {"tea": tea, "coffee": coffee}


def test_profit_is_revenue_less_cost_and_lines_without_a_cost_are_left_out(sold):
    with reading(SYSTEM) as session:
        profit, margin = measure(session, "gross_profit", DAY, MAY), measure(session, "margin", DAY, MAY)
    assert (profit.value, profit.n, profit.left_out) == (pytest.approx(54 - 36 + 20 - 22.5), 2, 1)
    assert (margin.value, margin.numerator, margin.denominator) == (pytest.approx(15.5 / 74), pytest.approx(15.5), 74)


def test_profit_of_one_product_counts_its_lines_alone_and_may_be_a_loss(sold):
    with reading(SYSTEM) as session:
        assert measure(session, "gross_profit", DAY, MAY, Filters(product_id=sold["coffee"])).value == pytest.approx(-2.5)
        by_product, by_place = profit_by(session, DAY, MAY, "product"), profit_by(session, DAY, MAY, "place")
    assert by_product[["label", "lines", "profit"]].to_dict("records") == [{"label": "Tea", "lines": 1, "profit": 18.0}, {"label": "Coffee", "lines": 1, "profit": -2.5}]
    assert by_place[["label", "revenue", "cost"]].to_dict("records") == [{"label": "North", "revenue": 74.0, "cost": 58.5}]


def test_without_sales_there_is_no_profit_and_no_margin(acme):
    with reading(SYSTEM) as session:
        assert measure(session, "gross_profit", DAY, MAY).value is None
        assert measure(session, "margin", DAY, MAY).value is None
