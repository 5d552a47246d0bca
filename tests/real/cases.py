"""The small published cases as import files of one database.

What each case asks for is kept apart from the others by its time: a figure of 2000 knows nothing of 2007. Contracts that only matter to one case end soon after it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from typing import Any

from db.queries.periods import months_later
from tests.db.queries.loading import folder, rows
from tests.real.files import File, file

GEHAN_DAY, SBG_START, KM_DAY, STAGE_DAY = date(2000, 1, 1), date(2000, 2, 1), date(2012, 12, 1), date(1990, 12, 31)
SBG_TIERS = {"A": "sbg-1", "B": "sbg-2"}
REPS = ("amy", "bo", "cy", "di")
TIERS_OF_AMY = {"A": 4, "B": 5, "C": 11}
REVENUE = {"start": 10.0, "expansion": 1.8, "contraction": 0.6, "churn": 0.9}
CONTRACT = ("customer_id", "kind", "starts_on", "ended_on", "monthly_amount", "terms", "amount")


@cache
def vectors() -> dict[str, dict[str, Any]]:
    return {case["id"]: case for case in json.loads((folder() / "vectors.json").read_text(encoding="utf-8"))}


def given(case: str) -> Any:
    return vectors()[case]["input"]


def cases() -> Iterator[File]:
    contracts, purchases = [*gehan(), *projected(), *survivors(), *kept(), *revenue()], list(bought())
    yield file("user", "cases", ["user_name", "name", "role"], [[name, name.title(), "rep"] for name in REPS])
    yield customers([*contracts, *purchases])
    yield file("order", "cases-contracts", CONTRACT, contracts)
    yield file("order", "cases-purchases", ["customer_id", "kind", "ordered_on", "amount"], purchases)
    yield from surveys()
    yield file("follow_up", "cases", ["customer_id", "owner_id", "subject", "status", "due_on", "done_at"], follow_ups())


def customers(orders: Iterable[list[Any]]) -> File:
    """Everybody with an order or an answer; twenty of them look after by Amy."""
    tiers = {f"SBG-{tier}-{number}": tier for tier, case in SBG_TIERS.items() for number in range(given(case)[0])}
    potential = {f"PORTFOLIO-{number}": value for number, value in enumerate(given("portfolio-1")["potential"])}
    plain = dict.fromkeys([*(order[0] for order in orders), *(f"GUEST-{number}" for number in range(100))])
    lines = [[code, code.title(), "person", "active", tiers.get(code), None, None, potential.get(code)] for code in plain]
    lines += [[f"LOAD-{tier}-{number}", "Load", "company", "active", tier, "amy", "1980-01-01", None] for tier, n in TIERS_OF_AMY.items() for number in range(n)]
    return file("customer", "cases", ["code", "name", "kind", "status", "tier", "owner_id", "customer_since", "potential_value"], lines)


def contract(code: str, start: date, end: date, monthly: float = 0, terms: str = "") -> list[Any]:
    return [code, "contract", start, end, monthly, terms, 0]


def gehan() -> Iterator[list[Any]]:
    """Weeks of remission as months of a contract, the treatment as its terms."""
    for number, row in enumerate(rows("gehan.csv")):
        gone = GEHAN_DAY if row["cens"] == "1" else GEHAN_DAY + timedelta(days=1)
        yield contract(f"GEHAN-{number}", months_later(GEHAN_DAY, -int(row["time"])), gone, terms=row["treat"])


def projected() -> Iterator[list[Any]]:
    """A thousand customers each, who leave in the published numbers at the end of each contract year."""
    for tier, case in SBG_TIERS.items():
        there = given(case)
        years = [year for year, (before, after) in enumerate(pairwise(there), 1) for _ in range(before - after)] + [len(there)] * there[-1]
        for number, year in enumerate(years):
            yield contract(f"SBG-{tier}-{number}", SBG_START, months_later(SBG_START, 12 * year))


def survivors() -> Iterator[list[Any]]:
    for case in ("km-1", "km-2"):
        for number, (months, event) in enumerate(zip(given(case)["time"], given(case)["event"], strict=True)):
            gone = KM_DAY if event else KM_DAY + timedelta(days=1)
            yield contract(f"{case.upper()}-{number}", months_later(KM_DAY, -months), gone, terms=case)


def kept() -> Iterator[list[Any]]:
    """Case crr-1 in January 2016: of those at the start some leave, others come."""
    start, end, new = (given("crr-1")[name] for name in ("start", "end", "new"))
    last = date(2017, 12, 31)
    for number in range(start):
        yield contract(f"KEPT-{number}", date(2015, 6, 1), last if number < end - new else date(2016, 1, 15))
    for number in range(start, start + new):
        yield contract(f"KEPT-{number}", date(2016, 1, 10), last)


def revenue() -> Iterator[list[Any]]:
    """Case rev-1 in March 2023: one customer grows, one gives up a part, one leaves."""
    before, turn, last = date(2022, 1, 1), date(2023, 3, 10), date(2024, 12, 31)
    yield contract("REVENUE-GROWN", before, last, 3)
    yield contract("REVENUE-GROWN", turn, last, REVENUE["expansion"])
    yield contract("REVENUE-SHRUNK", before, last, REVENUE["start"] - 3 - REVENUE["contraction"] - REVENUE["churn"])
    yield contract("REVENUE-SHRUNK", before, turn, REVENUE["contraction"])
    yield contract("REVENUE-GONE", before, turn, REVENUE["churn"])


def bought() -> Iterator[list[Any]]:
    for number, amount in enumerate(given("portfolio-1")["historic"]):
        yield purchase(f"PORTFOLIO-{number}", date(1985, 6, 1), amount)
    for number, days in enumerate(given("stage-1")):
        if days is not None:
            yield purchase(f"STAGE-{number}", STAGE_DAY - timedelta(days=days), 1)
    for month, case in enumerate(("abc-1", "abc-2", "abc-3", "abc-4"), 1):
        for number, amount in enumerate(given(case)):
            yield purchase(f"{case.upper()}-{number}", date(2019, month, 10), amount)
    for number, amount in enumerate(given("fair-3")):
        yield purchase(f"FAIR-{number}", date(2025, 6, 10), amount)
    for name, months in given("cohort-1").items():
        for month in months:
            yield purchase(f"COHORT-{name.upper()}", date.fromisoformat(f"{month}-15"), 1)


def purchase(code: str, day: date, amount: float) -> list[Any]:
    return [code, "purchase", day, amount]


def surveys() -> Iterator[File]:
    """A question of each kind, and its answers: csat-1, nps-1 and ces-1 in January 2024, the scores of nps-ci-1 ... 4 from February on."""
    yield file("survey", "cases", ["name"], [["Cases"]])
    questions = [["Cases", kind, kind, kind, low, high, number] for number, (kind, low, high) in enumerate((("csat", 1, 5), ("nps", 0, 10), ("ces", 1, 7)))]
    yield file("question", "cases", ["survey_id", "key", "text", "kind", "scale_min", "scale_max", "position"], questions)
    answers = [(kind, "2024-01", score) for kind in ("csat", "nps", "ces") for score in given(f"{kind}-1") if score is not None]
    for number in range(1, 5):
        scores = (10, 8, 0)
        answers += [("nps", f"2024-{number + 1:02}", score) for score, n in zip(scores, given(f"nps-ci-{number}"), strict=True) for _ in range(n)]
    lines = [[f"GUEST-{number % 100}", kind, score, f"{month}-05 12:00", f"S{number}"] for number, (kind, month, score) in enumerate(answers)]
    yield file("survey_response", "cases", ["customer_id", "question_id", "score", "answered_at", "sheet"], lines)


def follow_ups() -> Iterator[list[Any]]:
    """Cases fair-1 and fair-2 in January and February 2024, fair-4 in March (nobody did anything), overdue-1 and 2 in May."""
    for month, case in (("2024-01", "fair-1"), ("2024-02", "fair-2")):
        for name, n in zip(REPS, given(case), strict=True):
            yield from (["GUEST-0", name, "Call", "done", None, f"{month}-{day + 1:02} 12:00"] for day in range(n))
    yield ["GUEST-0", "amy", "Visit", "planned", given("overdue-1")["due"], None]
