"""Hours, absences and room for more; every expected figure is worked out by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from db import records
from db.engine import reading, transaction
from db.errors import Forbidden, Invalid
from db.models import Absence, User
from db.policy import SYSTEM
from db.queries import capacity, workload
from db.queries.kpis import measure
from db.queries.periods import month
from db.queries.splitting import Holding, by_group, evenly, until_even
from tests.db.queries import company
from tests.db.queries.company import add, done, planned

DAY = date(2024, 5, 31)
"""The last day of a month of 23 working days, Monday to Friday."""
MAY = month(DAY)


def absence(user, first: str, last: str, actor=None) -> int:
    with transaction(actor or SYSTEM, "absence.create") as session:
        return records.create(session, "absence", {"user_id": user.id, "starts_on": first, "ends_on": last, "kind": "leave"}).id


def test_available_hours_are_working_days_less_absences(acme):
    with transaction(SYSTEM, "setup") as session:
        session.get_one(User, acme.bo.id).weekly_hours = Decimal(24)
        session.organisation.holidays = ["2024-05-01"]
    absence(acme.amy, "2024-05-10", "2024-05-14")  # Friday to Tuesday: three working days
    absence(acme.amy, "2024-04-29", "2024-05-01")  # the first of May is a holiday
    with reading(acme.ada) as session:
        hours = capacity.available(session, MAY, [acme.amy.id, acme.bo.id])
    assert hours == {acme.amy.id: pytest.approx(19 * 8), acme.bo.id: pytest.approx(22 * 4.8)}


def test_utilisation_counts_what_was_done_and_what_is_due(acme):
    id_ = company.customer(acme.amy, customer_since=date(2024, 1, 1))
    add(done(id_, "2024-05-07T02:00", acme.amy, duration_minutes=90), done(id_, "2024-05-08T02:00", acme.amy), planned(id_, "2024-05-20", acme.amy),
        planned(id_, "2024-06-20", acme.amy), done(id_, "2024-04-30T02:00", acme.amy, duration_minutes=600))
    with reading(acme.amy) as session:
        figure = measure(session, "utilisation", DAY)
        table = capacity.with_hours(session, workload.workload(session, DAY, MAY), DAY, MAY)
    assert (figure.numerator, figure.denominator) == (pytest.approx(1.5 + 0.5 + 0.5), pytest.approx(184))
    assert table["utilisation"].tolist() == [pytest.approx(2.5 / 184)]


def test_without_hours_there_is_no_utilisation_and_overwork_is_shown(acme):
    id_ = company.customer(acme.amy, customer_since=date(2024, 1, 1))
    add(done(id_, "2024-05-07T02:00", acme.amy, duration_minutes=1440))
    absence(acme.amy, "2024-05-01", "2024-05-31")
    with reading(acme.amy) as session:
        assert measure(session, "utilisation", DAY).value is None
    with transaction(SYSTEM, "setup") as session:
        records.delete(session, "absence", 1)
        session.get_one(User, acme.amy.id).weekly_hours = Decimal(5)
    with reading(acme.amy) as session:
        assert measure(session, "utilisation", DAY).value == pytest.approx(24 / 23)


def test_who_is_on_leave_does_not_count_in_the_balance(acme):
    for owner, n in ((acme.amy, 3), (acme.bo, 1), (acme.cy, 8)):
        for _ in range(n):
            company.customer(owner, tier="C", customer_since=date(2024, 1, 1))
    with reading(acme.ada) as session:
        assert measure(session, "load_gap", DAY).value == pytest.approx(8 / 3)
    absence(acme.cy, "2024-05-31", "2024-06-03")
    with reading(acme.ada) as session:
        gap, fair = measure(session, "load_gap", DAY), measure(session, "load_gini", DAY)
    assert (gap.value, gap.numerator, gap.denominator, gap.n) == (pytest.approx(1.5), 3, 2, 2)
    assert fair.value == pytest.approx(0.25)


def test_the_house_s_own_weights_hold_and_complaints_are_counted(acme):
    with transaction(SYSTEM, "setup") as session:
        session.organisation.weight_a, session.organisation.weight_c = 10, 2
    first = company.customer(acme.amy, tier="A", customer_since=date(2024, 1, 1))
    company.customer(acme.amy, customer_since=date(2024, 1, 1))
    late = planned(first, "2024-05-20", acme.amy)
    late.outcome = "complaint"
    add(late, done(first, "2024-05-07T02:00", acme.amy, outcome="complaint"), done(first, "2024-04-07T02:00", acme.amy, outcome="complaint"))
    with reading(acme.amy) as session:
        row = workload.workload(session, DAY, MAY).iloc[0]
    assert (row["load"], row["complaints"]) == (12, 2)


def test_who_can_take_five_more_says_why_not(acme):
    for owner, n in ((acme.amy, 9), (acme.bo, 1), (acme.cy, 3)):
        for _ in range(n):
            company.customer(owner, tier="C", customer_since=date(2024, 1, 1))
    absence(acme.cy, "2024-05-30", "2024-06-14")
    with reading(acme.ada) as session:
        rooms = {room.manager: room for room in capacity.room_for(session, workload.workload(session, DAY, MAY), DAY)}
    assert list(rooms) == ["Bo", "Cy", "Amy"]
    assert {name: room.verdict for name, room in rooms.items()} == {"Bo": "yes", "Cy": "away", "Amy": "heavy"}
    assert (rooms["Bo"].load_after, rooms["Bo"].free_hours) == (6, 160)


@pytest.mark.parametrize(("first", "last", "message"), [("2024-05-10", "2024-05-09", "before the first"), ("2024-05-03", "2024-05-06", "overlaps"), ("2024-05-01", "2024-05-31", "overlaps")])
def test_an_absence_ends_after_it_begins_and_overlaps_no_other(acme, first, last, message):
    absence(acme.amy, "2024-05-06", "2024-05-08")
    with pytest.raises(Invalid, match=message):
        absence(acme.amy, first, last)
    absence(acme.bo, "2024-05-06", "2024-05-08")
    absence(acme.amy, "2024-05-09", "2024-05-09")


def test_account_managers_enter_their_own_absences_and_managers_the_team_s(acme):
    absence(acme.amy, "2024-05-06", "2024-05-08", acme.amy)
    absence(acme.bo, "2024-05-06", "2024-05-08", acme.mia)
    for actor, whose in ((acme.amy, acme.bo), (acme.mia, acme.cy), (acme.gil, acme.gil), (acme.vic, acme.vic)):
        with pytest.raises(Forbidden):
            absence(whose, "2024-06-06", "2024-06-08", actor)
    with reading(acme.amy) as session:
        assert [row.user_id for row in session.query(Absence)] == [acme.amy.id]


HELD = [Holding(1, "C", "north", 1), Holding(2, "A", "north", 3), Holding(3, "B", "south", 2), Holding(4, "C", None, 1)]


def test_splitting_levels_the_loads():
    assert evenly(HELD, {7: 0.0, 8: 2.0}) == {2: 7, 3: 8, 1: 7, 4: 7}
    assert until_even(HELD, 7, {8: 1.0}) == {1: 8, 3: 8}
    assert until_even(HELD, 3, {8: 3.0}) == {}
    assert by_group(HELD, {7: 0.0, 8: 0.0}, lambda holding: holding.region, {"south": 7}) == {"north": 7, "south": 7, None: 8}
