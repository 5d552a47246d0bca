"""The drawer that opens from every page, as a hand fills it."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.journeys.house import Visit

BUTTONS = {"n": ".st-key-open_quick_add button", "l": "[data-testid=stMain] button[kind=primary]"}


def opened(visit: Visit, key: str) -> Any:
    """The drawer after its key was pressed; the key works as soon as its button can be seen."""
    visit.page.locator(BUTTONS[key]).first.wait_for(state="attached")
    visit.settle().keyboard.press(key)
    drawer = visit.page.get_by_role("dialog")
    drawer.locator("input, textarea").first.wait_for(state="attached")
    visit.settle()
    return drawer


def choose_kind(drawer: Any, kind: str) -> None:
    drawer.get_by_role("radio", name=kind, exact=True).or_(drawer.get_by_role("button", name=kind, exact=True)).first.click()


def fill_follow_up(drawer: Any, content: str, rating: int | None = None, step: str = "", due: date | None = None) -> None:
    drawer.get_by_label("What happened").fill(content)
    if rating:
        choose_kind(drawer, str(rating))
    if step:
        drawer.get_by_label("What", exact=True).fill(step)
    if due:
        drawer.get_by_label("When", exact=True).get_by_role("spinbutton").first.click()
        drawer.page.keyboard.type(f"{due:%Y%m%d}")


def save(visit: Visit, drawer: Any) -> None:
    drawer.get_by_role("button", name="Save").click()
    drawer.wait_for(state="detached")
    visit.settle()
