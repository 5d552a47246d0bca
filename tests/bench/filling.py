"""A company of exactly so many customers: 10 follow-ups, 3 survey answers and 4 orders each, five years, 40 account managers in 8 teams."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from db import clock, startup
from db.bulk import load
from db.completion import Numbers
from db.defaults import OPTIONS
from db.engine import transaction
from db.models import Organisation, Team, User
from db.policy import SYSTEM, Actor

MANAGERS, TEAMS, DAYS, AT_ONCE = 40, 8, 5 * 365, 1000
FOLLOW_UPS, ORDERS = 10, 4
FIRST = ("Amber", "Blue", "Cedar", "Delta", "East", "Field", "Golden", "Harbour", "Iron", "Jade", "Kiln", "Lantern", "Maple", "North", "Olive", "Pine")
SECOND = ("Bakery", "Coffee", "Designs", "Electric", "Foods", "Garden", "Hotel", "Imports", "Joinery", "Kitchens", "Logistics", "Motors", "Printing", "Tea")
THIRD = ("商贸", "科技", "Works", "Group", "& Sons", "Company", "Partners", "Studio", "有限公司", "Trading")
CITIES = ("Hangzhou", "Ningbo", "上海", "苏州", "Shenzhen", "Qingdao", "成都", "Wuhan")
Row = dict[str, Any]


def fill(customers: int) -> dict[str, Actor]:
    """Fill the empty database in use; returns an administrator, a manager and an account manager."""
    startup.prepare()
    clock.use_zone("Asia/Shanghai")
    with transaction(SYSTEM, "setup") as session:
        session.add(Organisation(name="Measured", time_zone="Asia/Shanghai", currency="CNY", language="en"))
        teams = [Team(name=f"Team {number}") for number in range(TEAMS)]
        session.add_all(teams)
        session.flush()
        people = [User(user_name=f"rep{number}", name=f"Rep {number}", role="rep", team_id=teams[number % TEAMS].id, language="en") for number in range(MANAGERS)]
        heads = [User(user_name="ada", name="Ada", role="admin", language="en"), User(user_name="mia", name="Mia", role="manager", team_id=teams[0].id, language="en")]
        session.add_all([*people, *heads])
        session.flush()
        owners = [user.id for user in people]
        actors = {user.role: Actor(user.id, user.name, user.role, user.team_id, "en") for user in (*heads, people[0])}
    with transaction(SYSTEM, "sample.open") as session:
        load(session, _rows(customers, owners), Numbers(session))
    return actors


def _rows(customers: int, owners: list[int]) -> Iterator[tuple[str, list[Row]]]:
    opened = clock.at(clock.today() - timedelta(days=DAYS))
    yield "product", [{"id": number, "name": f"Product {number}", "price": 100, "created_at": opened} for number in range(1, 21)]
    yield "survey", [{"id": 1, "name": "Yearly", "created_at": opened}]
    kinds = (("csat", 1, 5), ("nps", 0, 10), ("ces", 1, 7))
    yield "question", [{"id": place, "survey_id": 1, "key": kind, "text": kind, "kind": kind, "scale_min": low, "scale_max": high, "created_at": opened}
                       for place, (kind, low, high) in enumerate(kinds, 1)]
    for first in range(1, customers + 1, AT_ONCE):
        lives = [_life(number, owners) for number in range(first, min(first + AT_ONCE, customers + 1))]
        for noun in ("customer", "contact", "order", "order_line", "follow_up", "survey_response"):
            yield noun, [row for life in lives for row in life[noun]]


def _life(number: int, owners: list[int]) -> dict[str, list[Row]]:
    chance = Random(number)
    owner, today = owners[number % len(owners)], clock.today()
    since = today - timedelta(days=chance.randrange(30, DAYS))
    person, shared = chance.random() < 0.2, {"customer_id": number, "created_at": clock.at(since)}
    customer = {
        "id": number, "name": f"{chance.choice(FIRST)} {chance.choice(SECOND)} {chance.choice(THIRD)} {number}", "kind": "person" if person else "company",
        "status": chance.choice(("active", "active", "active", "dormant", "lost", "prospect", "lead")), "tier": chance.choice("ABBCCC"), "owner_id": owner,
        "industry": _option(chance, "industry"), "region": _option(chance, "region"), "source": _option(chance, "source"), "city": chance.choice(CITIES),
        "phone": f"0571 {number:08d}", "email": f"office{number}@example.com", "customer_since": since, "created_at": clock.at(since),
        "birthday": date(1970 + number % 30, 1 + number % 12, 1 + number % 28) if person else None,
    }
    contact = {"id": number, "name": f"Contact {number}", "phone": f"138{number:08d}", "email": f"person{number}@example.com", **shared}
    orders = [_order(chance, number, place, since) | shared for place in range(ORDERS)]
    lines = [{"id": order["id"], "order_id": order["id"], "product_id": chance.randrange(1, 21), "quantity": 1, "price": order["amount"], **shared} for order in orders]
    done = [_done(chance, owner, _between(chance, since)) | shared for _ in range(FOLLOW_UPS - 1)]
    planned = {"subject": "Next step", "owner_id": owner, "method": _option(chance, "method"), "status": "planned",
               "due_on": today + timedelta(days=int(chance.triangular(-60, 90, 14))), **shared}
    answered = _moment(chance, _between(chance, since))
    answers = [{"sheet": f"S{number}", "question_id": question, "score": chance.choice(scores), "manager_id": owner, "answered_at": answered,
                "comment": "Came later than promised" if chance.random() < 0.1 else None, **shared}
               for question, scores in ((1, (1, 2, 3, 4, 4, 5, 5)), (2, (0, 3, 6, 7, 8, 9, 9, 10)), (3, (2, 4, 5, 6, 7)))]
    return {"customer": [customer], "contact": [contact], "order": orders, "order_line": lines, "follow_up": [*done, planned], "survey_response": answers}


def _option(chance: Random, name: str) -> str:
    return chance.choice(OPTIONS[name])[0]


def _between(chance: Random, since: date) -> date:
    return since + timedelta(days=chance.randrange((clock.today() - since).days))


def _moment(chance: Random, day: date) -> datetime:
    return clock.at(day, time(9 + chance.randrange(9), chance.randrange(60)))


def _order(chance: Random, number: int, place: int, since: date) -> Row:
    """Three purchases and, of every second customer, a contract in place of the fourth."""
    day = since if place == 0 else _between(chance, since)
    row: Row = {"id": ORDERS * (number - 1) + place + 1, "kind": "purchase", "ordered_on": day, "amount": chance.randrange(100, 9000), "channel": _option(chance, "channel"),
                "starts_on": None, "ends_on": None, "ended_on": None, "monthly_amount": None}
    if place < ORDERS - 1 or number % 2:
        return row
    return row | {"kind": "contract", "starts_on": day, "ends_on": day + timedelta(days=365 * chance.randrange(1, 4)), "monthly_amount": chance.randrange(10, 300),
                  "ended_on": min(day + timedelta(days=200), clock.today()) if chance.random() < 0.2 else None}


def _done(chance: Random, owner: int, day: date) -> Row:
    moment = _moment(chance, day)
    return {"subject": "Talked", "owner_id": owner, "method": _option(chance, "method"), "status": "done", "due_on": day, "done_at": moment,
            "content": "Talked about the next delivery and what else is needed.", "outcome": _option(chance, "outcome"),
            "rating": chance.choice((1, 2, 3, 4, 4, 5, 5)) if chance.random() < 0.4 else None, "duration_minutes": chance.choice((15, 30, 45))}
