"""Access for programs on the screens: shown once, listed, revoked by its owner and by the administrator."""

from __future__ import annotations

import pytest

from db.actions.access_tokens import program_of
from tests.pages.screen import has_button, labelled, open_tab, press, sees

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_a_new_token_is_shown_once_and_can_be_revoked(acme, visit):
    screen = visit(acme.amy, "account")
    press(screen, "Create the token")
    assert sees(screen, "Please fill in this field.")
    labelled(screen, "What it is for").set_value("Website")
    press(screen, "Create the token")
    secret = next(block.value for block in screen.code if block.value.startswith("rgl_"))
    assert program_of(secret).actor.id == acme.amy.id
    press(screen, "I have copied it")
    assert not any(block.value == secret for block in screen.code)
    assert sees(screen, "Website", "not used yet")
    press(screen, "Revoke")
    assert program_of(secret) is None
    assert not has_button(screen, "Revoke")


def test_the_administrator_sees_and_revokes_everybody_s(acme, visit):
    screen = visit(acme.amy, "account")
    labelled(screen, "What it is for").set_value("Website")
    press(screen, "Create the token")
    settings = open_tab(visit(acme.ada, "settings_people"), "people_tabs", "Access for programs")
    assert sees(settings, "Amy · Website")
    press(settings, "Revoke")
    assert sees(settings, "No program has access.")
