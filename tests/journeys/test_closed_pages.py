"""At the address of a page that is not for one's role stands whose it is, and nothing of the page."""

from __future__ import annotations

import pytest

from components.rooms import BY_KEY
from tests.pages.test_doors import CLOSED
from tests.tab import Tab

REPS = sorted(CLOSED["amy"])


@pytest.mark.parametrize("key", REPS)
def test_a_closed_page_says_to_whom_it_is_open(house, key):
    with Tab(house.server.url, house.cookies["rui"]) as tab:
        tab.open(BY_KEY[key].url_path)
        said = [element.alert.body for element in tab.elements.values() if element.WhichOneof("type") == "alert"]
        assert len(said) == 1
        assert said[0].startswith("This page is open to: Administrator")
        assert ("Manager" in said[0]) == (key not in CLOSED["mia"])
        assert said[0].endswith("Your role is Account manager; an administrator can change it.")
        assert {widget.id.rsplit("-", 1)[-1] for widget in tab.widgets()} <= {"open_quick_add", "open_search", "switch_language", "user_menu", "None"}
