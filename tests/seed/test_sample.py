"""A sample company keeps every rule that users' data must keep, in both languages, on both databases."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from db import check, clock, records
from db.choices import fields_for, options
from db.engine import reading, transaction
from db.errors import Forbidden, Invalid
from db.fields import Kind, fields_of
from db.models import NOUNS, Credential, User
from db.policy import SYSTEM
from seed.sample import open_sample_company
from tests.seed.conftest import CUSTOMERS, rows_of


def filled_nouns():
    with reading(SYSTEM) as session:
        return [noun for noun, model in NOUNS.items() if session.scalar(select(func.count()).select_from(model))]


def test_every_row_would_be_accepted_from_a_user(sample):
    assert {"customer", "contact", "order", "order_line", "follow_up", "survey_response", "survey_invitation", "target", "product", "tag", "custom_field"} <= set(filled_nouns())
    for noun in filled_nouns():
        rows = rows_of(noun)
        with reading(SYSTEM) as session:
            fields = [field for field in fields_for(session, noun) if field.editable]
            for row in rows:
                given = {field.key: records.value_of(row, field) for field in fields}
                cleaned = records.validated(session, noun, given, fields)
                assert {key: value for key, value in cleaned.items() if not _same(value, given[key])} == {}


def _same(cleaned, given):
    return cleaned == given or (cleaned in (None, [], False) and not given)


def test_every_link_leads_to_a_record_and_everything_derived_is_in_step(sample):
    report = check.check()
    assert report.problems == []
    ids = {noun: {row.id for row in rows_of(noun)} for noun in filled_nouns()}
    for noun in filled_nouns():
        links = [field for field in fields_of(NOUNS[noun]) if field.kind == Kind.LINK]
        for row in rows_of(noun):
            assert all(getattr(row, field.key) in ids[field.target] for field in links if getattr(row, field.key) is not None)


def test_what_hangs_together_belongs_to_the_same_customer(sample):
    customer_of = {noun: {row.id: row.customer_id for row in rows_of(noun)} for noun in ("contact", "order", "follow_up")}
    for noun, key, target in (("follow_up", "contact_id", "contact"), ("follow_up", "previous_id", "follow_up"), ("order_line", "order_id", "order"),
                              ("survey_response", "contact_id", "contact"), ("survey_invitation", "contact_id", "contact")):
        assert all(customer_of[target][getattr(row, key)] == row.customer_id for row in rows_of(noun) if getattr(row, key))


def test_an_order_s_amount_is_the_sum_of_its_lines(sample):
    sums = Counter()
    for line in rows_of("order_line"):
        sums[line.order_id] += (line.quantity * line.price * (100 - line.discount) / 100).quantize(Decimal("0.01"))
    assert {order.id: order.amount for order in rows_of("order")} == sums


def test_nothing_was_done_in_the_future_and_nothing_planned_without_a_day(sample):
    now, today = clock.now(), clock.today()
    for row in rows_of("follow_up"):
        assert (row.done_at is not None and row.done_at <= now) if row.status == "done" else (row.done_at is None and row.due_on is not None)
        assert row.created_at <= now
    assert all(answer.answered_at <= now for answer in rows_of("survey_response"))
    assert all(order.ordered_on <= today and (order.ended_on or today) <= today for order in rows_of("order"))


def test_a_next_step_was_planned_before_it_was_due_and_after_the_one_before(sample):
    rows = {row.id: row for row in rows_of("follow_up")}
    followed = [row for row in rows.values() if row.previous_id]
    assert len(followed) > CUSTOMERS
    for row in followed:
        earlier = rows[row.previous_id]
        assert earlier.status == "done"
        assert earlier.done_at <= row.created_at <= (row.done_at or row.created_at)
        assert clock.local(row.created_at).date() <= row.due_on


def test_contracts_have_a_term_and_say_why_they_ended(sample):
    contracts = [order for order in rows_of("order") if order.kind == "contract"]
    assert len(contracts) > CUSTOMERS / 5
    for order in contracts:
        assert order.starts_on <= (order.ended_on or order.ends_on) <= order.ends_on
        assert order.monthly_amount > 0
        assert (order.ended_on is None) == (order.end_reason is None)


def test_short_codes_and_user_names_are_unique_and_numbering_goes_on(own_sample):
    for noun in ("customer", "order", "product"):
        codes = [row.code for row in rows_of(noun)]
        assert len(codes) == len(set(codes))
    names = [user.user_name for user in rows_of("user")]
    assert len(names) == len(set(names))
    with transaction(own_sample.ada, "test") as session:
        made = records.create(session, "customer", {"name": "Late Comer"})
        line = records.create(session, "follow_up", {"customer_id": made.id, "subject": "Hello"})
    assert (made.id, made.code, line.id) == (CUSTOMERS + 1, f"C-{CUSTOMERS + 1:04d}", max(row.id for row in rows_of("follow_up")))


def test_codes_of_drop_downs_are_among_the_options(sample):
    with reading(SYSTEM) as session:
        known = {list_key: {option.key for option in rows} for list_key, rows in options(session).items()}
    used = Counter((field.options, getattr(row, field.key)) for noun in filled_nouns() for field in fields_of(NOUNS[noun]) if field.options
                   for row in rows_of(noun) if getattr(row, field.key))
    assert all(code in known[list_key] for list_key, code in used)
    assert {list_key for list_key, _ in used} == {"industry", "region", "source", "method", "outcome", "channel", "end_reason", "risk", "credit_grade"}


def test_survey_scores_lie_on_their_scale_and_a_sheet_answers_a_question_once(sample):
    questions = {question.id: question for question in rows_of("question")}
    answers = rows_of("survey_response")
    assert all(questions[row.question_id].scale_min <= row.score <= questions[row.question_id].scale_max for row in answers)
    assert len({(row.sheet, row.question_id) for row in answers}) == len(answers)


def test_every_low_rating_is_followed_by_an_attempt_to_win_back(sample):
    rows = rows_of("follow_up")
    low, followed = {row.id for row in rows if row.rating in (1, 2)}, {row.previous_id for row in rows}
    assert len(low) > CUSTOMERS / 15
    assert low <= followed


def test_the_words_are_those_of_the_language(sample, language):
    chinese = sum(any("\u4e00" <= sign <= "\u9fff" for sign in row.content) for row in rows_of("follow_up") if row.content)
    assert chinese == (sum(bool(row.content) for row in rows_of("follow_up")) if language == "zh" else 0)
    assert not any("{" in f"{row.subject}{row.content}" for row in rows_of("follow_up"))
    assert len({row.content for row in rows_of("follow_up")}) > 3 * CUSTOMERS


def test_the_administrator_stays_and_nobody_new_can_sign_in(sample):
    with reading(SYSTEM) as session:
        assert session.get(User, sample.ada.id).active
        assert session.scalar(select(func.count()).select_from(Credential)) == 0
        assert session.scalar(select(func.count()).select_from(User).where(User.role == "manager", User.id > sample.ada.id)) == 2


def test_a_workspace_with_customers_is_left_alone(acme):
    with transaction(acme.ada, "test") as session:
        records.create(session, "customer", {"name": "Harbour Bakery"})
    with pytest.raises(Invalid):
        open_sample_company(acme.ada, customers=20)
    assert len(rows_of("customer")) == 1
    assert rows_of("product") == []


@pytest.mark.parametrize("who", ["mia", "amy", "gil", "vic"])
def test_only_an_administrator_opens_it(acme, who):
    with pytest.raises(Forbidden):
        open_sample_company(getattr(acme, who), customers=20)
    assert rows_of("customer") == []


def test_the_smallest_companies_work_too(acme):
    open_sample_company(acme.ada, customers=1, years=1, managers=1)
    assert len(rows_of("customer")) == 1


