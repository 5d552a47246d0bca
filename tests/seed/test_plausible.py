"""The sample company looks like a real one: what a trainer wants to show in it is there."""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import timedelta
from statistics import mean

import pytest

from db import clock
from db.engine import reading
from db.policy import SYSTEM
from db.queries.attention import attention
from db.queries.today import agenda
from tests.seed.conftest import KEPT, at_noon, opened, rows_of


@pytest.fixture(scope="module")
def whole_sample(sqlite_template, tmp_path_factory):
    """The 300 customers that a new user opens, loaded in bulk: that both ways and both databases give the same rows, `test_same_again` shows."""
    url = f"sqlite:///{shutil.copyfile(sqlite_template, tmp_path_factory.mktemp('sample') / 'sample.db')}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("seed.sample.BY_THE_RULES", 0)
        KEPT.add(opened(url, "en", customers=300))
    return url


@pytest.fixture
def sample(whole_sample, monkeypatch):
    yield from at_noon(whole_sample, "en", monkeypatch)


def account_managers():
    return [user for user in rows_of("user") if user.role == "rep"]


def test_one_manager_carries_far_too_much_and_one_far_too_little(sample):
    owned = Counter(customer.owner_id for customer in rows_of("customer"))
    loads = [owned[user.id] for user in account_managers()]
    assert len(loads) == 6
    assert max(loads) > 1.5 * mean(loads)
    assert min(loads) < 0.5 * mean(loads)


def test_the_overloaded_manager_is_late_and_her_customers_are_less_satisfied(sample):
    owned = Counter(customer.owner_id for customer in rows_of("customer"))
    busiest = max(account_managers(), key=lambda user: owned[user.id]).id
    open_ones = [row for row in rows_of("follow_up") if row.status == "planned"]
    late = Counter(row.owner_id for row in open_ones if row.due_on < clock.today())
    ratings = {user.id: mean(row.rating for row in rows_of("follow_up") if row.rating and row.owner_id == user.id) for user in account_managers()}
    assert late[busiest] > 2 * max(late[user.id] for user in account_managers() if user.id != busiest)
    assert ratings[busiest] < mean(ratings.values()) - 0.15
    assert max(ratings.values()) - min(ratings.values()) > 0.4


def test_today_is_lively(sample):
    with reading(SYSTEM) as session:
        found, reasons = agenda(session, None), attention(session, None)
    overdue, due, ahead = found.counts
    assert min(overdue, due, ahead, found.done_today) >= 3
    assert any(item.due_time for item in found.today)
    assert all(count >= 2 for count, _ in reasons.values())
    assert sum(count for count, _ in reasons.values()) < 150


def test_season_and_weekday_are_felt(sample):
    orders = [order.ordered_on for order in rows_of("order") if order.kind == "purchase"]
    by_weekday = Counter(day.weekday() for day in orders)
    assert by_weekday[5] + by_weekday[6] < 0.5 * min(by_weekday[number] for number in range(5))
    months = Counter(day.month for day in orders if day.year == 2025)
    assert months[11] + months[12] > 1.3 * (months[1] + months[2])


def test_many_customers_come_back_and_some_never(sample):
    days = {}
    for order in rows_of("order"):
        days.setdefault(order.customer_id, set()).add(order.ordered_on)
    purchases = [len(found) for found in days.values()]
    assert 0.5 < mean(count > 1 for count in purchases) < 0.9
    assert max(purchases) > 12
    assert 2.5 < mean(purchases) < 7


def test_contracts_end_soon_and_some_have_ended(sample):
    contracts = [order for order in rows_of("order") if order.kind == "contract"]
    soon = [order for order in contracts if not order.ended_on and timedelta(0) <= order.ends_on - clock.today() <= timedelta(days=45)]
    ended = [order for order in contracts if order.ended_on]
    assert len(soon) >= 3
    assert 0.05 < len(ended) / len(contracts) < 0.3
    assert len({order.end_reason for order in ended}) >= 3


def test_answers_come_every_month_and_use_the_scales(sample):
    answers = rows_of("survey_response")
    kinds = {question.id: question.kind for question in rows_of("question")}
    last_year = {row.answered_on.strftime("%Y-%m") for row in answers if row.answered_on > clock.today() - timedelta(days=365)}
    assert len(last_year) >= 12
    assert {kind: len({row.score for row in answers if kinds[row.question_id] == kind}) >= wanted for kind, wanted in (("csat", 4), ("nps", 6), ("ces", 4))} == {
        "csat": True, "nps": True, "ces": True}
    assert sum(bool(row.comment) for row in answers) > 50


def test_about_a_third_of_those_who_were_sent_the_survey_answer_it_more_by_phone_than_by_e_mail(sample):
    rows = rows_of("survey_invitation")
    states = Counter(row.state for row in rows)
    assert 0.3 < states["answered"] / (len(rows) - states["undeliverable"]) < 0.42
    assert 0.02 < states["undeliverable"] / len(rows) < 0.06
    assert states["partial"] > 5
    rate = {channel: sum(row.state == "answered" for row in rows if row.channel == channel) / sum(row.channel == channel for row in rows) for channel in ("phone", "email")}
    assert rate["phone"] > rate["email"] + 0.1
    assert all((row.answered_on is not None) == (row.state in {"answered", "partial"}) for row in rows)


def test_every_status_tier_and_method_occurs(sample):
    customers = rows_of("customer")
    assert {customer.status for customer in customers} == {"lead", "prospect", "active", "dormant", "lost"}
    assert {customer.tier for customer in customers} == {"A", "B", "C", None}
    assert {customer.kind for customer in customers} == {"company", "person"}
    assert {row.method for row in rows_of("follow_up")} == {"call", "visit", "wechat", "email", "meeting", "message"}
    assert any(customer.owner_id is None for customer in customers)


def test_targets_can_be_reached_and_missed(sample):
    wanted, reached = Counter(), Counter()
    for target in rows_of("target"):
        if target.measure == "follow_ups" and target.month.isoformat() == "2026-04-01":
            wanted[target.user_id] = float(target.value)
    for row in rows_of("follow_up"):
        if row.done_on and row.done_on.isoformat()[:7] == "2026-04":
            reached[row.owner_id] += 1
    ratios = [reached[user] / goal for user, goal in wanted.items()]
    assert min(ratios) < 0.8 < 1.0 < max(ratios)
    assert 0.6 < mean(ratios) < 1.4
