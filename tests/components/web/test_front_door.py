"""The way in and out as people see it: a real server and a real browser."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest

from components.rooms import ROOMS
from tests.browser import Server
from tests.door import PASSWORD
from tests.tab import Tab

CODE = re.compile(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}")


@pytest.fixture
def server(tmp_path) -> Iterator[Server]:
    started = Server(f"sqlite:///{tmp_path / 'regulars.db'}", tmp_path)
    started.start()
    yield started
    started.stop()


def visit(browser, address: str, locale: str = "en-US", width: int = 1440):
    page = browser.new_context(locale=locale, timezone_id="Asia/Shanghai", viewport={"width": width, "height": 900}).new_page()
    page.complaints = []
    page.on("console", lambda message: page.complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.goto(address)
    return page


def code_of(server: Server) -> str:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        if found := CODE.search(server.log):
            return found.group()
        time.sleep(0.1)
    raise AssertionError(server.log)


def set_up(page, code: str) -> None:
    for label, text in {"Set-up code": code, "Name of the organisation": "Harbour Trading", "Your name": "Ada Holm", "User name": "Ada",
                        "New password": PASSWORD, "The same once more": PASSWORD}.items():
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_role("button", name="Create and sign in").click()
    page.wait_for_url("**/welcome")


def sign_in(page, password: str) -> None:
    form = page.locator(".st-key-sign_in")
    form.locator("input[type=text]").fill("ada")
    form.locator("input[type=password]").fill(password)
    form.locator("button[kind=secondaryFormSubmit], button[kind=primaryFormSubmit]").click()


def test_from_the_code_in_the_terminal_to_signing_out_everywhere(browser, server):
    first = visit(browser, server.url)
    set_up(first, code_of(server))
    first.get_by_text("Ada Holm").first.wait_for()
    assert "regulars=" not in first.evaluate("document.cookie")

    chinese = visit(browser, f"{server.url}/customer?id=7", "zh-CN", 390)
    sign_in(chinese, "wrong wrong wrong")
    chinese.locator("[data-testid=stAlert]").wait_for()
    assert chinese.url.endswith("/customer?id=7")
    assert chinese.evaluate("document.documentElement.lang") == "zh-CN"
    sign_in(chinese, PASSWORD)
    chinese.locator(".st-key-sign_in").wait_for(state="detached")
    assert chinese.url.endswith("/customer?id=7")

    second_tab = first.context.new_page()
    second_tab.goto(f"{server.url}/customers")
    second_tab.get_by_text("Ada Holm").first.wait_for()
    stolen = first.context.cookies()
    first.get_by_text("Ada Holm").last.click()
    first.get_by_text("Sign out").click()
    first.locator(".st-key-sign_in").wait_for()
    second_tab.get_by_role("link", name="Follow-ups").click()
    second_tab.locator(".st-key-sign_in").wait_for()
    assert not [cookie for cookie in first.context.cookies() if cookie["name"] == "regulars"]

    thief = browser.new_context()
    thief.add_cookies(stolen)
    page = thief.new_page()
    page.goto(server.url)
    page.locator(".st-key-sign_in").wait_for()
    assert first.complaints == []


def test_the_screens_fit_a_phone_and_change_language_in_place(browser, server):
    page = visit(browser, f"{server.url}/customers?q=tea", width=390)
    page.get_by_label("Set-up code", exact=True).wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_text("简体中文", exact=True).last.click()
    page.locator("html[lang=zh-CN]").wait_for(state="attached")
    assert page.url.endswith("/customers?q=tea")
    assert page.complaints == []


def test_after_a_restart_people_are_still_signed_in_and_a_stranger_finds_the_sign_in_form_behind_every_address(browser, server):
    page = visit(browser, server.url)
    set_up(page, code_of(server))
    page.get_by_text("Ada Holm").first.wait_for()
    server.stop()
    server.start()
    for address in [room.url_path for room in ROOMS] + ["today", "no-such-page", "secret"]:
        with Tab(server.url) as stranger:
            stranger.open(address)
            assert [widget.label for widget in stranger.widgets() if widget.id.endswith("-Sign in")] == ["Sign in"], address
            assert set(stranger.pages) <= {"", address}
    in_a_browser = visit(browser, f"{server.url}/workload")
    in_a_browser.locator(".st-key-sign_in").wait_for()
    assert in_a_browser.locator("[data-testid=stSidebar]").count() == 0
    assert in_a_browser.complaints == []
    page.goto(f"{server.url}/customers")
    page.get_by_text("Ada Holm").first.wait_for()
