"""Every page opens without an error in the browser, in both languages, and asks nobody outside this machine."""

from __future__ import annotations

import pytest

from components.rooms import ROOMS
from db.language import speaking, t


@pytest.mark.parametrize("who", ["ada", "lin"])
def test_every_page_opens_without_complaint(visit, house, who):
    window = visit(who)
    page = window.go()
    for room in ROOMS:
        with speaking(house.actors[who].language):
            title = t(room.title)
        if room.hidden:
            window.walk(f"{room.url_path}{'?id=1' if room.key == 'customer' else ''}", title)
        else:
            page.locator("[data-testid=stSidebar]").get_by_role("link", name=title, exact=True).click()
            page.wait_for_url(f"**/{room.url_path}")
            window.settle()
        assert page.locator("[data-testid=stException]").count() == 0, room.key
        assert page.locator("[data-testid=stMain] [data-testid=stAlertContentError]").count() == 0, room.key
        assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth"), room.key
