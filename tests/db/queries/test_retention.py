from __future__ import annotations

from datetime import date

import pytest

from db import clock, records
from db.engine import reading, transaction
from db.policy import SYSTEM
from db.queries import cohorts, dormancy, purchases, retention, rfm, stages, tenure
from db.queries.concentration import abc_classes, top_fifth_share
from db.queries.filters import Filters
from db.queries.periods import Period, calendar_period, month
from tests.db.queries import company

DAY = date(2024, 3, 31)
MARCH = month(DAY)


def ask(actor, function, *args, **named):
    with reading(actor) as session:
        return function(session, DAY, *args, **named)


def moves(actor, period=MARCH):
    return ask(actor, retention.movements, [period]).iloc[0]


def test_retention_counts_who_stayed_of_those_at_the_start(acme):
    contracts = [("2023-01-01", None), ("2023-01-01", None), ("2023-02-01", "2024-03-10"), ("2024-03-05", None), ("2024-03-05", "2024-03-20")]
    company.add(*(company.contract(company.customer(), *term) for term in contracts))
    row = moves(acme.ada)
    assert [row[key] for key in ("start", "retained", "lost", "won", "end")] == [3, 2, 1, 1, 3]
    assert row["retention"] == pytest.approx((row["end"] - row["won"]) / row["start"])
    assert row["retention"] + row["churn"] == pytest.approx(1)


def test_nobody_at_the_start_no_rate(acme, vectors):
    company.add(company.contract(company.customer(), "2024-03-05"))
    row = moves(acme.ada)
    assert row["end"] == row["won"] == 1
    assert vectors["crr-2"]["expected"]["crr"] is None
    assert ask(acme.ada, retention.retention_rates, [MARCH])[0].value is None
    assert ask(acme.ada, retention.gross_revenue_retention, [MARCH])[0].value is None


def test_revenue_retention_of_the_published_example(acme, vectors):
    given, wanted = vectors["rev-1"]["input"], vectors["rev-1"]["expected"]
    grown, shrunk, gone = (company.customer() for _ in range(3))
    steady = given["start"] - 3 - given["contraction"] - given["churn"]
    company.add(company.contract(grown, "2023-01-01", monthly=3), company.contract(grown, "2024-03-10", monthly=given["expansion"]),
                company.contract(shrunk, "2023-01-01", monthly=steady), company.contract(shrunk, "2023-01-01", "2024-03-10", monthly=given["contraction"]),
                company.contract(gone, "2023-01-01", "2024-03-10", monthly=given["churn"]))
    row = moves(acme.ada)
    assert (row["then"], row["grr"], row["nrr"]) == (pytest.approx(given["start"]), pytest.approx(wanted["grr"]), pytest.approx(wanted["nrr"]))


def test_a_renewal_on_the_next_day_is_no_loss(acme):
    customer = company.customer()
    company.add(company.contract(customer, "2023-03-01", "2024-02-29", monthly=5), company.contract(customer, "2024-03-01", monthly=5))
    row = moves(acme.ada, calendar_period(date(2024, 2, 1), "month"))
    assert [row["start"], row["retained"], row["won"], row["nrr"]] == [1, 1, 0, 1.0]
    row = moves(acme.ada)
    assert [row["start"], row["retained"], row["won"], row["nrr"]] == [1, 1, 0, 1.0]


def test_without_a_recorded_end_a_contract_runs_to_the_end_of_its_term(acme):
    company.add(company.contract(company.customer(), "2023-03-01", ends_on=date(2024, 3, 15)), company.contract(company.customer(), "2023-03-01", ends_on=date(2024, 4, 15)))
    assert moves(acme.ada)["retained"] == 1


def test_a_running_period_counts_to_the_as_of_date(acme):
    company.add(company.contract(company.customer(), "2023-03-01", "2024-03-20"))
    with reading(acme.ada) as session:
        before, after = (retention.movements(session, date(2024, 3, day), [MARCH]).iloc[0] for day in (19, 20))
    assert [before["retained"], after["retained"]] == [1, 0]


def test_a_customer_deleted_in_the_period_is_left_out_and_stays_in_the_past(acme):
    customer = company.customer()
    company.add(company.contract(customer, "2023-03-01"), company.contract(company.customer(), "2023-03-01"))
    with transaction(SYSTEM, "delete") as session:
        deleted_on = clock.local(records.delete(session, "customer", customer).deleted_at).date()
    with reading(acme.ada) as session:
        now, past = retention.movements(session, deleted_on, [month(deleted_on), MARCH]).to_dict("records")
    assert [now["start"], now["left_out"]] == [1, 1]
    assert [past["start"], past["retained"], past["left_out"]] == [2, 2, 0]


def test_end_reasons(acme):
    company.add(*(company.contract(company.customer(), "2023-03-01", "2024-03-02", 10, end_reason=reason) for reason in ("price", "price", None)))
    table = ask(acme.ada, retention.end_reasons, MARCH)
    assert table["contracts"].tolist() == [2, 1]
    assert table["monthly"].tolist() == [20.0, 10.0]


def test_tenure_is_counted_in_whole_months_even_from_a_leap_day(acme):
    company.add(company.contract(company.customer(), "2024-02-29", "2024-03-29"), company.contract(company.customer(), "2024-02-29", "2024-03-28"),
                company.contract(company.customer(), "2023-03-31"))
    table = ask(acme.ada, tenure.ages)
    assert sorted(zip(table["months"], table["lost"], table["n"], strict=True)) == [(0, 1, 1), (1, 1, 1), (12, 0, 1)]


def test_contract_cohorts_count_who_is_left_at_the_end_of_each_month(acme):
    terms = [("2024-01-05", None), ("2024-01-06", "2024-02-10"), ("2024-01-07", "2024-01-20")]
    company.add(*(company.contract(company.customer(), *term) for term in terms))
    assert ask(acme.ada, cohorts.contract_cohorts)["active"].tolist() == [2, 1, 1]


def test_purchase_cohorts_of_the_published_example(acme, vectors):
    case = vectors["cohort-1"]
    for months in case["input"].values():
        customer = company.customer()
        company.add(*(company.purchase(customer, f"{name}-15") for name in months))
    matrix = ask(acme.ada, cohorts.purchase_cohorts)
    found = {f"{cohort:%Y-%m}": part["active"].tolist() for cohort, part in matrix.groupby("cohort")}
    assert found == case["expected"]
    assert cohorts.column_averages(matrix).tolist() == pytest.approx([1, 1 / 3, 1 / 2])


@pytest.mark.parametrize("case", ["band-1", "band-2", "band-3"])
def test_rfm_scores_of_the_published_examples(acme, vectors, case):
    given = vectors[case]["input"]
    for amount in given:
        company.add(company.purchase(company.customer(), "2024-03-01", amount))
    table = ask(acme.ada, rfm.rfm_customers, limit=100).sort_values(["spent", "customer_id"])
    assert table["m"].tolist() == vectors[case]["expected"]["ties_together"]
    assert set(table["r"]) == {1}


def test_recency_over_a_leap_day(acme, vectors):
    company.add(company.purchase(company.customer(), vectors["recency-1"]["input"]["last"]))
    with reading(acme.ada) as session:
        assert rfm.rfm_customers(session, date.fromisoformat(vectors["recency-1"]["input"]["as_of"]))["recency_days"].tolist() == [vectors["recency-1"]["expected"]]


def test_no_rfm_grid_below_five_customers(acme):
    for _ in range(4):
        company.add(company.purchase(company.customer(), "2024-03-01"))
    assert ask(acme.ada, rfm.rfm_grid).empty


def test_lifecycle_stages_at_their_limits(acme, vectors):
    case = vectors["stage-1"]
    for days in case["input"]:
        customer = company.customer()
        if days is not None:
            company.add(company.purchase(customer, date.fromordinal(DAY.toordinal() - days).isoformat()))
    found = ask(acme.ada, stages.stages)
    assert {stage: found[stage] for stage in (*stages.STAGES, "prospect")} == {stage: case["expected"].count(stage) for stage in (*stages.STAGES, "prospect")}
    assert found["new"] == 2
    assert len(ask(acme.ada, stages.customers_in, "dormant")) == 2


@pytest.mark.parametrize("case", ["abc-1", "abc-2", "abc-3", "abc-4"])
def test_abc_of_the_published_examples(acme, vectors, case):
    for amount in vectors[case]["input"]:
        company.add(company.purchase(company.customer(), "2024-03-01", amount))
    wanted = vectors[case]["expected"]
    table = ask(acme.ada, abc_classes)
    assert dict(zip(table["grade"], table["customers"], strict=True)) == {grade: wanted.count(grade) for grade in "ABC" if grade in (wanted or ())}


def test_the_best_fifth_is_rounded_up(acme):
    for amount in (50, 20, 10, 10, 5, 5):
        company.add(company.purchase(company.customer(), "2024-03-01", amount))
    assert ask(acme.ada, top_fifth_share).value == pytest.approx(0.7)


def test_two_receipts_on_one_day_are_one_purchase(acme):
    customer = company.customer()
    company.add(company.purchase(customer, "2024-03-01"), company.purchase(customer, "2024-03-01"))
    assert ask(acme.ada, purchases.repeat_rate).value == 0.0
    assert ask(acme.ada, rfm.rfm_customers)["frequency"].tolist() == [1]


def test_reactivation_counts_who_was_silent_for_181_days(acme):
    for last, back in (("2023-09-02", "2024-03-05"), ("2023-09-02", None), ("2023-09-03", "2024-03-05"), ("2022-01-01", None)):
        customer = company.customer()
        company.add(*(company.purchase(customer, day) for day in (last, back) if day))
    figure = ask(acme.ada, dormancy.reactivation_rate, MARCH)
    assert (figure.numerator, figure.denominator) == (1, 3)


def test_nothing_bought_nothing_claimed(acme):
    assert ask(acme.ada, purchases.repeat_rate).value is None
    assert ask(acme.ada, purchases.gaps) is None
    assert ask(acme.ada, dormancy.reactivation_rate, MARCH).value is None
    assert ask(acme.ada, cohorts.purchase_cohorts).empty
    assert ask(acme.ada, cohorts.contract_cohorts).empty
    assert ask(acme.ada, tenure.survival_curves) == {}
    assert ask(acme.ada, tenure.projection) is None
    assert ask(acme.ada, top_fifth_share).value is None
    assert ask(acme.ada, purchases.activity)["active"].sum() == 0
    assert ask(acme.ada, stages.stages_by_month)[list(stages.STAGES)].to_numpy().sum() == 0


def test_filters_and_visibility_narrow_the_same_question(acme):
    for owner, tier in ((acme.amy, "A"), (acme.amy, "B"), (acme.cy, "A")):
        company.add(company.purchase(company.customer(owner, tier=tier), "2024-03-01"))
    count = {name: ask(getattr(acme, name), purchases.repeat_rate).denominator for name in ("ada", "mia", "amy", "cy", "bo")}
    assert count == {"ada": 3, "mia": 2, "amy": 2, "cy": 1, "bo": 0}
    narrowed = [Filters(tier="A"), Filters(owner_id=acme.amy.id), Filters(team_id=acme.teams["South"]), Filters(owner_id=acme.amy.id, tier="A")]
    assert [ask(acme.ada, purchases.repeat_rate, None, filters).denominator for filters in narrowed] == [2, 2, 1, 1]


def test_activity_from_month_to_month_leaves_the_running_one_open(acme):
    first, second = company.customer(), company.customer()
    company.add(*(company.purchase(first, f"2024-0{number}-10") for number in (1, 2, 3)), company.purchase(second, "2024-01-10"))
    table = ask(acme.ada, purchases.activity, "month", 3)
    assert table["active"].tolist() == [2, 1, 1]
    assert table["retained"].tolist()[:2] == [1, 1]
    assert table["rate"].isna().tolist() == [False, False, True]


def test_a_whole_year_is_the_period_it_was_asked_for(acme):
    company.add(company.contract(company.customer(), "2022-01-01", "2023-06-30"), company.contract(company.customer(), "2022-01-01"))
    row = moves(acme.ada, Period(date(2023, 1, 1), date(2024, 1, 1)))
    assert [row["start"], row["retained"]] == [2, 1]
    assert ask(acme.ada, retention.retention_by, "year", 2)["retention"].tolist() == [0.5, 1.0]


def test_a_deleted_customer_leaves_the_stages_but_not_those_of_past_months(acme):
    first, second = company.customer(), company.customer()
    company.add(company.purchase(first, "2024-01-10"), company.purchase(second, "2024-01-20"))
    with transaction(SYSTEM, "delete") as session:
        deleted_on = clock.local(records.delete(session, "customer", first).deleted_at).date()
    with reading(acme.ada) as session:
        assert stages.stages_on(session, deleted_on, [date(2024, 1, 31), deleted_on])[0]["active"] == 2
        assert sum(stages.stages_on(session, deleted_on, [date(2024, 1, 31), deleted_on])[1].values()) == 1
        assert sum(stages.stages(session, deleted_on)[stage] for stage in stages.STAGES) == 1
