"""Carry out a plan: level the load among colleagues, or hand over all that a leaver looks after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from db import records
from db.actions.customers import chosen, give, recipients
from db.errors import Invalid
from db.models import Customer, FollowUp
from db.policy import require
from db.session import CrmSession


@dataclass(frozen=True)
class Outcome:
    """Customers that moved, those of the plan that were no longer the giver's, and open follow-ups that went along."""

    moved: int
    left: int
    follow_ups: int


def rebalance(session: CrmSession, giver: int, moves: Mapping[int, int]) -> Outcome:
    """Give customers to the colleagues of the plan, as far as they still belong to the giver and the actor sees them."""
    require(session.actor, "assign", "customer")
    if not moves:
        raise Invalid.because("There is nothing to move.")
    still = [customer for customer in chosen(session, moves) if customer.owner_id == giver]
    follow_ups = give(session, still, moves)
    return Outcome(len(still), len(moves) - len(still), follow_ups)


def hand_over(session: CrmSession, leaver: int, moves: Mapping[int, int], deactivate: bool = False) -> Outcome:
    """All customers of a leaver go to colleagues, open follow-ups with them; what was done stays in the leaver's name.

    Raises Invalid where further customers came to the leaver since the plan was made.
    """
    require(session.actor, "assign", "customer")
    outcome = rebalance(session, leaver, moves) if moves else Outcome(0, 0, 0)
    rest = session.scalar(select(func.count()).select_from(Customer).where(Customer.owner_id == leaver)) or 0
    if rest:
        raise Invalid.because("{count} more customers came to this colleague in the meantime. Please look at the plan again.", count=rest)
    others = _pass_on(session, leaver)
    if deactivate:
        records.update(session, "user", leaver, {"active": False})
    return Outcome(outcome.moved, outcome.left, outcome.follow_ups + others)


def _pass_on(session: CrmSession, leaver: int) -> int:
    """Open follow-ups with customers of others go to those customers' owners."""
    mine = (FollowUp.owner_id == leaver, FollowUp.status == "planned")
    rows = session.execute(select(FollowUp, Customer).join(Customer, Customer.id == FollowUp.customer_id).where(*mine)).all()
    _held = recipients(session, {customer.owner_id for _, customer in rows if customer.owner_id is not None}, must_be_active=False)
    for follow_up, customer in rows:
        follow_up.owner_id = customer.owner_id
    session.flush()
    return len(rows)
