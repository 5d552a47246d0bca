"""The response rate, and the lists of what customers said last."""

from __future__ import annotations

from datetime import date

import pytest

from db.engine import reading, transaction
from db.models import Customer
from db.policy import SYSTEM
from db.queries import invitations, kpis, last_answers, satisfaction_index
from db.queries.filters import EVERYBODY, Filters
from db.queries.periods import Period, latest
from tests.db.queries import company
from tests.db.queries.company import add, answers, done, invitation, planned, survey
from tests.houses import filled_once

MARCH, DAY = Period(date(2024, 3, 1), date(2024, 4, 1)), date(2024, 3, 31)


def ask(actor, question, *arguments, **options):
    with reading(actor) as session:
        return question(session, *arguments, **options)


def rate(actor, as_of: date = DAY, filters: Filters = EVERYBODY):
    return ask(actor, kpis.measure, "response_rate", as_of, MARCH, filters)


@pytest.fixture
@filled_once
def wave(acme) -> list[int]:
    """Ten of Amy's customers: three answered, one partly, one letter came back; two of five by e-mail answered, one of four by phone."""
    asked, _ = survey(("csat", 1, 5))
    customers = [company.customer(acme.amy, tier="A" if number < 5 else "B") for number in range(10)]
    states = ["answered", "answered", "sent", "sent", "undeliverable", "sent", "answered", "partial", "sent", "sent"]
    add(*(invitation(id_, asked, "2024-03-04", state, "2024-03-20" if state in ("answered", "partial") else None, wave="spring", channel="email" if n < 6 else "phone")
          for n, (id_, state) in enumerate(zip(customers, states, strict=True))))
    return [asked, *customers]


def test_whole_answers_of_the_delivered_count(acme, wave):
    figure = rate(acme.ada)
    assert (figure.value, figure.numerator, figure.denominator, figure.left_out) == (3 / 9, 3, 9, 1)
    assert rate(acme.ada, filters=Filters(tier="A")).value == 2 / 4
    assert rate(acme.cy).value is None
    assert rate(acme.ada, date(2024, 3, 10)).value == 0, "what came later is not known yet"
    table = ask(acme.ada, invitations.response_by, DAY, MARCH, "channel").set_index("group")
    assert table[["sent", "undeliverable", "partial", "completed", "n"]].loc[["email", "phone"]].to_numpy().tolist() == [[6, 1, 0, 2, 5], [4, 0, 1, 1, 4]]
    rows = ask(acme.ada, kpis.rows_behind, "response_rate", DAY, MARCH)
    assert (len(rows), int(rows["counted"].sum())) == (9, 3)


def test_a_customer_counts_once_a_wave_with_the_latest_answer(acme, wave):
    asked, first, _, third, *_ = wave
    add(invitation(first, asked, "2024-03-21", wave="spring", channel="phone"), invitation(third, asked, "2024-03-21", "answered", "2024-03-22", wave="spring", channel="phone"))
    assert (rate(acme.ada).numerator, rate(acme.ada).denominator) == (4, 9)
    add(invitation(first, asked, "2024-03-21", wave="again"), invitation(first, asked, "2024-03-21"), invitation(first, asked, "2024-03-22"))
    assert rate(acme.ada).denominator == 12


def test_each_month_stays_as_it_stood_at_its_end(acme):
    asked, _ = survey(("csat", 1, 5))
    slow, twice, late = (company.customer(acme.amy) for _ in range(3))
    add(invitation(slow, asked, "2024-02-20", "answered", "2024-03-05", wave="winter"),
        invitation(twice, asked, "2024-02-20", wave="winter"), invitation(twice, asked, "2024-03-02", "answered", "2024-03-03", wave="winter"),
        invitation(late, asked, "2024-03-28", "answered", "2024-04-02", wave="spring"))
    months = latest(DAY, 3)
    found = ask(acme.ada, kpis.measure_each, "response_rate", DAY, months)
    assert [(figure.numerator, figure.denominator) for figure in found] == [(0, 0), (0, 2), (1, 2)]


def test_where_nothing_was_delivered_there_is_no_rate(acme):
    asked, _ = survey(("csat", 1, 5))
    assert rate(acme.ada).value is None
    add(*(invitation(company.customer(), asked, "2024-03-04", "undeliverable") for _ in range(5)))
    assert rate(acme.ada).value is None, "nothing was delivered"


def test_the_index_is_the_mean_of_the_questions_of_the_largest_survey_each_on_its_own_scale(acme):
    customer, (_, [first, second, _]), (_, [other]) = company.customer(), survey(("csat", 1, 5), ("csat", 1, 10), ("nps", 0, 10)), survey(("csat", 1, 5))
    answers(customer, first, [5, 5, 4, 4])
    answers(customer, second, [1, 10])
    answers(customer, other, [1] * 9)
    figure = ask(acme.ada, kpis.measure, "csat_index", DAY, MARCH)
    assert (figure.value, figure.n, figure.left_out) == ((87.5 + 50) / 2, 2, 9)
    assert figure.low < figure.value < figure.high
    assert ask(acme.ada, satisfaction_index.index_parts, DAY, MARCH)["value"].tolist() == [87.5, 50]
    assert len(ask(acme.ada, kpis.rows_behind, "csat_index", DAY, MARCH)) == 4, "the rows lie on the commonest scale"


def names(table) -> list[int]:
    return table["customer_id"].tolist()


def due(customer: int, day: str) -> int:
    with transaction(SYSTEM, "test") as session:
        session.get_one(Customer, customer).customer_since = date.fromisoformat(day)
    return customer


def test_satisfied_customers_who_are_left_alone(acme):
    _, [question] = survey(("csat", 1, 5))
    silent, planned_for, late_plan, unhappy_now, recent, of_cy = (due(company.customer(acme.cy if n == 5 else acme.amy, tier="A"), "2023-06-01") for n in range(6))
    for customer in (silent, planned_for, late_plan, unhappy_now, of_cy):
        answers(customer, question, [5, 4], at="2023-12-01T04:00")
    answers(recent, question, [5], at="2023-12-01T04:00")
    add(planned(planned_for, "2024-04-05", acme.amy), planned(late_plan, "2024-02-05", acme.amy), done(recent, "2024-03-20T04:00", acme.amy))
    answers(unhappy_now, question, [5, 3], at="2024-01-05T04:00")
    add(planned(planned_for, "2024-02-05", acme.amy))
    table = ask(acme.mia, last_answers.satisfied_but_silent, DAY)
    assert names(table) == [silent, late_plan]
    assert table.loc[0, ["day", "score", "maximum", "due_on"]].tolist() == [date(2023, 12, 1), 4, 5, date(2023, 7, 1)]
    assert names(ask(acme.cy, last_answers.satisfied_but_silent, DAY)) == [of_cy]
    assert names(ask(acme.ada, last_answers.satisfied_but_silent, DAY, Filters(tier="B"))) == []


def test_the_satisfied_are_found_however_many_silent_ones_come_before_them(acme):
    _, [question] = survey(("csat", 1, 5))
    silent = [due(company.customer(acme.amy, tier="A"), f"2023-0{1 + number // 20}-{1 + number % 20:02}") for number in range(60)]
    satisfied = [silent[place] for place in (9, 29, 30, 58)]
    for customer in satisfied:
        answers(customer, question, [5], at="2023-12-01T04:00")
    for wanted in (1, 2, 3, 4):
        assert names(ask(acme.mia, last_answers.satisfied_but_silent, DAY, limit=wanted)) == satisfied[:wanted]
    assert names(ask(acme.mia, last_answers.satisfied_but_silent, DAY, limit=5)) == satisfied


def test_unhappy_key_accounts_whom_nobody_spoke_to_since(acme):
    _, [question] = survey(("csat", 1, 10))
    low, marked, fair, heard, small, long_ago, better = (company.customer(acme.amy, tier="B" if n == 4 else "A") for n in range(7))
    for customer, score, day in ((low, 4, "2024-03-10"), (fair, 5, "2024-03-10"), (heard, 1, "2024-03-10"), (small, 1, "2024-03-10"), (long_ago, 1, "2023-09-01"), (better, 1, "2024-03-10")):
        answers(customer, question, [score], at=f"{day}T04:00")
    answers(marked, question, [9], at="2024-03-12T04:00", unhappy=True)
    answers(better, question, [9], at="2024-03-20T04:00")
    rated = company.customer(acme.amy, tier="A")
    add(done(heard, "2024-03-11T04:00", acme.amy), done(rated, "2024-03-15T04:00", acme.amy, rating=2))
    table = ask(acme.mia, last_answers.unhappy_key_accounts, DAY)
    assert names(table) == [low, marked, rated]
    assert table["marked"].astype(bool).tolist() == [False, True, False]
    assert table[["score", "maximum"]].to_numpy().tolist() == [[4, 10], [9, 10], [2, 5]]
    assert names(ask(acme.cy, last_answers.unhappy_key_accounts, DAY)) == []
