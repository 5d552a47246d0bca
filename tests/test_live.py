"""The product starts as its users start it, and a browser can open it."""

from __future__ import annotations

import re

import pytest

from tests.browser import Server


def test_the_server_starts_says_where_to_open_it_and_prints_a_set_up_code(live_app):
    assert live_app.is_well()
    assert f"Open {live_app.url}" in live_app.log
    assert re.search(r"Set-up code: \w{4}-\w{4}-\w{4}", live_app.log)


def test_a_browser_opens_it_without_an_error_and_without_another_server(live_app, browser):
    page = browser.new_page()
    complaints: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(live_app.url)
    page.get_by_text("Set-up code").first.wait_for(timeout=20_000)
    page.close()
    assert complaints == []
    assert [url for url in asked if not re.match(rf"(https?|wss?)://127\.0\.0\.1:{live_app.port}/|data:|blob:", url)] == []


def test_a_server_that_cannot_work_says_why_and_ends(tmp_path):
    server = Server("mysql://localhost/x", tmp_path)
    with pytest.raises(RuntimeError, match="must start with sqlite: or postgresql:"):
        server.start()
