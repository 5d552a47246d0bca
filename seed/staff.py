"""Who works there: two teams, their managers, and account managers of different temper; their targets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from db.completion import Numbers
from seed.plan import BUSY_MONTHS, Plan
from seed.vocabulary import Vocabulary

SIDES = ("north", "south")
REGIONS = {"north": ("north", "north", "northeast", "northwest", "east", "east"), "south": ("south", "south", "southwest", "central", "east", "abroad")}
SKILLS = (0.3, -0.12, 0.12, -0.3, 0.22, 0.0)
DONE_EACH, VISITS_SHARE, SALES_EACH = 0.42, 0.25, 480
"""Follow-ups and sales that a month brings per customer: what the targets ask for."""
PART_TIMER, ON_LEAVE, LEAVING_SOON = 2, 3, 4
"""Which account managers work 24 hours a week, are on leave today, and go on leave in three weeks."""


@dataclass(frozen=True)
class Manager:
    """An account manager: share of the customers, effect on satisfaction and its yearly trend, lateness, pace (2: half as many contacts)."""

    id: int
    side: str
    share: float
    skill: float
    trend: float
    lateness: float
    pace: float


def account_managers(plan: Plan, numbers: Numbers) -> list[Manager]:
    """The first carries far too much, the last far too little."""
    return [Manager(numbers.id("user"), SIDES[number % 2], *_temper(plan, number)) for number in range(plan.managers)]


def _temper(plan: Plan, number: int) -> tuple[float, float, float, float, float]:
    chance = plan.chance("manager", number)
    if number == 0:
        return 2.4, -0.4, -0.1, 0.45, 1.45
    if number == plan.managers - 1:
        return 0.35, 0.2, 0.0, 0.04, 0.9
    trend = chance.choice((-0.08, 0.0, 0.0, 0.15))
    return chance.uniform(0.85, 1.1), SKILLS[number % len(SKILLS)], trend, chance.uniform(0.06, 0.22), chance.uniform(0.85, 1.15)


def team_rows(words: Vocabulary, numbers: Numbers, existing: dict[str, int]) -> tuple[dict[str, int], list[dict[str, Any]]]:
    """The team of each side, and the rows of those that are not there yet."""
    names = dict(zip(SIDES, words.words["teams"], strict=True))
    teams = {side: existing.get(name) or numbers.id("team") for side, name in names.items()}
    return teams, [{"id": teams[side], "name": name} for side, name in names.items() if name not in existing]


def user_rows(plan: Plan, words: Vocabulary, numbers: Numbers, managers: list[Manager], teams: dict[str, int], taken: set[str]) -> Iterator[dict[str, Any]]:
    """A manager of each team and the account managers. Nobody gets a password."""
    chance = plan.chance("names")
    for number, manager in enumerate(managers):
        hours = Decimal(24 if number == PART_TIMER else 40)
        yield _user(plan, words, chance, taken) | {"id": manager.id, "role": "rep", "team_id": teams[manager.side], "weekly_hours": hours}
        if number < len(SIDES):
            yield _user(plan, words, chance, taken) | {"id": numbers.id("user"), "role": "manager", "team_id": teams[SIDES[number]]}
    if len(managers) < len(SIDES):
        yield _user(plan, words, chance, taken) | {"id": numbers.id("user"), "role": "manager", "team_id": teams[SIDES[-1]]}


def _user(plan: Plan, words: Vocabulary, chance: Random, taken: set[str]) -> dict[str, Any]:
    name, latin = words.person(chance)
    while latin in taken:
        name, latin = words.person(chance)
    taken.add(latin)
    return {"name": name, "user_name": latin, "email": f"{latin}@example.com", "language": plan.language, "active": True}


def absence_rows(plan: Plan, managers: list[Manager]) -> Iterator[dict[str, Any]]:
    """A leave and some sick days of everybody within the year; one is away today, one goes soon."""
    for number, manager in enumerate(managers):
        chance = plan.chance("absence", number)
        spells = [("leave", -chance.randint(190, 330), chance.choice((4, 6, 11))), ("sick", -chance.randint(60, 170), chance.choice((0, 1, 2)))]
        spells += [("training", -chance.randint(20, 40), 1)] if number % 3 == 1 else []
        spells += [("leave", -2, 7)] if number == ON_LEAVE else [("leave", 20, 9)] if number == LEAVING_SOON else []
        for kind, first, length in spells:
            starts_on = plan.today + timedelta(days=first)
            yield {"user_id": manager.id, "kind": kind, "starts_on": starts_on, "ends_on": starts_on + timedelta(days=length)}


def target_rows(plan: Plan, managers: list[Manager]) -> Iterator[dict[str, Any]]:
    """The same targets for everybody, growing with the number of customers, up to the end of the coming month."""
    months = list(_months(plan.start, plan.today))
    for number, month in enumerate(months, 1):
        customers = plan.customers / plan.managers * number / len(months)
        season = BUSY_MONTHS[month.month - 1]
        values = {"follow_ups": _rounded(customers * DONE_EACH, 5), "visits": _rounded(customers * DONE_EACH * VISITS_SHARE, 1),
                  "new_customers": _rounded(plan.customers / plan.managers / len(months) * 0.85, 1), "sales": _rounded(customers * SALES_EACH * season, 1000)}
        for manager in managers:
            yield from ({"user_id": manager.id, "month": month, "measure": measure, "value": value} for measure, value in values.items())


def _months(first: date, last: date) -> Iterator[date]:
    for number in range(first.year * 12 + first.month - 1, last.year * 12 + last.month + 1):
        yield date(number // 12, number % 12 + 1, 1)


def _rounded(value: float, step: int) -> int:
    return max(1, round(value / step)) * step
