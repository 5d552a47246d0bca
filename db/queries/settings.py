"""What the settings pages list."""

from __future__ import annotations

from sqlalchemy import select

from db.choices import custom_fields
from db.language import t
from db.models import LeadForm, Team, User
from db.models.lists import LISTS
from db.session import CrmSession


def option_lists(session: CrmSession) -> dict[str, str]:
    """The drop-down lists: built in, and one for each custom drop-down field."""
    own = {field.options: field.title for field in custom_fields(session) if field.options}
    return {key: t(word) for key, word in LISTS.items()} | own


def lead_forms(session: CrmSession) -> list[LeadForm]:
    return list(session.scalars(select(LeadForm).order_by(LeadForm.name).limit(100)))


def people(session: CrmSession) -> list[tuple[User, str]]:
    rows = session.execute(select(User, Team.name).outerjoin(Team, Team.id == User.team_id).order_by(User.active.desc(), User.name))
    return [(user, team or "") for user, team in rows]
