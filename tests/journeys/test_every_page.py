"""Every page opens without an error in the browser, in both languages, and asks nobody outside this machine."""

from __future__ import annotations

import pytest

from components.rooms import ROOMS


@pytest.mark.parametrize("who", ["ada", "lin"])
def test_every_page_opens_without_complaint(visit, who):
    window = visit(who)
    for room in ROOMS:
        page = window.go(f"{room.url_path}{'?id=1' if room.key == 'customer' else ''}")
        assert page.locator("[data-testid=stException]").count() == 0, room.key
        assert page.locator("[data-testid=stMain] [data-testid=stAlertContentError]").count() == 0, room.key
        assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth"), room.key
