"""Reports on paper: for whoever is signed in, in their language, with what they may see and nothing that acts as markup."""

from __future__ import annotations

from datetime import date

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from components.web import print_pages
from components.web.visitor import Visitor
from db.policy import Actor
from tests.db.queries import company
from tests.db.queries.company import add, purchase
from tests.houses import filled_once


def asked(actor: Actor | None, path: str):
    async def app(scope, receive, send):
        scope["state"] = {"visitor": Visitor(None, None, "test", "en", actor)}
        await Starlette(routes=print_pages.ROUTES)(scope, receive, send)

    return TestClient(app).get(path)


@pytest.fixture
@filled_once
def shop(acme):
    mine, other = company.customer(acme.amy, name="<script>alert(1)</script>"), company.customer(acme.cy, name="Star")
    add(purchase(mine, "2026-03-10", 300), purchase(other, "2026-03-11", 200), purchase(other, "2025-03-11", 100))


def test_everybody_reads_the_own_rows_and_text_stays_text(acme, shop):
    whole = asked(acme.ada, "/print/orders_by_customer?from=2026-03-01&to=2026-03-31").text
    assert "¥500.00" in whole
    assert "&lt;script&gt;alert(1)" in whole
    assert "<script" not in whole
    own = asked(acme.amy, "/print/orders_by_customer?from=2026-03-01&to=2026-03-31").text
    assert "¥300.00" in own
    assert "Star" not in own


def test_strangers_and_unknown_reports_are_turned_away(acme):
    assert asked(None, "/print/daily").status_code == 404
    assert asked(acme.ada, "/print/nothing").status_code == 404


@pytest.mark.parametrize("words", ["?day=yesterday&owner=x", "?from=2026-03-31&to=1999-01-01&team=-1&tier=%3Cb%3E", "?from=0001-01-01&to=9999-12-31"])
def test_an_address_that_makes_no_sense_shows_a_sound_page(acme, words):
    for key in ("daily", "orders_by_person"):
        assert asked(acme.ada, f"/print/{key}{words}").status_code == 200


def test_paper_speaks_the_reader_s_language(acme, shop):
    reader = Actor(acme.ada.id, "林悦", "admin", None, "zh")
    page = asked(reader, f"/print/daily?day={date(2026, 3, 10)}").text
    assert 'lang="zh-CN"' in page
    assert "订单1笔、金额¥300" in page
    assert "打印或另存为PDF" in page
