"""The rules that hold for every figure, at their edges: time zones, leap days, running periods, empty months, deletions, ties, nothing to divide by."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from db import clock, records
from db.engine import reading, transaction
from db.models import Target
from db.policy import SYSTEM
from db.queries import cohorts, concentration, rfm, stages, tables, workload
from db.queries.chart_data import Asked
from db.queries.kpis import by_month, measure, rows_behind
from db.queries.periods import Period, calendar_period, month, previous, same_last_year
from tests.db.queries import company

MARCH, FEBRUARY = date(2024, 3, 31), date(2024, 2, 29)
LATE_IN_UTC = "2024-03-31T16:30"
"""In Shanghai this is half past midnight on the first of April."""


def value(actor, key, as_of, period=None):
    with reading(actor) as session:
        return measure(session, key, as_of, period).value


def against(actor, key, as_of, period, earlier):
    """The figure of a period and that of the days it is compared with."""
    before = earlier(period, as_of)
    return value(actor, key, as_of, period), value(actor, key, before.last, before)


def read(actor, name, as_of, **asked):
    with reading(actor) as session:
        return tables.read(session, name, Asked(as_of=as_of, **asked))


def delete(noun, id_, at):
    with clock.frozen(datetime.fromisoformat(at).replace(tzinfo=UTC)), transaction(SYSTEM, "delete") as session:
        records.delete(session, noun, id_)


def done_on(acme, *days, **values):
    customer = company.customer(acme.amy)
    company.add(*(company.done(customer, f"{day}T04:00", acme.amy, **values) for day in days))


NOTHING_TO_DIVIDE_BY = [
    "csat_mean", "csat_top_two", "csat_index", "nps", "ces_mean", "follow_up_rating", "retention_rate", "churn_rate", "gross_revenue_retention", "contracts_lost",
    "contract_revenue_lost", "repeat_purchase_rate", "activity_rate", "active_share", "dormancy_rate", "reactivation_rate", "overdue_share", "visit_attainment",
    "load_gini", "load_variation", "top_fifth_share", "spending_gini", "purchase_net_retention",
]


def test_nothing_to_divide_by_gives_no_value_neither_nought_nor_an_error(acme):
    company.customer(customer_since=date(2020, 1, 1))
    found = {key: value(acme.ada, key, MARCH) for key in NOTHING_TO_DIVIDE_BY}
    assert found == dict.fromkeys(NOTHING_TO_DIVIDE_BY)


def test_a_full_march_is_compared_with_the_29_days_of_february(acme):
    done_on(acme, "2024-02-01", "2024-02-29", "2024-03-01", "2024-03-31", "2024-01-31", "2024-04-01", rating=4)
    assert against(acme.ada, "follow_ups_done", MARCH, month(MARCH), previous) == (2, 2)
    assert against(acme.ada, "follow_up_rating", MARCH, month(MARCH), previous) == (4.0, 4.0)


def test_a_running_month_is_compared_with_the_same_days(acme):
    done_on(acme, "2024-02-09", "2024-02-10", "2024-02-11", "2024-03-10")
    day = date(2024, 3, 10)
    assert against(acme.ada, "follow_ups_done", day, month(day), previous) == (1, 2)


def test_the_year_up_to_a_leap_day_is_compared_with_that_up_to_28_february(acme):
    done_on(acme, "2024-01-01", "2024-02-29", "2023-02-28", "2023-03-01")
    customer = company.customer()
    company.add(company.purchase(customer, "2024-02-29", 30), company.purchase(customer, "2023-02-28", 20), company.purchase(customer, "2023-03-01", 99))
    year = calendar_period(FEBRUARY, "year")
    assert against(acme.ada, "follow_ups_done", FEBRUARY, year, same_last_year) == (2, 1)
    assert against(acme.ada, "sales", FEBRUARY, year, same_last_year) == (30, 20)


def test_a_leap_day_belongs_to_february(acme):
    company.answers(company.customer(), company.question("csat", 1, 5), [5], at="2024-02-29T04:00")
    company.add(company.contract(company.customer(), "2020-02-29", "2024-02-29", 10), company.contract(company.customer(), "2020-02-29", monthly=10))
    assert [value(acme.ada, "csat_mean", MARCH, month(day)) for day in (FEBRUARY, MARCH)] == [5.0, None]
    assert [value(acme.ada, "churn_rate", day) for day in (FEBRUARY, MARCH)] == [0.5, 0.0]
    assert read(acme.ada, "survival", FEBRUARY)[["time", "lost"]].to_numpy().tolist() == [[48, 1]]


def test_half_past_four_in_the_afternoon_utc_is_april_in_shanghai(acme):
    customer = company.customer(acme.amy)
    company.answers(customer, company.question("nps", 0, 10), [10], at=LATE_IN_UTC)
    company.add(company.done(customer, LATE_IN_UTC, acme.amy, rating=5, method="visit", due_on=date(2024, 3, 30)))
    april = date(2024, 4, 1)
    for key, counted in (("nps", 100.0), ("follow_up_rating", 5.0), ("visits_done", 1), ("follow_ups_done", 1)):
        assert [value(acme.ada, key, day) or 0 for day in (MARCH, april)] == [0, counted], key
    assert [value(acme.ada, "overdue_follow_ups", day) for day in (MARCH, april)] == [1, 0]


def test_a_day_without_a_time_stays_that_day_wherever_the_clock_hangs(acme):
    company.add(company.purchase(company.customer(), "2024-03-31"), company.contract(company.customer(), "2024-01-01", "2024-03-31", 5))
    assert [value(acme.ada, key, MARCH) for key in ("sales", "churn_rate")] == [10, 1.0]
    assert cohort_months(acme) == ["2024-03-01"]


def cohort_months(acme):
    with reading(acme.ada) as session:
        return [str(day) for day in cohorts.purchase_cohorts(session, MARCH)["cohort"]]


def test_empty_months_are_shown(acme):
    done_on(acme, "2024-01-10", "2024-03-10", rating=3)
    company.add(company.contract(company.customer(), "2023-06-01"), company.purchase(company.customer(), "2024-01-10"), company.purchase(company.customer(), "2024-03-10"))
    with reading(acme.ada) as session:
        found = {key: by_month(session, key, MARCH, 4) for key in ("follow_ups_done", "follow_up_rating", "churn_rate", "sales")}
    values = {key: [None if one != one else one for one in table["value"].astype(object)] for key, table in found.items()}
    assert values == {"follow_ups_done": [0, 1, 0, 1], "follow_up_rating": [None, 3.0, None, 3.0], "churn_rate": [0, 0, 0, 0], "sales": [None, 10, None, 10]}
    cells = read(acme.ada, "purchase_cohorts", MARCH)
    assert cells[cells["cohort"] == date(2024, 1, 1)]["active"].tolist() == [1, 0, 0]
    assert read(acme.ada, "stages_by_month", MARCH)["month"].nunique() == 12


def test_who_is_deleted_leaves_the_stocks_of_that_day_and_stays_in_what_was(acme):
    gone, stays = (company.customer(acme.amy, customer_since=date(2020, 1, 1), tier="A") for _ in range(2))
    for customer in (gone, stays):
        company.answers(customer, company.question("csat", 1, 5), [4], manager=acme.amy)
        company.add(company.purchase(customer, "2024-03-05"), company.contract(customer, "2023-01-01", monthly=10), company.planned(customer, "2024-03-20", acme.amy),
                    company.done(customer, "2024-03-06T04:00", acme.amy))
    delete("customer", gone, LATE_IN_UTC)
    april = date(2024, 4, 1)
    stocks = {day: [load(acme, day), value(acme.ada, "overdue_follow_ups", day), value(acme.ada, "contract_customers", day), active(acme, day), spenders(acme, day)]
              for day in (MARCH, april)}
    assert stocks == {MARCH: [6, 2, 2, 2, 2], april: [3, 1, 1, 1, 1]}
    for key, was in (("csat_mean", 4.0), ("follow_ups_done", 2), ("sales", 20), ("retention_rate", 1.0)):
        assert value(acme.ada, key, april, month(MARCH)) == was, key


def load(acme, day):
    with reading(acme.ada) as session:
        return workload.workload(session, day, month(day)).set_index("manager").loc["Amy", "load"]


def active(acme, day):
    with reading(acme.ada) as session:
        return stages.stages(session, day)["active"]


def spenders(acme, day):
    with reading(acme.ada) as session:
        return len(concentration.spending(session, day))


def test_managers_with_nothing_show_nought_and_count_in_the_fairness(acme):
    company.customer(acme.amy, tier="A", customer_since=date(2020, 1, 1))
    company.add(Target(user_id=acme.bo.id, month=date(2024, 3, 1), measure="visits", value=4))
    table = read(acme.ada, "workload", MARCH).set_index("manager")
    assert table.loc["Cy", list(workload.COLUMNS)].tolist() == [0] * len(workload.COLUMNS)
    assert table.loc["Bo", ["visits", "visits_target", "visits_reached"]].tolist() == [0, 4.0, 0.0]
    even = read(acme.ada, "balance", MARCH).set_index("measure")
    assert even.loc["load", ["gini", "mean"]].tolist() == pytest.approx([2 / 3, 1.0])
    assert even.loc["done", "mean"] == 0
    assert even.loc["done", ["gini", "cv", "gap"]].isna().all()


def test_ties_are_not_split_and_equal_rows_come_in_the_order_of_their_numbers(acme):
    customers = [company.customer(acme.amy, tier="B", customer_since=date(2020, 1, 1)) for _ in range(7)]
    for customer in customers:
        company.add(company.purchase(customer, "2024-03-05", 10), company.planned(customer, "2024-03-20", acme.amy))
    with reading(acme.ada) as session:
        assert rfm.rfm_customers(session, MARCH)[["r", "f", "m"]].to_numpy().tolist() == [[1, 1, 1]] * 7
        assert stages.customers_in(session, MARCH, "active")["customer_id"].tolist() == customers
        assert concentration.abc_classes(session, MARCH)["grade"].tolist() == ["A"]
        for key in ("active_share", "repeat_purchase_rate", "overdue_follow_ups", "top_fifth_share"):
            assert rows_behind(session, key, MARCH)["customer_id"].tolist() == customers, key


def test_a_running_period_of_contracts_ends_with_the_day(acme):
    company.add(company.contract(company.customer(), "2023-01-01", "2024-03-20", 10), company.contract(company.customer(), "2023-01-01", monthly=10))
    whole = Period(date(2024, 1, 1), date(2024, 7, 1))
    assert [value(acme.ada, "retention_rate", date(2024, 3, day), whole) for day in (19, 20)] == [1.0, 0.5]
