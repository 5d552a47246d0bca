"""A Chinese screen speaks Chinese: every page is drawn and every word on it is looked at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import available_timezones

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from components.rooms import ROOMS
from db import clock, defaults, engine, language, records
from db.actions import customers, follow_ups, surveys, tokens
from db.engine import reading, transaction
from db.models import Customer, Organisation, Team, User
from db.policy import SYSTEM, Actor
from tests.browser import ROOT
from tests.conftest import made_once
from tests.door import cookie_of, give_password
from tests.pages.conftest import no_components
from tests.screen_words import drawn

PROPER = {
    "Regulars", "CSV", "XLSX", "NPS", "CSAT", "CES", "RFM", "MB", "KB", "GB", "UTC", "QQ", "YYYY-MM-DD", "YYYY", "MM", "DD", "HH", "mm", "SQLite", "PostgreSQL", "Ctrl", "Enter", "Esc",
    "English", "Firefox", "Kaplan–Meier", "Asia", "Shanghai", "AAA", "AA", "HK", "ISO", "Wilson", "BG", "NBD", "NT", "pp", "SVG", "PNG", "XXXX-XXXX-XXXX", "Excel", "csv", "xlsx",
}
"""Names, abbreviations, keys and units that are the same in Chinese."""
DATA = re.compile(r"`[^`]*`|[\w.*+-]+@[\w.-]+|\b[A-Z]{1,2}-\d+\b|[\w-]+\.(?:db|dump|csv|xlsx)\b|\b[0-9a-f]{8,}\b")
"""Codes of actions, e-mail addresses, codes of records, names of files, digests."""
ENGLISH_NAMES = {name for values in defaults.OPTIONS.values() for _, name, _, _ in values} | {key for values in defaults.OPTIONS.values() for key, *_ in values}
"""The page of drop-down values shows both names of each value, and its key."""
WORD = re.compile(r"[A-Za-z][A-Za-z–'’-]*[A-Za-z]")


@pytest.fixture
def place(sqlite_template, house_of, tmp_path, monkeypatch) -> Iterator[None]:
    """An installation before its first run."""
    begin(house_of(sqlite_template), monkeypatch)
    monkeypatch.setenv("REGULARS_BACKUPS", str(tmp_path / "backups"))
    clock.use_zone("Asia/Shanghai")
    language.use("zh")
    yield
    language.use("en")
    engine.dispose_all()


def begin(house, monkeypatch) -> None:
    house.put_back()
    monkeypatch.setenv("REGULARS_DATABASE_URL", house.url)


@pytest.fixture(scope="session")
def sqlite_shop(sqlite_template) -> Path:
    return made_once(sqlite_template.with_name("shop.db"), sqlite_template, lambda: _filled(**_company()))


@pytest.fixture
def shop(sqlite_shop, place, house_of, monkeypatch) -> SimpleNamespace:
    """A small company whose data is all Chinese, so that every English word comes from the product."""
    begin(house_of(sqlite_shop), monkeypatch)
    with reading(SYSTEM) as session:
        users = {user.role: Actor(user.id, user.name, user.role, user.team_id, user.language) for user in session.scalars(select(User))}
        first = session.scalars(select(Customer.id).where(Customer.name == "青禾茶楼")).one()
    return SimpleNamespace(boss=users["admin"], reader=users["viewer"], customer=first)


def _company() -> dict[str, Actor]:
    people = {"boss": ("林悦", "admin", "zh"), "seller": ("周宁", "rep", "zh"), "reader": ("何川", "viewer", "en")}
    with transaction(SYSTEM, "setup") as session:
        team = Team(name="华东组")
        session.add_all([Organisation(name="远山茶业", time_zone="Asia/Shanghai", language="zh"), team])
        defaults.add_options(session)
        session.flush()
        users = {key: User(user_name=name, name=name, role=role, language=speaks, team_id=team.id if role == "rep" else None) for key, (name, role, speaks) in people.items()}
        session.add_all(users.values())
        session.flush()
        return {key: Actor(user.id, user.name, user.role, user.team_id, user.language) for key, user in users.items()}


def _filled(boss: Actor, seller: Actor, reader: Actor) -> None:
    language.use("zh")
    clock.use_zone("Asia/Shanghai")
    today = clock.today()
    with transaction(boss, "customer.create") as session:
        known = [customers.create(session, {"name": name, "tier": tier, "owner_id": seller.id, "status": status, "industry": "retail", "city": "杭州", "email": "a@example.com",
                                            "birthday": today.replace(year=1980) if number == 1 else None, "customer_since": today - timedelta(days=900)}).id
                 for number, (name, tier, status) in enumerate([("青禾茶楼", "A", "active"), ("望江酒店", "B", "prospect"), ("南湖书院", "C", "dormant"),
                                                                ("白石工坊", "A", "lost"), ("海棠花艺", None, "lead"), ("松涛客栈", "B", "active")])]
        records.create(session, "contact", {"customer_id": known[0], "name": "陈晓", "position": "店长", "decision_role": "decider"})
        tag = records.create(session, "tag", {"name": "老友"})
        records.set_tags(session, known[0], [tag.id])
        line = records.create(session, "product_line", {"name": "绿茶"})
        product = records.create(session, "product", {"name": "龙井", "product_line_id": line.id, "price": 120})
        records.create(session, "custom_field", {"key": "favourite", "name_en": "喜好茶", "name_zh": "喜好茶", "kind": "text"})
        records.create(session, "target", {"user_id": seller.id, "month": today, "measure": "follow_ups", "value": 20})
        _past(session, known, seller)
        survey = records.create(session, "survey", {"name": "年度回访"})
        for position, kind in enumerate(("csat", "nps", "ces")):
            low, high = {"csat": (1, 5), "nps": (0, 10), "ces": (1, 7)}[kind]
            records.create(session, "question", {"survey_id": survey.id, "key": kind, "text": "您觉得怎么样？", "kind": kind, "scale_min": low, "scale_max": high, "position": position})
        session.flush()
        questions = surveys.questions_of(session, survey.id)
        for number, id_ in enumerate(known * 2):
            surveys.answer(session, id_, survey.id, {question.id: question.scale_max - number % 5 for question in questions}, comment="等了很久", product_id=product.id, channel="phone")
    with transaction(boss, "customer.delete") as session:
        records.delete(session, "customer", known.pop())
    with transaction(boss, "customer.update") as session:
        records.update(session, "customer", known[0], {"city": "绍兴", "tier": "B"})


def _past(session, known: list[int], seller: Actor) -> None:
    today, noon = clock.today(), clock.now()
    for number, id_ in enumerate(known):
        follow_ups.log(session, {"customer_id": id_, "method": "visit", "content": "谈了春茶", "rating": 2 + number % 4, "outcome": "interested", "owner_id": seller.id,
                                 "done_at": noon - timedelta(days=number * 30)})
        for days in (-9, 0, 1, 5):
            follow_ups.plan(session, {"customer_id": id_, "subject": "寄样品", "method": "call", "due_on": today + timedelta(days=days), "owner_id": seller.id})
        for months in range(0, 30, 3):
            records.create(session, "order", {"customer_id": id_, "kind": "purchase", "ordered_on": today - timedelta(days=31 * months + number * 40), "amount": 5000, "channel": "store"})
        records.create(session, "order", {"customer_id": id_, "kind": "contract", "ordered_on": today - timedelta(days=500), "starts_on": today - timedelta(days=500), "amount": 60000,
                                          "ends_on": today + timedelta(days=20), "ended_on": today - timedelta(days=30) if number in (2, 3) else None,
                                          "end_reason": "price" if number in (2, 3) else None, "monthly_amount": 3000, "signatory": "陈晓"})


def screen_of(shop: SimpleNamespace, key: str, actor: Actor | None = None, **parameters: str) -> AppTest:
    screen = AppTest.from_file(ROOT / "components" / "entrance.py", default_timeout=60)
    screen.context = {"locale": "zh-CN", "timezone": "Asia/Shanghai", "url": "http://localhost:8501/"}
    screen._bidi_component_manager = no_components()
    screen.user = {"sid": tokens.digest(cookie_of(actor or shop.boss))}
    screen.run()
    screen.query_params.update(parameters)
    screen.switch_page(f"../pages/{key}.py").run()
    assert [problem.value for problem in screen.exception] == []
    return screen


def english(texts: set[str]) -> list[str]:
    """The texts with an English word that is no proper name."""
    return sorted(text for text in texts - ENGLISH_NAMES - available_timezones() if set(WORD.findall(DATA.sub(" ", text))) - PROPER)


@pytest.mark.parametrize("key", [room.key for room in ROOMS])
def test_no_page_draws_an_english_word_for_a_chinese_reader(shop, key):
    assert english(drawn(screen_of(shop, key, **({"id": str(shop.customer)} if key == "customer" else {})))) == []


def test_the_eye_sees_english_words_where_they_are(shop):
    seen = english(drawn(screen_of(shop, "customers", shop.reader)))
    assert {"Customers", "Last contact", "Clear filters"} & set(seen)


@pytest.mark.parametrize(("path", "filled"), [("", True), ("reset", True), ("", False)], ids=["sign in", "new password", "first run"])
def test_no_screen_before_the_door_draws_an_english_word(place, path, filled):
    if filled:
        give_password(_company()["boss"])
    screen = AppTest.from_file(ROOT / "components" / "entrance.py", default_timeout=60)
    screen.context = {"locale": "zh-CN", "timezone": "Asia/Shanghai", "url": f"http://localhost:8501/{path}"}
    screen.run()
    assert not screen.exception
    assert english(drawn(screen)) == []
