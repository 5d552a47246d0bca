"""From an empty machine to the first figure."""

from __future__ import annotations

import re
from datetime import timedelta

from db import clock
from tests.browser import Server
from tests.door import PASSWORD
from tests.journeys import drawer
from tests.journeys.house import WIDE, Visit

CODE = re.compile(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}")


def test_the_first_follow_up_stands_on_every_page_at_once(browser, tmp_path):
    server = Server(f"sqlite:///{tmp_path / 'regulars.db'}", tmp_path)
    server.start()
    try:
        visit = Visit(browser, server.url, "en-GB", WIDE)
        set_up(visit, CODE.search(server.log).group())
        add_customer(visit, "Tea House Lantern")
        log_first_follow_up(visit)
        visit.says("Next 7 days")
        visit.says("Bring the winter list")
        visit.page.get_by_role("link", name="Tea House Lantern").first.click()
        visit.says("Tried the new oolong")
        visit.says("★★★★★")
        visit.settle().get_by_role("link", name="Satisfaction").click()
        assert figure_of(visit, "follow_up_rating") == ["5.00", "1"]
        visit.settle().get_by_role("link", name="Workload").click()
        assert metric(visit, "Follow-ups done") == "1"
        visit.cell("Ada Holm").wait_for(state="attached")
        assert visit.troubles() == []
    finally:
        server.stop()


def set_up(visit: Visit, code: str) -> None:
    page = visit.page
    page.goto(visit.address)
    for label, text in {"Set-up code": code, "Name of the organisation": "Harbour Trading", "Your name": "Ada Holm", "User name": "Ada",
                        "New password": PASSWORD, "The same once more": PASSWORD}.items():
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_role("button", name="Create and sign in").click()
    page.wait_for_url("**/welcome")
    page.get_by_role("button", name="Start empty").click()
    visit.says("Your customers live here")


def add_customer(visit: Visit, name: str) -> None:
    form = drawer.opened(visit, "n")
    drawer.choose_kind(form, "Customer")
    form.get_by_label("Name *").fill(name)
    drawer.save(visit, form)
    visit.cell(name).wait_for(state="attached")


def log_first_follow_up(visit: Visit) -> None:
    visit.page.get_by_role("link", name="Today").click()
    visit.says("Nothing is waiting for you")
    form = drawer.opened(visit, "l")
    form.get_by_placeholder("Name, code, phone or pinyin").fill("lantern")
    drawer.fill_follow_up(form, "Tried the new oolong, liked it", 5, "Bring the winter list", clock.today() + timedelta(days=3))
    drawer.save(visit, form)


def metric(visit: Visit, label: str) -> str:
    card = visit.page.locator("[data-testid=stMetric]", has_text=label)
    return card.locator("[data-testid=stMetricValue]").inner_text()


def figure_of(visit: Visit, key: str) -> list[str]:
    """The value of a figure's explanation, and how many rows are behind it."""
    visit.page.locator(f".st-key-explain_{key} button").click()
    panel = visit.page.get_by_role("dialog")
    counted = panel.locator("[data-testid=stCaptionContainer]", has_text=re.compile(r"^\d+ rows?$"))
    counted.wait_for()
    found = [panel.locator(".st-key-explained_value h1").inner_text(), counted.inner_text().split()[0]]
    visit.page.keyboard.press("Escape")
    panel.wait_for(state="detached")
    return found
