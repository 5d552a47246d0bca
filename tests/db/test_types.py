"""Words that the program names stand in the statement, whatever else is compared goes to the database as a value."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from db.models import FollowUp


@pytest.mark.parametrize(("value", "written"), [("done", "status = 'done'"), ("planned", "status = 'planned'"), ("x' OR 1 = 1 --", "status = :status_1"), ("DONE", "status = :status_1")])
def test_only_the_words_of_a_choice_stand_in_the_statement(value, written):
    statement = select(FollowUp.id).where(FollowUp.status == value).compile(compile_kwargs={"render_postcompile": True})
    assert str(statement).endswith(written)
