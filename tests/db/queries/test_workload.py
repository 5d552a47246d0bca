from __future__ import annotations

from datetime import date, time, timedelta
from random import Random

import pytest

from db import clock, records
from db.engine import reading, transaction
from db.models import FollowUp, Organisation, Product, Target
from db.models.order import OrderLine
from db.policy import SYSTEM
from db.queries import sales, workload
from db.queries.kpis import measure, measure_each
from db.queries.periods import Period, latest, month
from db.queries.working_days import share_gone, working_days
from tests.db.queries import company

DAY = date(2024, 5, 10)
MAY = month(DAY)


def ask(actor, function, *args, **named):
    with reading(actor) as session:
        return function(session, DAY, *args, **named)


def of(actor, name: str, as_of: date = DAY) -> dict:
    with reading(actor) as session:
        table = workload.workload(session, as_of, MAY)
    found = table[table["manager"] == name] if name else table[table["manager_id"].isna()]
    return found.iloc[0].to_dict() if len(found) else {}


def test_load_is_weighted_by_tier(acme, vectors):
    for tier, n in vectors["load-1"]["input"].items():
        for _ in range(n):
            company.customer(acme.amy, tier=tier, customer_since=date(2024, 1, 1))
    row = of(acme.ada, "Amy")
    assert (row["customers"], row["load"]) == (20, vectors["load-1"]["expected"])


def test_managers_with_nothing_show_zero_and_customers_without_owner_stand_alone(acme):
    company.customer(customer_since=date(2024, 1, 1))
    assert of(acme.ada, "Cy")["customers"] == 0
    assert of(acme.ada, "")["customers"] == 1
    assert of(acme.ada, "Mia") == {}
    figure = ask(acme.ada, lambda session, day: measure(session, "customers_per_manager", day))
    assert (figure.value, figure.denominator, figure.left_out) == (0.0, 3, 1)


@pytest.mark.parametrize("case", ["overdue-1", "overdue-2"])
def test_overdue_begins_the_day_after_the_due_date(acme, vectors, case):
    given = vectors[case]["input"]
    company.add(company.planned(company.customer(acme.amy), given["due"], acme.amy))
    row = of(acme.ada, "Amy", date.fromisoformat(given["now"][:10]))
    assert row["open"] == 1
    assert row["days_overdue"] == vectors[case]["expected"]
    assert row["overdue"] == (vectors[case]["expected"] > 0)


def test_without_a_due_date_nothing_is_overdue(acme):
    company.add(company.planned(company.customer(acme.amy), None, acme.amy))
    row = of(acme.ada, "Amy")
    assert (row["open"], row["undated"], row["overdue"]) == (1, 1, 0)


def test_what_was_done_later_was_open_before(acme):
    company.add(company.done(company.customer(acme.amy), "2024-05-12T02:00", acme.amy, due_on=date(2024, 5, 9), method="visit"))
    assert [of(acme.ada, "Amy", date(2024, 5, day))["overdue"] for day in (9, 10, 12)] == [0, 1, 0]
    assert [of(acme.ada, "Amy", date(2024, 5, day))["visits"] for day in (10, 12)] == [0, 1]


def test_the_backlog_of_every_month_is_whatever_was_begun_and_not_yet_ended(acme):
    chance, first, notes = Random(7), date(2024, 1, 1), []
    customers = [company.customer(acme.amy) for _ in range(8)]
    gone = {customers[0]: date(2024, 3, 20), customers[1]: date(2024, 4, 30), customers[2]: date(2024, 6, 2)}
    for _ in range(240):
        noted, due, ended = (first + timedelta(days=chance.randrange(150)) for _ in range(3))
        due, ended = (due if chance.random() < 0.8 else None), (ended if chance.random() < 0.6 else None)
        note = FollowUp(customer_id=chance.choice(customers), subject="Call", due_on=due, created_at=clock.at(noted, time(12)), owner_id=acme.amy.id,
                        status="done" if ended else "planned", done_at=clock.at(ended, time(12)) if ended else None)
        notes.append((note.customer_id, noted, due, ended))
        company.add(note)
    for customer, day in gone.items():
        with clock.frozen(clock.at(day, time(12))), transaction(SYSTEM, "delete") as session:
            records.delete(session, "customer", customer)

    def counted(day: date, late: bool) -> int:
        return sum(1 for customer, noted, due, ended in notes if (due and due < day if late else noted <= day or (due and due <= day))
                   and (ended is None or ended > day) and gone.get(customer, date.max) > day)

    months = latest(DAY, 6)
    ends = [min(month.last, DAY) for month in months]
    for key, late in (("open_follow_ups", False), ("overdue_follow_ups", True)):
        expected = [counted(day, late) for day in ends]
        assert len(set(expected)) == len(expected)
        with reading(acme.ada) as session:
            assert [figure.value for figure in measure_each(session, key, DAY, months)] == expected
            assert [measure(session, key, day, month).value for day, month in zip(ends, months, strict=True)] == expected


def test_a_rep_sees_only_her_own_row_a_manager_the_team(acme):
    for rep in (acme.amy, acme.bo, acme.cy):
        company.customer(rep, customer_since=date(2024, 1, 1))
    with reading(acme.amy) as session:
        assert workload.workload(session, DAY, MAY)["manager"].tolist() == ["Amy"]
    with reading(acme.mia) as session:
        assert workload.workload(session, DAY, MAY)["manager"].tolist() == ["Amy", "Bo"]


def test_the_balance_counts_managers_with_nothing(acme):
    for _ in range(4):
        company.customer(acme.amy, customer_since=date(2024, 1, 1))
    even = workload.balance(ask(acme.ada, workload.workload, MAY))
    assert even.gini == pytest.approx(2 / 3)
    assert even.gap is None
    assert even.mean == pytest.approx(4 / 3)


def test_targets_of_a_running_month_follow_the_working_days(acme):
    with transaction(SYSTEM, "setup") as session:
        session.organisation.holidays = ["2024-05-01", "2024-05-02", "2024-05-03"]
    company.add(Target(user_id=acme.amy.id, month=date(2024, 5, 1), measure="visits", value=40))
    customer = company.customer(acme.amy)
    company.add(*(company.done(customer, "2024-05-07T02:00", acme.amy, method="visit") for _ in range(3)))
    with reading(acme.ada) as session:
        assert working_days(session.organisation, MAY) == 20
        assert share_gone(session.organisation, MAY, DAY) == pytest.approx(5 / 20)
        figure = measure(session, "visit_attainment", DAY)
        table = workload.with_targets(session, workload.workload(session, DAY, MAY), DAY, MAY).set_index("manager")
    assert (figure.numerator, figure.denominator, figure.value) == (3, 10.0, pytest.approx(0.3))
    assert table.loc["Amy", "visits_reached"] == pytest.approx(0.3)
    assert table.loc["Bo", "visits_target"] != table.loc["Bo", "visits_target"]


def test_no_target_nothing_reached(acme):
    with reading(acme.ada) as session:
        assert measure(session, "visit_attainment", DAY).value is None


def test_an_organisation_that_never_works_has_no_working_days():
    assert working_days(Organisation(name="x", working_days=[], holidays=[]), MAY) == 0
    assert share_gone(Organisation(name="x", working_days=[], holidays=[]), MAY, DAY) == 1.0


def test_a_deleted_customer_is_nobody_s_load_from_that_day_on(acme):
    customer = company.customer(acme.amy, customer_since=date(2024, 1, 1))
    with transaction(SYSTEM, "delete") as session:
        records.delete(session, "customer", customer)
    assert of(acme.ada, "Amy")["customers"] == 1
    assert of(acme.ada, "Amy", clock.today())["customers"] == 0


def test_sales_by_month_show_months_without_orders(acme):
    customer = company.customer(acme.amy)
    company.add(company.purchase(customer, "2024-03-05", 10.5), company.purchase(customer, "2024-05-05", 4.5), company.purchase(customer, "2024-05-11", 99))
    table = ask(acme.ada, sales.sales_by, Period(date(2024, 3, 1), date(2024, 6, 1)), "month")
    assert table["amount"].tolist() == [10.5, 0.0, 4.5]
    assert table["share"].sum() == pytest.approx(1)


def test_sales_by_product_take_off_the_discount_line_by_line(acme):
    customer, [product] = company.customer(acme.amy), company.add(Product(code="P", name="Tea"))
    order = company.purchase(customer, "2024-05-05", 27)
    company.add(order)
    company.add(OrderLine(customer_id=customer, order_id=order.id, product_id=product, quantity=3, price=10, discount=10),
                OrderLine(customer_id=customer, order_id=order.id, product_id=product, quantity=1.5, price=0.33))
    table = ask(acme.ada, sales.sales_by, MAY, "product")
    assert table[["label", "orders", "amount"]].to_numpy().tolist() == [["Tea", 1, 27.50]]


def test_new_customers_are_counted_by_the_day_they_became_one(acme):
    for day in (date(2024, 5, 1), date(2024, 5, 10), date(2024, 5, 11), None):
        company.customer(acme.amy, customer_since=day)
    assert ask(acme.ada, sales.new_customers, MAY).value == 2


def test_sales_target_reached(acme):
    company.add(Target(user_id=acme.amy.id, month=date(2024, 4, 1), measure="sales", value=200))
    company.add(company.purchase(company.customer(acme.amy), "2024-04-05", 150), company.purchase(company.customer(acme.bo), "2024-04-05", 999))
    assert ask(acme.ada, sales.sales_attainment, month(date(2024, 4, 1))).value == pytest.approx(0.75)
