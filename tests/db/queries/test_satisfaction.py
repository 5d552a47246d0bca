from __future__ import annotations

from datetime import date

import pytest

from db import records
from db.engine import reading, transaction
from db.policy import SYSTEM
from db.queries import satisfaction
from db.queries.filters import Filters
from db.queries.periods import Period, last_months, month
from tests.db.queries import company

DAY = date(2024, 3, 31)
MARCH = month(DAY)


def ask(actor, function, *args, **named):
    with reading(actor) as session:
        return function(session, DAY, *args, **named)


def test_csat_vector(acme, vectors):
    case = vectors["csat-1"]
    company.answers(company.customer(), company.question("csat", 1, 5), [score for score in case["input"] if score])
    mean, top = (ask(acme.ada, satisfaction.score, MARCH, measure=measure) for measure in ("mean", "top_two"))
    assert (mean.n, mean.value, top.value) == (case["expected"]["n"], case["expected"]["mean"], pytest.approx(case["expected"]["top2"]))


def test_no_answers_give_no_score_rather_than_zero(acme):
    company.question("csat", 1, 5)
    figure = ask(acme.ada, satisfaction.score, MARCH)
    assert (figure.value, figure.n, figure.low) == (None, 0, None)
    assert ask(acme.ada, satisfaction.score, MARCH, kind="nps", measure="nps").value is None


def test_ces_vector_and_the_scale_it_needs(acme, vectors):
    case = vectors["ces-1"]
    customer = company.customer()
    company.answers(customer, company.question("ces", 1, 5), [1, 1, 1])
    company.answers(customer, company.question("ces", 1, 7), case["input"])
    mean, agree = (ask(acme.ada, satisfaction.score, MARCH, kind="ces", measure=measure) for measure in ("mean", "agreement"))
    assert (mean.value, agree.value) == (case["expected"]["mean"], pytest.approx(case["expected"]["agree"]))
    assert mean.left_out == 3


def test_scales_are_not_mixed(acme):
    customer = company.customer()
    company.answers(customer, company.question("csat", 1, 5), [5])
    company.answers(customer, company.question("csat", 1, 5), [3])
    company.answers(customer, company.question("csat", 1, 10), [9, 9])
    figure = ask(acme.ada, satisfaction.score, MARCH)
    assert (figure.value, figure.n, figure.left_out) == (4.0, 2, 2)


@pytest.mark.parametrize("case", ["tz-1"])
def test_an_evening_in_utc_is_next_month_in_shanghai(acme, vectors, case):
    company.answers(company.customer(), company.question("csat", 1, 5), [5], at=vectors[case]["input"]["utc"].removesuffix("Z"))
    with reading(acme.ada) as session:
        table = satisfaction.scores_by(session, date(2024, 4, 30), Period(date(2024, 3, 1), date(2024, 5, 1)), "month").set_index("group")
    assert table["n"].to_dict() == {"2024-03": 0, vectors[case]["expected"]: 1}


def test_months_without_answers_are_shown_without_a_score(acme):
    company.answers(company.customer(), company.question("csat", 1, 5), [5], at="2024-01-10T04:00")
    table = ask(acme.ada, satisfaction.scores_by, last_months(DAY, 4), "month")
    assert table["group"].tolist() == ["2023-12", "2024-01", "2024-02", "2024-03"]
    assert table["n"].tolist() == [0, 1, 0, 0]
    assert table["mean"].isna().tolist() == [True, False, True, True]


def test_by_manager_at_the_time_and_those_without(acme):
    customer, question = company.customer(acme.bo), company.question("csat", 1, 5)
    company.answers(customer, question, [5, 4], manager=acme.amy)
    company.answers(customer, question, [1])
    table = ask(acme.ada, satisfaction.scores_by, MARCH, "manager")
    assert table[["label", "n", "mean"]].to_numpy().tolist() == [["Amy", 2, 4.5], [None, 1, 1.0]]
    assert ask(acme.ada, satisfaction.score, MARCH, Filters(owner_id=acme.amy.id)).value == 4.5


@pytest.mark.parametrize("by", ["tier", "region", "industry", "kind"])
def test_by_an_attribute_of_the_customer(acme, by):
    value = {"tier": "A", "region": "east", "industry": "trade", "kind": "person"}[by]
    question = company.question("csat", 1, 5)
    company.answers(company.customer(**{by: value}), question, [5])
    company.answers(company.customer(), question, [1])
    table = ask(acme.ada, satisfaction.scores_by, MARCH, by).set_index("group")
    assert table.loc[value, "mean"] == 5.0
    assert ask(acme.ada, satisfaction.score, MARCH, Filters(**{by: value})).value == 5.0


def test_ratings_in_follow_ups_are_a_kind_of_their_own(acme):
    customer = company.customer(acme.amy)
    company.answers(customer, company.question("csat", 1, 5), [5])
    company.add(company.done(customer, "2024-03-05T03:00", acme.amy, rating=2), company.done(customer, "2024-03-06T03:00", acme.amy),
                company.done(customer, "2024-04-06T03:00", acme.amy, rating=5))
    assert ask(acme.ada, satisfaction.score, MARCH).value == 5.0
    assert ask(acme.ada, satisfaction.score, MARCH, kind="follow_up").value == 2.0
    assert ask(acme.ada, satisfaction.scores_by, MARCH, "manager", kind="follow_up")["label"].tolist() == ["Amy"]


def test_lowest_comments_come_first(acme):
    customer, question = company.customer(), company.question("csat", 1, 5)
    for score, words in ((4, "Fine"), (1, "Late again"), (2, None)):
        company.answers(customer, question, [score], comment=words)
    assert ask(acme.ada, satisfaction.lowest_comments, MARCH)["note"].tolist() == ["Late again", "Fine"]


def test_distribution_by_group_shows_every_point(acme):
    company.answers(company.customer(), company.question("csat", 1, 5), [5, 5, 2], channel="phone")
    table = ask(acme.ada, satisfaction.distribution, MARCH, by="channel")
    assert table["group"].unique().tolist() == ["phone"]
    assert table["n"].tolist() == [0, 1, 0, 0, 2]


def test_everybody_sees_the_answers_of_their_own_customers(acme):
    question = company.question("csat", 1, 5)
    company.answers(company.customer(acme.amy), question, [5])
    company.answers(company.customer(acme.cy), question, [1])
    values = {name: ask(getattr(acme, name), satisfaction.score, MARCH).value for name in ("ada", "mia", "amy", "cy", "bo")}
    assert values == {"ada": 3.0, "mia": 5.0, "amy": 5.0, "cy": 1.0, "bo": None}


def test_answers_of_a_customer_deleted_later_stay_but_a_deleted_answer_never_counts(acme):
    customer, question = company.customer(), company.question("csat", 1, 5)
    company.answers(customer, question, [5])
    [mistaken] = company.answers(customer, question, [1])
    with transaction(SYSTEM, "delete") as session:
        records.delete(session, "survey_response", mistaken)
    with transaction(SYSTEM, "delete") as session:
        records.delete(session, "customer", customer)
    figure = ask(acme.ada, satisfaction.score, MARCH)
    assert (figure.value, figure.n) == (5.0, 1)
