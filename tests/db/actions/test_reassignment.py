"""Customers change hands: by a plan, for a leaver, one by one. What went along, what stayed, and what undo brings back."""

from __future__ import annotations

from datetime import date

import pytest

from db import clock, history, records
from db.actions import customers, reassignment
from db.engine import reading, transaction
from db.errors import Forbidden, Invalid
from db.models import Change, Customer, FollowUp, User
from db.policy import SYSTEM
from db.queries.reassignment import Wish, plan
from db.session import UNGUARDED
from tests.db.queries import company
from tests.db.queries.company import add, done, planned
from tests.houses import filled_once


def state(id_: int):
    with reading(SYSTEM) as session:
        record = session.get_one(Customer, id_)
        return record.owner_id, record.previous_owner_id, record.handed_over_on


def follow_up(id_: int) -> FollowUp:
    with reading(SYSTEM) as session:
        return session.get_one(FollowUp, id_)


def planned_moves(actor, wish: Wish) -> dict[int, int]:
    with reading(actor) as session:
        return plan(session, wish).moves


def carry_out(actor, action, *arguments):
    with transaction(actor, f"customer.{action.__name__}") as session:
        outcome = action(session, *arguments)
    return outcome, session.info["change_id"]


@pytest.fixture
@filled_once
def amys(acme) -> list[int]:
    """Two of tier A and two of tier C, all Amy's: a load of 8."""
    homes = (("A", "north"), ("A", "south"), ("C", "north"), ("C", None))
    return [company.customer(acme.amy, tier=tier, region=region, customer_since=date(2024, 1, 1)) for tier, region in homes]


def test_until_even_moves_half_the_load(acme, amys):
    moves = planned_moves(acme.mia, Wish(acme.amy.id, (acme.bo.id,), until_even=True))
    with reading(acme.mia) as session:
        loads = plan(session, Wish(acme.amy.id, (acme.bo.id,), until_even=True)).table.set_index("manager")["load_after"]
    assert (loads["Amy"], loads["Bo"]) == (4, 4)
    outcome, _ = carry_out(acme.mia, reassignment.rebalance, acme.amy.id, moves)
    assert (outcome.moved, outcome.left) == (len(moves), 0)


def test_one_change_moves_them_with_their_open_follow_ups_and_undo_restores_exactly(acme, amys):
    open_one, finished = add(planned(amys[0], "2024-06-01", acme.amy), done(amys[0], "2024-03-01T04:00", acme.amy))
    bos = add(planned(amys[0], "2024-06-02", acme.bo))[0]
    before = [state(id_) for id_ in amys]
    outcome, change = carry_out(acme.mia, reassignment.rebalance, acme.amy.id, dict.fromkeys(amys, acme.bo.id))
    assert (outcome.moved, outcome.follow_ups) == (4, 1)
    assert {state(id_) for id_ in amys} == {(acme.bo.id, acme.amy.id, clock.today())}
    assert (follow_up(open_one).owner_id, follow_up(open_one).due_on) == (acme.bo.id, date(2024, 6, 1))
    assert (follow_up(finished).owner_id, follow_up(bos).owner_id) == (acme.amy.id, acme.bo.id)
    with reading(SYSTEM) as session:
        assert session.get(Change, change, execution_options=UNGUARDED).action == "customer.rebalance"
    again = history.undo(acme.mia, change)
    assert [state(id_) for id_ in amys] == before
    assert follow_up(open_one).owner_id == acme.amy.id
    history.undo(acme.mia, again)
    assert state(amys[0]) == (acme.bo.id, acme.amy.id, clock.today())


def test_an_old_plan_moves_only_what_is_still_the_giver_s(acme, amys):
    moves = planned_moves(acme.ada, Wish(acme.amy.id, (acme.bo.id,), "one"))
    with transaction(acme.ada, "customer.assign") as session:
        customers.assign(session, amys[:1], acme.cy.id)
    outcome, _ = carry_out(acme.ada, reassignment.rebalance, acme.amy.id, moves)
    assert (outcome.moved, outcome.left) == (3, 1)
    assert state(amys[0])[0] == acme.cy.id


def test_who_may_not_assign_or_see_moves_nothing(acme, amys):
    with pytest.raises(Forbidden):
        carry_out(acme.amy, reassignment.rebalance, acme.amy.id, {amys[0]: acme.bo.id})
    outcome, _ = carry_out(acme.sol, reassignment.rebalance, acme.amy.id, {amys[0]: acme.cy.id})
    assert outcome.moved == 0
    with pytest.raises(Forbidden):
        carry_out(acme.mia, reassignment.rebalance, acme.amy.id, {amys[0]: acme.cy.id})
    assert state(amys[0])[0] == acme.amy.id


def test_a_customer_remembers_its_owner_whichever_way_it_changes_hands(acme, amys):
    with transaction(acme.ada, "customer.update") as session:
        records.update(session, "customer", amys[0], {"owner_id": acme.cy.id})
    assert state(amys[0]) == (acme.cy.id, acme.amy.id, clock.today())
    fresh = company.customer()
    with transaction(acme.ada, "customer.assign") as session:
        customers.assign(session, [fresh], acme.bo.id)
    assert state(fresh) == (acme.bo.id, None, None)
    history.undo(acme.ada, session.info["change_id"])
    assert state(fresh) == (None, None, None)


def test_a_new_owner_on_the_form_takes_the_open_follow_ups_along_but_not_those_of_others(acme, amys):
    mine, helped = add(planned(amys[0], "2024-06-01", acme.amy), planned(amys[0], "2024-06-03", acme.ada))
    with transaction(acme.mia, "customer.update") as session:
        customers.update(session, amys[0], {"owner_id": acme.bo.id, "city": "Leeds"})
    assert (follow_up(mine).owner_id, follow_up(helped).owner_id) == (acme.bo.id, acme.ada.id)
    history.undo(acme.ada, session.info["change_id"])
    assert (state(amys[0])[0], follow_up(mine).owner_id, follow_up(helped).owner_id) == (acme.amy.id, acme.amy.id, acme.ada.id)


def test_a_leaver_s_customers_go_by_tier_and_the_leaver_stays_out(acme, amys):
    elsewhere = company.customer(acme.bo)
    open_one, other = add(planned(amys[2], "2024-06-01", acme.amy), planned(elsewhere, "2024-06-03", acme.amy))
    wish = Wish(acme.amy.id, (acme.bo.id, acme.cy.id), "tier", chosen=(("A", acme.cy.id), ("C", acme.bo.id)), leaving=True)
    outcome, change = carry_out(acme.ada, reassignment.hand_over, acme.amy.id, planned_moves(acme.ada, wish), True)
    assert (outcome.moved, outcome.follow_ups) == (4, 2)
    assert [state(id_)[0] for id_ in amys] == [acme.cy.id, acme.cy.id, acme.bo.id, acme.bo.id]
    assert follow_up(open_one).owner_id == follow_up(other).owner_id == acme.bo.id
    with reading(SYSTEM) as session:
        assert session.get_one(User, acme.amy.id).active is False
    history.undo(acme.ada, change)
    assert {state(id_)[0] for id_ in amys} == {acme.amy.id}
    assert follow_up(other).owner_id == acme.amy.id
    with reading(SYSTEM) as session:
        assert session.get_one(User, acme.amy.id).active


def test_a_manager_hands_over_in_the_own_team_but_closes_no_account(acme, amys):
    moves = dict.fromkeys(amys, acme.bo.id)
    with pytest.raises(Forbidden):
        carry_out(acme.mia, reassignment.hand_over, acme.amy.id, moves, True)
    assert state(amys[0])[0] == acme.amy.id
    assert carry_out(acme.mia, reassignment.hand_over, acme.amy.id, moves)[0].moved == 4


def test_nothing_is_left_behind_unseen(acme, amys):
    with pytest.raises(Invalid, match="1 more customers"):
        carry_out(acme.ada, reassignment.hand_over, acme.amy.id, dict.fromkeys(amys[1:], acme.bo.id))
    assert {state(id_)[0] for id_ in amys} == {acme.amy.id}


def test_customers_of_somebody_who_is_gone_can_still_move(acme, amys):
    with transaction(acme.ada, "user.delete") as session:
        records.delete(session, "user", acme.amy.id)
    carry_out(acme.ada, reassignment.rebalance, acme.amy.id, dict.fromkeys(amys, acme.bo.id))
    assert state(amys[0]) == (acme.bo.id, acme.amy.id, clock.today())
