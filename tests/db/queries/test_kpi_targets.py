"""What a figure should reach: the organisation's own target, else the customary one; and the plan of the managers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from db.actions.kpi_targets import set_target
from db.engine import reading, transaction
from db.errors import Forbidden, Gone, Unavailable
from db.models import OrderLine, Product, Target
from db.queries import dashboard
from db.queries.kpi_groups import by_group, cuts
from db.queries.kpi_targets import planned, target_of
from db.queries.kpis import KPIS
from db.queries.periods import month
from db.transfer.behind import export_rows
from tests.db.queries import company

DAY = date(2024, 3, 29)
"""The last working day of the month."""


def test_an_own_target_takes_the_place_of_the_customary_one_until_it_is_emptied(acme):
    with transaction(acme.ada, "kpi_target.update") as session:
        set_target(session, "csat_top_two", 85)
    with reading(acme.vic) as session:
        assert target_of(session, KPIS["csat_top_two"]) == pytest.approx(0.85)
        assert target_of(session, KPIS["nps"]) == 0
    with transaction(acme.ada, "kpi_target.update") as session:
        set_target(session, "csat_top_two", None)
    with reading(acme.vic) as session:
        assert target_of(session, KPIS["csat_top_two"]) == 0.8
    with transaction(acme.ada, "kpi_target.update") as session:
        set_target(session, "csat_top_two", 70)
    with reading(acme.vic) as session:
        assert target_of(session, KPIS["csat_top_two"]) == pytest.approx(0.7)


def test_targets_are_set_by_those_who_may(acme):
    with pytest.raises(Forbidden), transaction(acme.amy, "kpi_target.update") as session:
        set_target(session, "nps", 20)
    with pytest.raises(Gone), transaction(acme.ada, "kpi_target.update") as session:
        set_target(session, "no_such_figure", 20)


def test_sales_are_planned_by_the_targets_of_the_managers(acme):
    company.add(*(Target(user_id=person.id, month=date(2024, 3, 1), measure="sales", value=Decimal(value)) for person, value in ((acme.amy, 1000), (acme.cy, 500))))
    customer = company.customer(acme.amy)
    company.add(company.purchase(customer, "2024-03-04", 1200))
    with reading(acme.ada) as session:
        assert planned(session, KPIS["sales"], date(2024, 3, 31), month(DAY)).value == 1500
        card = dashboard.card(session, date(2024, 3, 31), "sales", compare="plan")
        assert (card.figure.value, card.before.value, card.is_good) == (1200, 1500, False)
    with reading(acme.mia) as session:
        assert planned(session, KPIS["sales"], date(2024, 3, 31), month(DAY)).value == 1000
        assert planned(session, KPIS["repeat_purchase_rate"], DAY, month(DAY)).value is None


def test_a_figure_by_product_and_by_channel(acme):
    product, other = company.add(Product(code="P", name="Tea"), Product(code="Q", name="Cups"))
    first, second = company.customer(acme.amy), company.customer(acme.cy)
    orders = (company.purchase(first, "2024-03-04", 30, channel="store"), company.purchase(second, "2024-03-05", 50, channel="online"))
    company.add(*orders)
    company.add(OrderLine(customer_id=first, order_id=orders[0].id, product_id=product, price=30), OrderLine(customer_id=second, order_id=orders[1].id, product_id=other, price=50))
    with reading(acme.ada) as session:
        assert by_group(session, "sales", DAY, "product").set_index("label")["value"].to_dict() == {"Tea": 30, "Cups": 50}
        assert by_group(session, "sales", DAY, "channel").set_index("label")["value"].to_dict() == {"online": 50, "store": 30}
        assert "product" not in cuts(KPIS["follow_ups_done"])
        with pytest.raises(Unavailable):
            by_group(session, "follow_ups_done", DAY, "product")


def test_all_rows_behind_a_figure_go_out_for_those_who_may(acme):
    customers = [company.customer(acme.amy, name=f"=cmd {number}") for number in range(60)]
    company.add(*(company.purchase(id_, "2024-03-04", 5) for id_ in customers))
    with reading(acme.mia) as session:
        lines = export_rows(session, "sales", DAY, month(DAY)).decode("utf-8-sig").splitlines()
        assert len(lines) == 61
        assert lines[1].startswith('"\'=cmd ')
    with reading(acme.amy) as session, pytest.raises(Forbidden):
        export_rows(session, "sales", DAY, month(DAY))
