"""Whose retention is counted how, the limits of the stages, coming back, and the lists to act on."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count

import numpy as np
import pytest

from db import clock, records
from db.engine import reading, transaction
from db.errors import Invalid
from db.models import Customer
from db.policy import SYSTEM
from db.queries import act_on, cohorts, comeback, dormancy, kpis, purchases, retention, rfm, stages, tenure
from db.queries.filters import Filters
from db.queries.periods import latest, month
from db.queries.survival import kaplan_meier
from tests.db.queries.company import add, contract, customer, planned, purchase
from tests.houses import filled_once

DAY = date(2024, 3, 31)
MARCH = month(DAY)
NUMBERS = count(1)


def ask(actor, function, *args, **named):
    with reading(actor) as session:
        return function(session, DAY, *args, **named)


def measured(actor, key: str):
    with reading(actor) as session:
        return kpis.measure(session, key, DAY, MARCH)


def many(n: int, **values) -> list[int]:
    """Customers entered at once."""
    return add(*(Customer(**{"code": f"M{next(NUMBERS)}", "name": "One of many", **values}) for _ in range(n)))


def settle(actor, **values) -> None:
    with transaction(actor, "organisation.update") as session:
        records.update(session, "organisation", session.organisation.id, values)


@pytest.fixture
@filled_once
def both_kinds(acme):
    """A company and a person, each with a contract that runs and two purchases."""
    for kind in ("company", "person"):
        id_ = customer(acme.amy, kind=kind)
        add(contract(id_, "2023-01-01", None, 10), purchase(id_, "2024-01-05"), purchase(id_, "2024-03-05"))


@pytest.mark.parametrize(("settings", "under_contract", "buyers"), [
    ({}, 2, 2), ({"company_basis": "contract"}, 2, 1), ({"company_basis": "purchase"}, 1, 2),
    ({"company_basis": "contract", "person_basis": "purchase"}, 1, 1), ({"company_basis": "purchase", "person_basis": "purchase"}, 0, 2)])
def test_a_kind_of_customer_counts_where_its_setting_says(acme, both_kinds, settings, under_contract, buyers):
    settle(acme.ada, **settings)
    assert ask(acme.ada, retention.contract_customers, MARCH).value == under_contract
    assert ask(acme.ada, retention.movements, [MARCH])["start"].iloc[0] == under_contract
    assert sum(curve.n for curve in ask(acme.ada, tenure.survival_curves).values()) == under_contract
    assert ask(acme.ada, cohorts.contract_cohorts)["size"].max() == under_contract or not under_contract
    assert ask(acme.ada, purchases.repeat_rate).denominator == buyers
    found = ask(acme.ada, stages.stages)
    assert (found["active"], found["prospect"]) == (buyers, 0)
    assert ask(acme.ada, purchases.repeat_by_entry, windows=(30,))["customers"].sum() == buyers
    assert measured(acme.ada, "active_share").denominator == buyers


def test_the_setting_and_the_filter_narrow_together(acme, both_kinds):
    settle(acme.ada, company_basis="contract")
    assert ask(acme.ada, purchases.repeat_rate, None, Filters(kind="company")).denominator == 0
    assert ask(acme.ada, purchases.repeat_rate, None, Filters(kind="person")).denominator == 1


def test_the_stages_follow_the_limits_of_the_organisation(acme):
    for days in (10, 11, 20, 21, 30, 31):
        add(purchase(customer(acme.amy), (DAY - timedelta(days=days)).isoformat()))
    settle(acme.ada, active_days=10, at_risk_days=20, dormant_days=30)
    wanted = {"active": 1, "at_risk": 2, "dormant": 2, "lost": 1}
    found = ask(acme.ada, stages.stages)
    assert {stage: found[stage] for stage in wanted} == wanted
    assert ask(acme.ada, stages.stages_by_month, 1)[list(wanted)].iloc[0].to_dict() == wanted
    assert measured(acme.ada, "dormancy_rate").numerator == 2
    with reading(acme.ada) as session:
        assert kpis.rows_behind(session, "dormancy_rate", DAY, MARCH)["counted"].sum() == 2


@pytest.mark.parametrize(("values", "field"), [({"at_risk_days": 90}, "at_risk_days"), ({"active_days": 180}, "at_risk_days"), ({"dormant_days": 180}, "dormant_days")])
def test_limits_out_of_order_are_refused_beside_the_field(acme, values, field):
    with pytest.raises(Invalid) as refused:
        settle(acme.ada, **values)
    assert list(refused.value.problems) == [field]


def test_coming_back_by_month_is_the_same_as_asked_month_by_month(acme):
    stories = (("2023-06-30", "2024-01-15"), ("2023-07-01", "2024-03-31"), ("2023-05-01",), ("2023-01-01", "2023-02-10", "2024-02-29", "2024-02-29"), ("2024-03-01",))
    ids = [customer(acme.amy) for _ in stories]
    add(*(purchase(id_, day) for id_, days in zip(ids, stories, strict=True) for day in days))
    periods = latest(DAY, 12)
    together = ask(acme.ada, dormancy.reactivation_rates, periods)
    with reading(acme.ada) as session:
        alone = [dormancy.reactivation_rate(session, period.last, period) for period in periods]
    assert [(figure.numerator, figure.denominator) for figure in together] == [(figure.numerator, figure.denominator) for figure in alone]
    assert [(int(figure.numerator), figure.denominator) for figure in together[-3:]] == [(1, 4), (1, 3), (1, 2)]
    assert together[0].value is None
    table = ask(acme.ada, dormancy.by_month, 12)
    assert table["back"].tolist()[-3:] == [1, 1, 1]
    assert len(table) == 12
    assert not table["running"].any()


def test_of_a_channel_both_the_first_and_the_further_purchase_must_be(acme):
    stories = ((("2024-01-05", "web"), ("2024-02-05", "shop")), (("2024-01-05", "web"), ("2024-01-06", "shop"), ("2024-03-05", "web")), (("2023-01-05", "shop"), ("2024-03-06", "web")))
    for story in stories:
        id_ = customer(acme.amy)
        add(*(purchase(id_, day, channel=channel) for day, channel in story))
    for channel, share in ((None, (3, 3)), ("web", (1, 3)), ("shop", (0, 3))):
        figure = ask(acme.ada, purchases.repeat_rate, None, Filters(channel=channel))
        assert (figure.numerator, figure.denominator) == share
    february, march = ask(acme.ada, purchases.repeat_rates, latest(DAY, 2), Filters(channel="web"))
    assert [(figure.numerator, figure.denominator) for figure in (february, march)] == [(0, 2), (1, 3)]


def test_a_running_month_counts_those_who_are_back_so_far(acme):
    for day in (20, 21):
        id_ = customer(acme.amy)
        add(purchase(id_, "2023-01-01"), purchase(id_, f"2024-03-{day}"))
    with reading(acme.ada) as session:
        table = dormancy.by_month(session, date(2024, 3, 20), 1)
    assert (table["running"].iloc[0], table["back"].iloc[0], table["silent"].iloc[0]) == (True, 1, 2)


def test_who_was_deleted_is_silent_no_more(acme):
    gone = customer(acme.amy)
    add(purchase(gone, "2020-01-01"), purchase(customer(acme.amy), "2020-01-01"))
    with transaction(SYSTEM, "delete") as session:
        deleted_on = clock.local(records.delete(session, "customer", gone).deleted_at).date()
    with reading(acme.ada) as session:
        table = dormancy.by_month(session, deleted_on, 2)
    assert table["silent"].tolist() == [2, 1]


def test_repeat_purchases_by_month_of_entry_keep_empty_months_and_young_customers_apart(acme):
    for first, second in (("2024-01-31", "2024-03-01"), ("2024-01-31", "2024-03-02"), ("2024-03-15", "2024-03-16")):
        id_ = customer(acme.amy)
        add(purchase(id_, first), purchase(id_, second))
    table = ask(acme.ada, purchases.repeat_by_entry, windows=(30,), months=3)
    assert table[["month", "customers", "repeated"]].to_numpy().tolist() == [["2024-01", 2, 1], ["2024-02", 0, 0], ["2024-03", 0, 0]]
    assert table["rate"].isna().tolist() == [False, True, True]
    young = ask(acme.ada, purchases.repeat_within_90)
    assert (young.value, young.denominator) == (None, 0)


def test_the_steps_from_the_revenue_of_the_start_to_that_of_the_end(acme, vectors):
    given = vectors["rev-1"]["input"]
    grown, shrunk, gone = (customer() for _ in range(3))
    steady = given["start"] - 3 - given["contraction"] - given["churn"]
    add(contract(grown, "2023-01-01", monthly=3), contract(grown, "2024-03-10", monthly=given["expansion"]), contract(shrunk, "2023-01-01", monthly=steady),
        contract(shrunk, "2023-01-01", "2024-03-10", monthly=given["contraction"]), contract(gone, "2023-01-01", "2024-03-10", monthly=given["churn"]))
    row = ask(acme.ada, retention.movements, [MARCH]).iloc[0]
    assert [row[name] for name in ("then", "contraction", "churned", "expansion")] == pytest.approx(
        [given["start"], given["contraction"], given["churn"], given["expansion"]])
    assert row["then"] - row["contraction"] - row["churned"] == pytest.approx(row["kept"])
    assert row["kept"] + row["expansion"] == pytest.approx(row["now"])


def test_only_the_period_that_is_not_over_is_running(acme):
    with reading(acme.ada) as session:
        assert retention.retention_by(session, date(2024, 3, 30), "month", 2)["running"].tolist() == [False, True]
        assert retention.retention_by(session, date(2024, 3, 31), "quarter", 2)["running"].tolist() == [False, False]


def test_a_renewed_contract_has_no_reason_to_leave(acme):
    kept, gap = customer(), customer()
    add(contract(kept, "2023-03-10", "2024-03-09"), contract(kept, "2024-03-10"), contract(gap, "2023-03-10", "2024-03-09"), contract(gap, "2024-03-11"))
    assert ask(acme.ada, retention.end_reasons, MARCH)["contracts"].tolist() == [1]


def test_numbers_at_risk_count_everybody_observed_so_long(acme):
    """Gehan's 6-MP group as in Kaplan-Meier textbooks: 21 at risk at 6 weeks, 17 at 7, 15 at 10, 12 at 13, 11 at 16, 7 at 22, 6 at 23."""
    lost = (6, 6, 6, 7, 10, 13, 16, 22, 23)
    there = (6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)
    curve = kaplan_meier([*lost, *there], [True] * len(lost) + [False] * len(there))
    assert [curve.at_risk(week) for week in (0, 6, 7, 10, 13, 16, 22, 23, 36)] == [21, 21, 17, 15, 12, 11, 7, 6, 0]


def test_at_most_six_groups_are_compared_and_too_few_are_not(acme):
    for tier, n in (("A", 12), ("B", 9), (None, 10)):
        add(*(contract(id_, "2023-01-01") for id_ in many(n, tier=tier)))
    found = ask(acme.ada, tenure.survival, by="tier")
    assert (list(found.curves), found.groups, found.difference) == (["A", None], 3, None)
    for place in range(7):
        ended = "2023-06-01" if place % 2 else None
        add(*(contract(id_, "2023-01-01", ended, terms=f"Terms {place}") for id_ in many(10 + place)))
    found = ask(acme.ada, tenure.survival, by="terms")
    assert len(found.curves) == 6
    assert found.difference is not None
    assert found.difference[1] < 0.001


def test_a_projection_needs_survival_over_three_years(acme):
    """The regular customers of Fader and Hardie 2007, years 1 to 4 of 1,000, as tenths: alpha 0.76, beta 1.30 on years 0-4."""
    lost = (37, 16, 9, 6)
    ends = [f"{2019 + year}-12-31" for year, n in enumerate(lost) for _ in range(n)] + [None] * 32
    add(*(contract(id_, "2019-01-01", end) for id_, end in zip(many(len(ends)), ends, strict=True)))
    with reading(acme.ada) as session:
        found = tenure.survival(session, date(2023, 2, 1))
        assert found.projection is not None
        assert [found.projection.alpha, found.projection.beta] == pytest.approx([0.7637, 1.2958], rel=0.1)
        assert tenure.survival(session, date(2021, 12, 30)).projection is None
        assert tenure.survival(session, date(2023, 2, 1), by="tier").projection is None


def test_the_likely_lost_stand_by_value_and_leave_once_a_follow_up_is_planned(acme):
    small, large, lost, promised, active = (customer(acme.amy, name=name) for name in ("Small", "Large", "Lost", "Promised", "Active"))
    add(purchase(small, "2023-12-01", 5), purchase(large, "2023-06-01", 50), purchase(lost, "2022-06-01", 99), purchase(promised, "2023-12-01", 70),
        purchase(active, "2024-03-01", 80), planned(promised, "2024-04-10", acme.amy))
    assert ask(acme.ada, act_on.likely_lost)["customer"].tolist() == ["Large", "Small"]
    assert ask(acme.ada, act_on.likely_lost, limit=1)["customer"].tolist() == ["Large"]
    assert ask(acme.bo, act_on.likely_lost).empty


def test_contracts_about_to_end_are_those_that_nothing_follows(acme):
    soon, renewed, later, open_ended, ended, promised = (customer(acme.amy, name=name) for name in ("Soon", "Renewed", "Later", "Open", "Ended", "Promised"))
    on_day = {"ends_on": DAY + timedelta(days=60)}
    add(contract(soon, "2023-01-01", monthly=30, **on_day), contract(soon, "2022-01-01", monthly=99, ends_on=date(2022, 12, 31)), contract(renewed, "2023-01-01", **on_day),
        contract(renewed, "2024-05-31"), contract(later, "2023-01-01", ends_on=DAY + timedelta(days=61)), contract(open_ended, "2023-01-01"),
        contract(ended, "2023-01-01", ends_on=DAY - timedelta(days=1)), contract(promised, "2023-01-01", **on_day), planned(promised, "2024-04-10", acme.amy))
    table = ask(acme.ada, act_on.contracts_ending)
    assert table[["customer", "date", "value"]].to_numpy().tolist() == [["Soon", DAY + timedelta(days=60), 30.0]]
    assert ask(acme.sol, act_on.contracts_ending).empty


def test_a_manager_with_nobody_gets_empty_answers(acme, both_kinds):
    for question in (retention.retention_by, stages.stages_by_month, dormancy.by_month, purchases.repeat_by_entry, purchases.activity, cohorts.purchase_cohorts, rfm.rfm_grid):
        ask(acme.sol, question)
    assert ask(acme.sol, tenure.survival).curves == {}
    assert ask(acme.sol, comeback.comeback) is None
    assert ask(acme.sol, retention.movements, [MARCH])[["retention", "low", "grr"]].isna().all().all()


def test_the_outlook_of_the_published_customers(asked):
    cdnow = asked("cdnow")
    cut = date(1997, 9, 30)
    found = comeback.comeback(cdnow, cut)
    assert found is not None
    assert (sum(found.bands), found.too_early, found.buyers) == (946, 2357 - 946, 2357)
    assert found.expected_39 == pytest.approx(1653.4, rel=0.005)
    assert (found.rows["alive"] < comeback.LIKELY_GONE).all()
    assert found.rows["stake"].is_monotonic_decreasing
    assert np.allclose(found.rows["if_here"] * found.rows["alive"], found.rows["expected"])
    assert len(found.rows) == 24
    assert found.unrelated
    assert kpis.measure(cdnow, "expected_purchases", cut).value == pytest.approx(found.expected)
    assert comeback.comeback(cdnow, date(1997, 1, 31)) is None
    assert kpis.measure(cdnow, "expected_purchases", date(1997, 1, 31)).value is None
    assert kpis.measure(cdnow, "repeat_within_90", date(1998, 3, 30)).denominator == 2357
