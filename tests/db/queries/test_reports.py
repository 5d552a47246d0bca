"""The standard reports: every total is worked out by hand, with the same period a year before beside it."""

from __future__ import annotations

import csv
import io
import json
from datetime import date

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from db.commands import main
from db.engine import reading
from db.errors import Forbidden
from db.models import OrderLine, Product
from db.queries import reports
from db.queries.filters import EVERYBODY, Filters
from db.queries.periods import Period, calendar_period
from db.queries.turnover import View
from db.transfer.report_file import workbook
from tests.db.queries import company
from tests.db.queries.company import add, contract, purchase
from tests.houses import filled_once

MARCH = Period(date(2026, 3, 1), date(2026, 4, 1))
DAY = date(2026, 3, 18)
THIS_MARCH = View(DAY, MARCH)


@pytest.fixture
@filled_once
def shop(acme):
    """Amy's hotel and mill, Cy's star, somebody's nothing; March 2026 up to the 18th, and the March before."""
    hotel, mill = (company.customer(acme.amy, name=name) for name in ("Hotel", "Mill"))
    star, nobody = company.customer(acme.cy, name="=Star"), company.customer(None, name="Nobody's")
    add(purchase(hotel, "2026-03-05", 1000), purchase(hotel, "2026-03-10", 500), purchase(mill, "2026-03-10", 300), purchase(star, "2026-03-15", 2000),
        purchase(nobody, "2026-03-02", 200), purchase(star, "2026-03-25", 9999),
        purchase(hotel, "2025-03-18", 1200), purchase(hotel, "2025-03-19", 7777), purchase(star, "2025-03-01", 2500), purchase(mill, "2026-02-28", 50))
    return {"hotel": hotel, "mill": mill, "star": star}


def table(actor, key: str, view: View = THIS_MARCH) -> dict[str, dict]:
    with reading(actor) as session:
        found = reports.result(session, key, view)
    rows = found.rows.astype(object).where(found.rows.notna(), None).set_index("label").to_dict("index")
    return {**rows, "TOTAL": found.total}


def picked(rows: dict[str, dict], *keys: str) -> dict[str, tuple]:
    return {label: tuple(row[key] for key in keys) for label, row in rows.items()}


def test_orders_by_person_beside_the_same_days_of_last_year(acme, shop):
    rows = picked(table(acme.ada, "orders_by_person"), "orders", "customers", "amount", "amount_before", "difference", "change")
    assert rows == {"Cy": (1, 1, 2000, 2500, -500, -0.2), "Amy": (3, 2, 1800, 1200, 600, 0.5), "Without owner": (1, 1, 200, 0, 200, None),
                    "TOTAL": (5, 4, 4000, 3700, 300, pytest.approx(300 / 3700))}


def test_orders_by_customer_are_paged_the_largest_first(acme, shop):
    first = table(acme.ada, "orders_by_customer", View(DAY, MARCH, limit=2))
    second = table(acme.ada, "orders_by_customer", View(DAY, MARCH, limit=2, offset=2))
    assert picked(first, "orders", "amount", "share") == {"=Star": (1, 2000, 0.5), "Hotel": (2, 1500, 0.375), "TOTAL": (5, 4000, 1)}
    assert first["Hotel"]["last_order"] in (date(2026, 3, 10), "2026-03-10")
    assert list(second) == ["Mill", "Nobody's", "TOTAL"]
    with reading(acme.ada) as session:
        assert reports.result(session, "orders_by_customer", View(DAY, MARCH, limit=2)).count == 4


def test_sales_run_day_by_day_in_a_month_and_month_by_month_in_a_year(acme, shop):
    days = table(acme.ada, "sales_state")
    assert len(days) == 18 + 1
    assert picked({"2026-03-10": days["2026-03-10"], "2026-03-18": days["2026-03-18"]}, "orders", "amount", "amount_before") == {
        "2026-03-10": (2, 800, 0), "2026-03-18": (0, 0, 1200)}
    year = table(acme.ada, "sales_state", View(DAY, calendar_period(DAY, "year")))
    assert picked(year, "orders", "amount", "amount_before") == {"2026-01": (0, 0, 0), "2026-02": (1, 50, 0), "2026-03": (5, 4000, 3700), "TOTAL": (6, 4050, 3700)}


def test_sales_by_product_add_up_to_the_orders(acme, shop):
    tea, pot = add(Product(name="Tea", code="T", price=10), Product(name="Pot", code="P", price=30))
    order = add(purchase(shop["mill"], "2026-03-12", 100))[0]
    add(OrderLine(order_id=order, customer_id=shop["mill"], product_id=tea, quantity=5, price=10), OrderLine(order_id=order, customer_id=shop["mill"], product_id=pot, quantity=1, price=30))
    rows = picked(table(acme.ada, "sales_summary"), "amount", "amount_before")
    assert rows == {"Tea": (50, 0), "Pot": (30, 0), "Not on product lines": (4020, 3700), "TOTAL": (4100, 3700)}


def test_contracts_signed_in_force_and_ended_by_person(acme):
    one, two = company.customer(acme.amy), company.customer(acme.bo)
    add(contract(one, "2026-03-02", amount=1200), contract(one, "2024-01-01", "2026-03-10"), contract(two, "2025-03-05", amount=600), purchase(two, "2026-03-03", 5))
    rows = picked(table(acme.ada, "contracts_by_person"), "orders", "in_force", "ended", "amount", "amount_before")
    assert rows == {"Amy": (1, 1, 1, 1200, 0), "Bo": (0, 1, 0, 0, 600), "TOTAL": (1, 2, 1, 1200, 600)}


def test_each_role_reads_what_it_may_see(acme, shop):
    totals = {name: table(getattr(acme, name), "orders_by_person")["TOTAL"]["amount"] for name in ("ada", "vic", "mia", "amy", "bo", "cy")}
    assert totals == {"ada": 4000, "vic": 4000, "mia": 2000, "amy": 1800, "bo": 0, "cy": 2000}
    assert table(acme.ada, "orders_by_person", View(DAY, MARCH, Filters(owner_id=acme.amy.id)))["TOTAL"]["amount"] == 1800


@pytest.mark.parametrize("key", list(reports.REPORTS))
def test_a_report_of_an_empty_house_is_empty(acme, key):
    rows = table(acme.ada, key, View(DAY, Period(date(2026, 3, 18), date(2026, 3, 19))))
    assert {value for row in rows.values() for name, value in row.items() if name in ("amount", "orders", "amount_before")} == {0}


def test_the_workbook_says_what_it_is_and_runs_nothing(acme, shop):
    with reading(acme.mia) as session:
        content = workbook(session, "orders_by_person", View(DAY, MARCH, Filters(owner_id=acme.amy.id)))
    sheet = load_workbook(io.BytesIO(content)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][0] == "Orders by person"
    head = {row[0]: row[1] for row in rows[1:6]}
    assert head["Organisation"] == "Acme"
    assert head["Period"] == "2026-03-01 – 2026-03-18 (to date)"
    assert head["Compared with"] == "2025-03-01 – 2025-03-18"
    assert head["Filter"] == "Account manager: Amy"
    heading = next(number for number, row in enumerate(rows) if row[0] == "Account manager")
    amount = rows[heading].index("Amount, CNY")
    assert rows[heading + 1][amount] == 1800
    assert sheet.cell(heading + 2, amount + 1).number_format == "#,##0.00"
    assert sheet.cell(heading + 2, rows[heading].index("Change") + 1).number_format == "+0.0%;-0.0%;0.0%"
    with reading(acme.ada) as session:
        star = load_workbook(io.BytesIO(workbook(session, "orders_by_customer", View(DAY, MARCH)))).active
    assert {cell.data_type for row in star.iter_rows() for cell in row if cell.value == "=Star"} == {"s"}


@pytest.mark.parametrize("name", ["amy", "vic", "gil"])
def test_who_may_not_export_gets_no_workbook(acme, name):
    with reading(getattr(acme, name)) as session, pytest.raises(Forbidden):
        workbook(session, "orders_by_person", View(DAY, MARCH))


def test_the_command_prints_the_same_figures(acme, shop, monkeypatch):
    monkeypatch.setenv("LC_ALL", "C.UTF-8")

    def said(*arguments: str) -> str:
        return CliRunner().invoke(main, ["report", *arguments]).output

    assert [row["key"] for row in json.loads(said("--list", "--json"))] == list(reports.REPORTS)
    period = ("--from", "2026-03-01", "--to", "2026-03-18")
    found = {row["label"]: (row["amount"], row["amount_before"]) for row in json.loads(said("orders_by_person", *period, "--json"))}
    assert found == {"Cy": (2000, 2500), "Amy": (1800, 1200), "Without owner": (200, 0)}
    assert [row["label"] for row in csv.DictReader(io.StringIO(said("orders_by_customer", *period, "--csv")))] == ["=Star", "Hotel", "Mill", "Nobody's"]
    assert "There is no report x" in said("x")


def test_no_filter_is_no_word(acme):
    with reading(acme.ada) as session:
        assert reports.filter_words(session, EVERYBODY) == []
