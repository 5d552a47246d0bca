"""Lead forms in the settings: made closed, opened by an administrator, with the lines for the website."""

from __future__ import annotations

import pytest

from db.actions import leads
from db.errors import Gone
from tests.pages.screen import has_button, labelled, press, sees

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_a_form_is_closed_until_it_is_opened_and_shows_its_address(acme, visit):
    screen = visit(acme.ada, "settings_forms")
    assert sees(screen, "No form yet.")
    press(screen, "New lead form")
    labelled(screen, "Name").set_value("Website")
    labelled(screen, "Word in the address").set_value("web")
    press(screen, "Save")
    with pytest.raises(Gone):
        leads.view("web", "en")
    again = visit(acme.ada, "settings_forms")
    codes = [block.value for block in again.code]
    assert codes[0].endswith("/lead/web")
    assert codes[1].startswith("<iframe ")
    assert sees(again, "closed", "For this, enter the website that shows the form")
    assert has_button(again, "New lead form")
