"""Who is asking when a prepared file is fetched."""

from __future__ import annotations

import pytest

from components import actor as asking
from db.actions import sessions, tokens
from db.engine import transaction
from db.errors import Forbidden
from db.models import User
from db.policy import SYSTEM
from tests.door import cookie_of


def test_a_file_offered_earlier_is_made_for_the_team_that_its_reader_is_in_when_it_is_asked_for(acme, monkeypatch):
    sid = tokens.digest(cookie_of(acme.mia))
    monkeypatch.setattr(asking, "session_id", lambda: sid)
    content = asking.later(lambda actor: f"team {actor.team_id}".encode())
    assert content() == f"team {acme.teams['North']}".encode()
    with transaction(SYSTEM, "user.update") as session:
        session.get(User, acme.mia.id).team_id = acme.teams["South"]
    assert content() == f"team {acme.teams['South']}".encode()
    sessions.end(sid)
    with pytest.raises(Forbidden):
        content()
