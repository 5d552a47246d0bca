"""Follow-ups planned for many customers at once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from db import clock, history, records
from db.actions import follow_ups
from db.engine import reading, transaction
from db.errors import Invalid
from db.models import FollowUp
from tests.db.queries import company


def plan_for(actor, customers: list[int], subject: str = "Ask how it went", days: int = 2) -> tuple[int, int | None]:
    with transaction(actor, "follow_up.plan") as session:
        count = follow_ups.plan_for(session, customers, subject, clock.today() + timedelta(days=days))
    return count, session.info["change_id"]


def waiting(actor) -> list[tuple[int, int | None, str]]:
    with reading(actor) as session:
        rows = select(FollowUp.customer_id, FollowUp.owner_id, FollowUp.subject).where(FollowUp.status == "planned").order_by(FollowUp.customer_id)
        return [tuple(row) for row in session.execute(rows)]


def test_each_owner_gets_the_follow_up_and_the_manager_those_of_nobody_and_of_people_who_left(acme):
    mine, nobody_s, left = company.customer(acme.amy), company.customer(), company.customer(acme.bo)
    with transaction(acme.ada, "user.update") as session:
        records.update(session, "user", acme.bo.id, {"active": False})
    count, change = plan_for(acme.mia, [mine, nobody_s, left, mine])
    assert count == 3
    assert waiting(acme.mia) == [(mine, acme.amy.id, "Ask how it went"), (nobody_s, acme.mia.id, "Ask how it went"), (left, acme.mia.id, "Ask how it went")]
    history.undo(acme.mia, change)
    assert waiting(acme.mia) == []


def test_nobody_is_asked_the_same_twice(acme):
    first, second = company.customer(acme.amy), company.customer(acme.amy)
    assert plan_for(acme.amy, [first])[0] == 1
    assert plan_for(acme.amy, [first, second], days=5)[0] == 1
    assert plan_for(acme.amy, [first], "Something else")[0] == 1
    assert len(waiting(acme.amy)) == 3


def test_customers_of_others_are_left_alone(acme):
    assert plan_for(acme.amy, [company.customer(acme.cy)]) == (0, None)


@pytest.mark.parametrize(("subject", "day", "field"), [(" ", date(2999, 1, 1), "subject"), ("Call", date(2000, 1, 1), "due_on"), ("Call", None, "due_on")])
def test_it_takes_a_subject_and_a_day_to_come(acme, subject, day, field):
    customer = company.customer(acme.amy)
    with pytest.raises(Invalid) as refused, transaction(acme.amy, "follow_up.plan") as session:
        follow_ups.plan_for(session, [customer], subject, day)
    assert list(refused.value.problems) == [field]
