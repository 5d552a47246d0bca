"""Two people at work at the same time."""

from __future__ import annotations

from tests.door import PASSWORD
from tests.journeys import drawer
from tests.journeys.house import WIDE, Visit
from tests.journeys.test_first_chart import metric


def test_the_manager_s_open_page_follows_what_a_colleague_does(visit, house, browser):
    customer = house.customer("Plum Court Hotel", owner="rui")
    manager = visit("mia")
    manager.go("workload")
    before = metric(manager, "Follow-ups done")
    manager.page.evaluate("window.neverReloaded = true")

    rep = visit_signed_in_by_hand(browser, house, f"customer?id={customer}")
    steps = rep.page.evaluate("history.length")
    form = drawer.opened(rep, "l")
    assert "open=follow_up." in rep.page.url
    drawer.fill_follow_up(form, "Agreed on a tasting")
    drawer.save(rep, form)
    rep.says("Agreed on a tasting")
    assert (rep.page.evaluate("history.length"), "open" in rep.page.url) == (steps, False)  # Back leaves the page and finds no closed drawer

    after = str(int(before) + 1)
    manager.page.locator("[data-testid=stMetric]", has_text="Follow-ups done").get_by_text(after, exact=True).wait_for()
    assert manager.page.evaluate("window.neverReloaded")
    assert rep.troubles() == []
    rep.context.close()


def visit_signed_in_by_hand(browser, house, path: str) -> Visit:
    """Rui has a password and signs in through the form, on the way to an address."""
    rep = Visit(browser, house.server.url, "en-GB", WIDE)
    rep.page.goto(f"{rep.address}/{path}")
    form = rep.page.locator(".st-key-sign_in")
    form.locator("input[type=text]").fill("rui")
    form.locator("input[type=password]").fill(PASSWORD)
    form.get_by_role("button", name="Sign in").click()
    rep.says("Plum Court Hotel")
    return rep
