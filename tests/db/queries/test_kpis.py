"""What holds for every KPI, whatever it measures."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from db.engine import reading
from db.models import NOUNS, Product
from db.models.order import OrderLine
from db.queries import dashboard
from db.queries.kpi_groups import by_group
from db.queries.kpis import KPIS, by_month, count_rows, measure, measure_each, rows_behind
from db.queries.periods import latest, month
from tests.db.queries import company
from tests.houses import filled_once

DAY = date(2024, 3, 20)
UNITS = {"percent", "points", "number", "money", "index", "nps", "days"}
SHARES = ["csat_top_two", "ces_agreement", "follow_up_top_two", "response_rate", "retention_rate", "churn_rate", "contracts_lost", "repeat_purchase_rate", "active_share", "dormancy_rate"]
WITH_ROWS = [key for key in KPIS if KPIS[key].rows]
COUNTS = ["new_customers", "open_follow_ups", "follow_ups_done", "visits_done"]


@pytest.fixture
@filled_once
def busy(acme):
    """A little of everything, in the hands of Amy and Cy."""
    product = company.add(Product(code="P", name="Tea"))[0]
    asked = {kind: company.question(kind, *scale) for kind, scale in {"csat": (1, 5), "nps": (0, 10), "ces": (1, 7)}.items()}
    sent, _ = company.survey(("csat", 1, 5))
    for owner, scores in ((acme.amy, {"csat": (5, 4), "nps": (10, 9), "ces": (7, 6)}), (acme.cy, {"csat": (2,), "nps": (3,), "ces": (2,)})):
        customer = company.customer(owner, tier="A", customer_since=date(2024, 3, 3))
        company.add(company.invitation(customer, sent, "2024-03-04", "answered", "2024-03-06"), company.invitation(customer, sent, "2024-03-05"))
        for kind, given in scores.items():
            company.answers(customer, asked[kind], given, manager=owner)
        order = company.purchase(customer, "2024-03-04", 50)
        company.add(order, company.purchase(customer, "2023-08-01", 20), company.contract(customer, "2023-01-01", monthly=10),
                    company.planned(customer, "2024-03-19", owner), company.planned(customer, "2024-03-25", owner), company.planned(customer, None, owner),
                    company.done(customer, "2024-03-05T02:00", owner, rating=5, method="visit"), company.done(customer, "2024-03-06T02:00", owner, rating=2))
        company.add(OrderLine(customer_id=customer, order_id=order.id, product_id=product, price=50))
    gone = company.customer(acme.cy)
    company.add(company.contract(gone, "2023-02-01", "2024-03-10", monthly=30), company.purchase(gone, "2023-08-20", 5))
    return acme


@pytest.mark.parametrize("key", KPIS)
def test_a_declaration_is_complete(key):
    kpi = KPIS[key]
    assert kpi.key == key
    assert kpi.unit in UNITS
    assert kpi.better in {"up", "down", ""}
    assert set(kpi.nouns) <= NOUNS.keys()
    assert all((kpi.label, kpi.question.endswith("?"), kpi.formula, kpi.source, kpi.theme))


def test_an_empty_company_has_no_rates_and_counts_of_zero(acme):
    with reading(acme.ada) as session:
        figures = {key: measure(session, key, DAY) for key in KPIS}
    assert {figure.value for key, figure in figures.items() if KPIS[key].unit != "number"} == {None}
    assert all(not figure.value for figure in figures.values())


def test_every_role_gets_every_figure_and_the_months_before(busy):
    for actor in (busy.ada, busy.mia, busy.amy, busy.gil, busy.vic):
        with reading(actor) as session:
            for key in KPIS:
                months = by_month(session, key, DAY, 3)
                assert months["running"].tolist() == [False, False, True], key
                now, last = measure(session, key, DAY).value, months["value"].iloc[-1]
                assert pd.isna(last) if now is None else last == now, key


def test_months_at_once_equal_the_months_one_by_one(busy):
    with reading(busy.ada) as session:
        for key in KPIS:
            several = measure_each(session, key, DAY, latest(DAY, 6))
            single = [measure(session, key, min(DAY, period.last), period) for period in latest(DAY, 6)]
            assert [vars(figure) for figure in several] == [vars(figure) for figure in single], key


def test_numerator_and_denominator_are_the_rows_behind_them(busy):
    for actor in (busy.ada, busy.mia, busy.cy):
        with reading(actor) as session:
            for key in SHARES:
                figure = measure(session, key, DAY)
                assert [count_rows(session, key, DAY, part=part) for part in ("all", "numerator")] == [figure.denominator, figure.numerator], key
                assert len(rows_behind(session, key, DAY, part="numerator")) == figure.numerator, key


def test_counts_are_the_rows_behind_them(busy):
    with reading(busy.ada) as session:
        for key in COUNTS:
            assert count_rows(session, key, DAY) == measure(session, key, DAY).value > 0, key


def test_rows_name_customer_and_manager_and_come_in_pages(busy):
    with reading(busy.ada) as session:
        for key in WITH_ROWS:
            everything = rows_behind(session, key, DAY)
            assert len(everything) == count_rows(session, key, DAY) > 0, key
            assert everything["customer"].notna().all(), key
            assert set(everything["manager"].dropna()) <= {"Amy", "Cy"}, key
            pages = [rows_behind(session, key, DAY, limit=1, offset=number)["customer_id"].iloc[0] for number in range(len(everything))]
            assert pages == everything["customer_id"].tolist(), key


def test_rows_of_others_stay_unseen(busy):
    with reading(busy.amy) as session:
        for key in WITH_ROWS:
            assert set(rows_behind(session, key, DAY)["manager"].dropna()) <= {"Amy"}, key


def test_the_sum_of_the_rows_is_the_sales_figure(busy):
    with reading(busy.ada) as session:
        assert rows_behind(session, "sales", DAY)["value"].sum() == measure(session, "sales", DAY).value == 100


def test_cards_compare_the_same_days_and_carry_twelve_months(busy):
    with reading(busy.ada) as session:
        cards = [dashboard.card(session, DAY, key) for key in dashboard.CARDS]
    assert [card.kpi.key for card in cards] == list(dashboard.CARDS)
    assert {len(card.spark) for card in cards} == {12}
    assert all(card.running for card in cards)
    sales = next(card for card in cards if card.kpi.key == "sales")
    assert (sales.figure.value, sales.before.value, sales.spark[-1]) == (100, None, 100)


def test_the_headline_names_the_best_and_what_to_watch(busy):
    customer = company.customer(busy.amy, customer_since=date(2024, 2, 5))
    company.add(*(company.purchase(customer, "2024-02-10", 500) for _ in range(2)), *(company.done(customer, "2024-02-10T02:00", busy.amy) for _ in range(1)))
    with reading(busy.ada) as session:
        sentences = dashboard.headline([dashboard.card(session, DAY, key) for key in ("sales", "follow_ups_done")])
    assert [sentence.message.params["kpi"] for sentence in sentences] == ["Follow-ups done", "Sales"]
    assert [sentence.message.text.split(":")[0] for sentence in sentences] == ["Good", "To watch"]
    assert sentences[1].units == {"kpi": "label", "value": "money", "before": "money"}


def test_the_headline_is_neutral_when_nothing_stands_out(acme):
    with reading(acme.ada) as session:
        assert str(dashboard.headline([dashboard.card(session, DAY, key) for key in dashboard.CARDS])[0].message) == "Nothing stands out against the period before."


def test_a_month_of_the_past_is_measured_as_it_was(busy):
    with reading(busy.ada) as session:
        assert measure(session, "overdue_follow_ups", date(2024, 3, 19)).value == 0
        assert measure(session, "overdue_follow_ups", date(2024, 3, 20)).value == 2
        assert measure(session, "follow_ups_done", date(2024, 3, 5), month(DAY)).value == 2


def test_a_figure_for_each_group_in_turn(busy):
    with reading(busy.ada) as session:
        by_manager = by_group(session, "sales", DAY, "manager").set_index("label")["value"]
        assert by_manager[["Amy", "Cy"]].tolist() == [50, 50]
        assert by_manager.isna()["Bo"]
        assert by_group(session, "sales", DAY, "tier")[["group", "value"]].to_numpy().tolist() == [["A", 100]]
        assert set(by_group(session, "sales", DAY, "team")["label"]) == {"North", "South"}
    with reading(busy.amy) as session:
        assert by_group(session, "sales", DAY, "manager")["label"].tolist() == ["Amy"]
