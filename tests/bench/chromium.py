"""How long a person waits in a browser: from the click to the new page."""

from __future__ import annotations

from statistics import median
from typing import Any

from tests.bench.pages import Page
from tests.browser import Server

HOME, TODAY = "products", ""
"""The page that a click starts from, not a measured one; a customer is opened from Today."""
TO_PAGE = """([path, link]) => new Promise((done, fail) => {
  const begun = performance.now(), heads = () => [...document.querySelectorAll('[data-testid=stMain] h1')].map(one => one.textContent).join()
  const before = heads(), state = () => document.querySelector('[data-testid=stApp]').dataset.testScriptState
  const look = () => location.pathname === '/' + path && heads() && heads() !== before && state() === 'notRunning' ? done(performance.now() - begun)
    : performance.now() - begun > 60000 ? fail(new Error(`${path}: at ${location.pathname}, '${before}' became '${heads()}', ${state()}`)) : requestAnimationFrame(look)
  document.querySelector(link).click()
  requestAnimationFrame(look)
})"""
TO_TEXT = """() => new Promise(done => {
  const begun = performance.now(), text = () => document.querySelector('[data-testid=stText]').textContent, before = text()
  const look = () => text() !== before ? done(performance.now() - begun) : requestAnimationFrame(look)
  document.querySelector('.st-key-again button').click()
  requestAnimationFrame(look)
})"""


def clicks(browser: Any, server: Server, times: int = 15) -> float:
    """Milliseconds from a click to its new text on the floor's first page."""
    page = browser.new_page()
    page.goto(server.url)
    page.locator(".st-key-again button").wait_for()
    waited = [page.evaluate(TO_TEXT) for _ in range(times)]
    page.close()
    return median(waited)


def to_content(browser: Any, server: Server, cookie: str, wanted: list[Page], times: int = 3) -> dict[str, float]:
    """Milliseconds from the click in the side bar, for a customer on Today, until a page is there, by page."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    context.add_cookies([{"name": "regulars", "value": cookie, "url": server.url}])
    page = context.new_page()
    page.goto(server.url)
    page.locator("[data-testid=stMain] h1").first.wait_for()
    page.wait_for_timeout(1500)

    def go(path: str) -> float:
        page.wait_for_timeout(300)
        link = '[data-testid=stMain] a[href^="customer?id="]' if path == "customer" else f'[data-testid=stSidebar] a[href="{path}"]'
        waited: float = page.evaluate(TO_PAGE, [path, link])
        return waited

    found: dict[str, list[float]] = {one.key: [] for one in wanted}
    for one in wanted * times:
        go(TODAY if one.key == "customer" else HOME)
        found[one.key].append(go(one.path))
    context.close()
    return {key: median(waited) for key, waited in found.items()}
