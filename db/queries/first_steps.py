"""How far a new house has come."""

from __future__ import annotations

from sqlalchemy import select

from db.models import Customer, FollowUp, Order, Target, User
from db.session import CrmSession


def first_steps(session: CrmSession) -> dict[str, bool]:
    done = {key: session.scalar(select(model.id).limit(1)) is not None for key, model in (("customer", Customer), ("order", Order), ("target", Target))}
    done["follow_up"] = session.scalar(select(FollowUp.id).where(FollowUp.status == "done").limit(1)) is not None
    done["colleague"] = len(list(session.scalars(select(User.id).limit(2)))) > 1
    return done
