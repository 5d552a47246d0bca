"""In whose name a command works."""

from __future__ import annotations

from sqlalchemy import select

from db.engine import reading
from db.errors import Unavailable
from db.language import current
from db.models import User
from db.policy import SYSTEM, Actor


def actor_named(workspace: str, user_name: str | None) -> Actor:
    """The active user of that name, or the product itself when no name is given."""
    system = SYSTEM.inside(workspace)
    if not user_name:
        return system
    with reading(system) as session:
        found = session.scalars(select(User).where(User.user_name == user_name.strip().lower(), User.active)).first()
    if found is None:
        raise Unavailable("There is no user {name}.", name=user_name)
    return Actor(found.id, found.name, found.role, found.team_id, language=current(), workspace=workspace)
