"""Real files go through the real importer, and the figures on the pages equal the published ones."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from db import check
from db.models import Customer, FollowUp, Order, SurveyResponse, User
from db.queries import cohorts, concentration, purchases, retention, rfm, satisfaction, stages, tenure, workload
from db.queries.periods import Period
from tests.real.sets import TELCO_DAY

LAST_DAY = date(1998, 6, 30)
ALL_TIME = Period(date(1997, 1, 1), date(1998, 7, 1))
MARCH = Period(date(2024, 3, 1), date(2024, 4, 1))
SURVEY_DAY = date(2024, 3, 31)
YEAR_2012 = Period(date(2012, 1, 1), date(2013, 1, 1))


def counted(session, model, *conditions) -> int:
    return session.scalar(select(func.count()).select_from(model).where(*conditions))


def test_cdnow_every_customer_and_every_purchase_arrives(imported, expected):
    session = imported("cdnow")
    reference = expected["cdnow_sample"]
    assert (counted(session, Customer), counted(session, Order)) == (reference["customers"], reference["rows"]) == (2357, 6919)
    assert session.scalar(select(func.sum(Order.amount))) == Decimal(str(reference["amount"]))
    assert counted(session, Order, Order.channel != "online") == 0


def test_cdnow_customers_who_come_back(imported, expected):
    session = imported("cdnow")
    figure = purchases.repeat_rate(session, LAST_DAY)
    assert (figure.numerator, figure.denominator) == (1139, 2357)
    found = stages.stages(session, LAST_DAY)
    assert [found[stage] for stage in stages.STAGES] == [300, 215, 303, 1539]
    matrix = cohorts.purchase_cohorts(session, LAST_DAY)
    for month, active in expected["cdnow_sample"]["cohort_months_active"].items():
        assert matrix[matrix["cohort"] == date.fromisoformat(f"{month}-01")]["active"].tolist() == active


def test_cdnow_worth_of_the_customers(imported, expected):
    session = imported("cdnow")
    classes = concentration.abc_classes(session, LAST_DAY, ALL_TIME)
    assert dict(zip(classes["grade"], classes["customers"], strict=True)) == {"A": 777, "B": 804, "C": 776}
    assert concentration.top_fifth_share(session, LAST_DAY, ALL_TIME).value == pytest.approx(0.6746, abs=5e-5)
    assert concentration.spending_gini(session, LAST_DAY, ALL_TIME).value == pytest.approx(0.630917, abs=1e-6)
    table = rfm.rfm_distribution(session, LAST_DAY)
    for letter, scores in expected["cdnow_sample"]["rfm"]["ties_together"].items():
        assert table.groupby(letter.lower())["customers"].sum().to_dict() == {int(score): n for score, n in scores.items()}


def test_telco_contracts_and_the_share_of_customers_lost(imported, expected):
    session = imported("telco")
    reference = expected["telco_churn"]
    assert (counted(session, Customer), counted(session, Order, Order.kind == "contract")) == (7043, 7043)
    assert counted(session, Order, Order.ended_on.is_not(None)) == counted(session, Customer, Customer.status == "lost") == reference["churned"] == 1869
    figure = retention.lost_so_far(session, TELCO_DAY, None)
    assert figure.value == pytest.approx(reference["churn_rate"], abs=1e-5)
    money = retention.revenue_lost_so_far(session, TELCO_DAY, None)
    assert (money.numerator, money.denominator) == (pytest.approx(139130.85, abs=0.01), pytest.approx(456116.60, abs=0.01))


def test_telco_losses_and_survival_by_kind_of_contract(imported, expected):
    session = imported("telco")
    table = retention.losses_by(session, TELCO_DAY, "terms").set_index("group")
    for kind, (customers, lost, rate) in expected["telco_churn"]["by_contract"].items():
        assert (table.loc[kind, "customers"], table.loc[kind, "lost"]) == (customers, lost)
        assert table.loc[kind, "rate"] == pytest.approx(rate, abs=1e-6)
    curve = tenure.survival_curves(session, TELCO_DAY)[""]
    for months, share in expected["telco_churn"]["km_all"].items():
        assert curve.at(int(months)) == pytest.approx(share, abs=1e-6)


def test_ecsi_satisfaction_and_recommendation(imported, expected):
    session = imported("ecsi")
    reference = expected["ecsi_mobile"]
    assert counted(session, SurveyResponse) == 4 * reference["n"] == 1000
    assert session.scalar(select(func.count(func.distinct(SurveyResponse.sheet)))) == 250
    assert counted(session, SurveyResponse, SurveyResponse.channel == "phone") == 1000
    overall = {"question_ids": (1,)}
    assert satisfaction.score(session, SURVEY_DAY, MARCH, **overall).value == pytest.approx(7.988)
    assert satisfaction.score(session, SURVEY_DAY, MARCH, measure="top_two", **overall).value == pytest.approx(0.268)
    assert satisfaction.index(session, SURVEY_DAY, MARCH, (1, 2, 3)).value == pytest.approx(reference["three_item_index_equal_weights"], abs=1e-5)
    figure = satisfaction.score(session, SURVEY_DAY, MARCH, kind="nps", measure="nps")
    assert list(satisfaction.promoters(session, SURVEY_DAY, MARCH)) == reference["CUSL3_promoters_passives_detractors"]
    assert [figure.value, figure.low, figure.high] == pytest.approx([14.0, *reference["CUSL3_nps"]["adjusted_wald_95"]], abs=5e-5)


def test_helpdesk_how_evenly_the_agents_shared_the_work(imported, expected):
    session = imported("helpdesk")
    reference = expected["helpdesk"]
    table = workload.workload(session, date(2013, 12, 31), YEAR_2012)
    names = {id_: name.removeprefix("Agent ") for id_, name in session.execute(select(User.id, User.name))}
    worked = {names[id_]: done for id_, done in zip(table["manager_id"], table["done"], strict=True) if done}
    assert worked == reference["tickets_per_agent_2012"]
    even = workload.balance(table, "done")
    assert [even.gini, even.cv] == pytest.approx(reference["gini_cv_2012_all_agents"], abs=1e-5)
    assert counted(session, FollowUp, FollowUp.status != "done") == 0


@pytest.mark.parametrize("name", ["cdnow", "telco", "ecsi", "helpdesk"])
def test_what_was_imported_is_sound(imported, name):
    imported(name)
    assert check.check().problems == []
