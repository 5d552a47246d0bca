"""What everybody may change about themselves."""

from __future__ import annotations

from db.errors import Invalid
from db.language import LANGUAGES
from db.models import User
from db.session import CrmSession


def set_digest(session: CrmSession, wanted: bool) -> bool:
    """Whether I want my day by e-mail."""
    user = session.get(User, session.actor.id) if session.actor.id is not None else None
    if user is None:
        return False
    user.digest = wanted
    session.flush()
    return True


def set_language(session: CrmSession, language: str) -> bool:
    """My own language; a preference, not a change of the company's data."""
    if language not in LANGUAGES or session.actor.id is None:
        raise Invalid.because("This language is not available.")
    user = session.get(User, session.actor.id)
    if user is None:
        return False
    user.language = language
    session.flush()
    return True
