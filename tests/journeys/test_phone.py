"""A phone in one hand: nothing to push sideways, the main button in sight."""

from __future__ import annotations

import pytest

from tests.journeys import drawer
from tests.journeys.house import PHONE


@pytest.mark.parametrize("who", ["ada", "lin"])
def test_today_a_customer_and_the_dashboard_fit_and_a_follow_up_can_be_saved(visit, house, who):
    customer = house.customer(f"Longest Imaginable Name of a Trading Company {who}")
    window = visit(who, PHONE)
    for path in ("", "dashboard", "reports", "customers", f"customer?id={customer}"):
        page = window.go(path)
        assert fits(page), path
        buttons = page.locator("[data-testid=stMain] button[kind=primary]")
        assert path in ("dashboard", "reports") or buttons.first.bounding_box()["y"] < PHONE[1] / 2, path
        assert path != "reports" or (page.locator(".phone-row:visible").count() and not page.locator("[data-testid=stDataFrame]:visible").count())
    form = drawer.opened(window, "l")
    assert fits(page)
    form.locator("textarea").first.fill("Seen from the train")
    save = form.locator("[data-testid=stFormSubmitButton] button")
    save.scroll_into_view_if_needed()
    box = save.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE[0]
    save.click()
    form.wait_for(state="detached")
    window.says("Seen from the train")


def fits(page) -> bool:
    return page.evaluate("document.scrollingElement.scrollWidth <= innerWidth && document.querySelector('[data-testid=stMain]').scrollWidth <= innerWidth")
