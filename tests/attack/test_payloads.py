"""Texts that want to run, to call out or to lead away are shown as the texts they are: in every field, on every page, to every role, in a real browser."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.attack.conftest import TOLD
from tests.attack.doors import address, closed_to
from tests.attack.payloads import PAYLOADS
from tests.attack.poisoned_company import found_poisoned
from tests.browser import Server
from tests.door import cookie_of
from tests.journeys.house import WIDE, Visit, at_home
from tests.long import long
from tests.pages.test_doors import EVERYWHERE

pytestmark = pytest.mark.skipif(not long(), reason="the walk past all payloads belongs to `make attack`")
ROLES = ("ada", "mia", "amy", "gil", "vic")
TABS = ("Planned", "Contacts", "Orders", "Files", "History")
VIEWS = {"surveys": ("Invitations", "Questions", "Surveys"), "products": ("Product lines",), "settings-people": ("Teams", "Absences"), "settings-fields": ("Custom fields", "Tags"),
         "customer": TABS}
"""Pages that show more behind tabs."""
CHARTS = ("", "dashboard", "satisfaction", "retention", "workload", "reports")
HARM = """() => [window.pwned === undefined ? '' : 'a script ran',
  ...[...document.querySelectorAll('[href], [src], [action], [srcdoc], [data]')].flatMap(one => ['href', 'src', 'action', 'srcdoc', 'data'].map(name => one.getAttribute(name) || ''))
    .filter(to => /^\\s*(javascript|vbscript|data:text|ms-word):/i.test(to)).map(to => 'a link to ' + to)].filter(Boolean)"""


@pytest.fixture(scope="module")
def poisoned(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, dict[str, str], int]]:
    folder = tmp_path_factory.mktemp("poisoned")
    shutil.copyfile(sqlite_template, folder / "poisoned.db")
    url = f"sqlite:///{folder / 'poisoned.db'}"
    with at_home(url):
        actors, first, counts = found_poisoned()
        cookies = {who: cookie_of(actors[who]) for who in ROLES}
    TOLD.append(f"payloads: {len(PAYLOADS)} texts, typed into {counts.total()} fields: {counts['taken']} taken, {counts['refused']} refused")
    server = Server(url, folder)
    server.start()
    yield server, cookies, first
    server.stop()


@pytest.mark.parametrize("who", ROLES)
def test_no_text_runs_calls_out_or_leads_away(poisoned, browser, who):
    server, cookies, first = poisoned
    window = Visit(browser, server.url, "en-GB", WIDE, cookies[who])
    harm: list[str] = []
    window.page.on("dialog", lambda dialog: (harm.append(f"a dialog: {dialog.message}"), dialog.dismiss()))
    views = sum(_seen(window, path, harm) for path in _paths(who, first))
    window.context.close()
    TOLD.append(f"payloads: {views} views by {who} ({len(PAYLOADS)} payloads behind each)")
    assert harm == []
    assert window.troubles() == []


def _paths(who: str, first: int) -> list[str]:
    """Every page open to this role; an administrator also opens the page of every customer, each named by another payload."""
    pages = [address(key) for key in sorted(EVERYWHERE - closed_to(who)) if key not in {"customer", "merge"}]
    merging = [f"merge?one={first}&two={first + 1}"] if "merge" not in closed_to(who) else []
    others = [f"customer?id={first + number}" for number in range(1, len(PAYLOADS))] if who == "ada" else []
    return [*pages, *merging, f"customer?id={first}", *others]


def _seen(window: Visit, path: str, harm: list[str]) -> int:
    """Open a page and everything behind its tabs; returns how many views that was."""
    window.go(path)
    harm += _harm(window, path)
    behind = VIEWS.get(path.split("?")[0], ()) if path.partition("?")[2] == "id=1" or "?" not in path else ()
    for tab in behind:
        window.page.get_by_role("tab", name=tab, exact=True).click()
        window.settle()
        harm += _harm(window, f"{path} {tab}")
    if path in CHARTS:
        _point_at_charts(window)
        harm += _harm(window, f"the charts of {path}")
    return 1 + len(behind)


def _point_at_charts(window: Visit) -> None:
    """Move over the charts, so that their tips are drawn."""
    for chart in window.page.locator("[data-testid=stVegaLiteChart]").all()[:8]:
        chart.scroll_into_view_if_needed()
        box: Any = chart.bounding_box()
        for across in (0.3, 0.6, 0.9) if box else ():
            window.page.mouse.move(box["x"] + box["width"] * across, box["y"] + box["height"] * 0.6)


def _harm(window: Visit, where: str) -> list[str]:
    here = [] if re.match(rf"{re.escape(window.address)}/", window.page.url) else [f"led away to {window.page.url}"]
    return [f"{where}: {what}" for what in (*window.page.evaluate(HARM), *here)]
