"""One language at a time, on the whole screen."""

from __future__ import annotations

import re

import pytest

from tests.test_drawn_words import PROPER, WORD

NAMES = {"Polly", "Regulars", "Old", "Friend", "Rui", "Ada", "Mia", "Lin", "North", "English", "to", "Ctrl", "Enter", "Excel", "CSV", "PDF"}
"""What people typed in, in this house; and names that stay."""
PAGES = {"customers": ("Customers", "客户", "Name", "名称"), "dashboard": ("Dashboard", "经营看板", None, None)}


@pytest.mark.parametrize("path", PAGES)
def test_a_click_changes_title_side_bar_headings_and_language_of_the_page(visit, path):
    english, chinese, heading, translated = PAGES[path]
    window = visit("polly")
    page = window.go(path)
    assert page.locator("h1").inner_text() == english
    assert heading is None or heading in window.headings()
    change_language(window, "简体中文")
    page.locator("html[lang=zh-CN]").wait_for(state="attached")
    page.get_by_role("link", name="客户", exact=True).wait_for()
    page.get_by_role("button", name="English").wait_for()
    assert page.locator("h1").inner_text() == chinese
    assert heading is None or translated in window.headings()
    assert english_words(page) == set()
    change_language(window, "English")
    page.locator("html[lang=en]").wait_for(state="attached")
    page.get_by_role("button", name="简体中文").wait_for()
    assert page.locator("h1").inner_text() == english
    assert chinese_words(page) == {"回头客", "简体中文"}


def change_language(window, name: str) -> None:
    """The page loads anew in the other language; until then the old one may already show words of both."""
    with window.page.expect_event("load"):
        window.page.get_by_role("button", name=name).click()
    window.page.locator("[data-testid=stMain] h1").first.wait_for()
    window.settle()


def shown(page) -> str:
    return f"{page.locator('[data-testid=stSidebar]').inner_text()}\n{page.locator('[data-testid=stMain]').inner_text()}"


def english_words(page) -> set[str]:
    """English words that the product says; the ligatures of icons are written with underscores or alone in their element."""
    icons = set(page.locator("[data-testid=stIconMaterial]").all_inner_texts())
    words = {word for line in shown(page).splitlines() if line.strip() not in icons for word in WORD.findall(line)}
    return words - PROPER - NAMES


def chinese_words(page) -> set[str]:
    return set(re.findall(r"[\u4e00-\u9fff]+", shown(page)))
