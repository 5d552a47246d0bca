"""Levers change nothing but what is shown; their effects are the arithmetic that anybody can redo."""

from __future__ import annotations

from datetime import date

import pytest

from db.engine import reading
from db.queries.filters import EVERYBODY
from db.queries.kpis import KPIS
from db.queries.periods import month
from db.queries.what_if import WHAT_IFS, what_if_of
from tests.db.queries import company

DAY = date(2024, 3, 31)


def effects(key: str, base: dict[str, float], **settings: float) -> dict[str, tuple[float | None, float | None]]:
    return {effect.label: (effect.base, effect.changed) for effect in what_if_of(key).effects(base, settings)}


def test_every_lever_belongs_to_a_declared_figure():
    assert all(key in KPIS for found in WHAT_IFS for key in found.kpis)


def test_two_points_of_retention():
    """100 customers at 1,000 a year, 80 % stay: with 82 % two more stay, and (1.80 + 0.02) / 2 x 100,000 comes in."""
    found = effects("retention_rate", {"customers": 100, "retention": 0.8, "yearly": 1000}, retention=2, discount=10)
    assert found["Of today's customers, in 12 months"] == (80, pytest.approx(82))
    assert found["Receipts of the next 12 months"] == (pytest.approx(90_000), pytest.approx(91_000))
    assert what_if_of("churn_rate").worth({"customers": 100, "retention": 0.8, "yearly": 1000}) == pytest.approx(500)


def test_lifetime_value_at_the_published_multiple():
    """r = 0.8 at 10 %: 2.67 (Gupta and Lehmann)."""
    found = effects("retention_rate", {"customers": 1, "retention": 0.8, "yearly": 1}, retention=0, discount=10)
    assert found["Lifetime value of a customer"] == (pytest.approx(2.67, abs=0.005), pytest.approx(2.67, abs=0.005))


def test_retention_never_passes_a_hundred_percent():
    found = effects("retention_rate", {"customers": 10, "retention": 0.97, "yearly": 1}, retention=10, discount=10)
    assert found["Retention in a year"] == (0.97, 1.0)


def test_unhappy_customers_won_back_and_dearer_orders():
    assert effects("csat_top_two", {"n": 10, "satisfied": 6, "unhappy": 2}, recovered=50)["Satisfied customers"] == (0.6, 0.7)
    assert effects("sales", {"sales": 1000, "orders": 10}, price=10, lost=20)["Sales"] == (1000, pytest.approx(880))


def test_the_base_is_the_company_s_own(acme):
    kept = [company.customer(acme.amy) for _ in range(3)]
    company.add(*(company.contract(id_, "2022-01-01", monthly=100) for id_ in kept), company.contract(company.customer(acme.amy), "2022-01-01", "2023-12-31", 50))
    company.answers(kept[0], company.question("csat", 1, 5), (5, 4, 3, 1))
    with reading(acme.ada) as session:
        contracts = what_if_of("retention_rate").ask(session, DAY, month(DAY), EVERYBODY)
        answers = what_if_of("csat_top_two").ask(session, DAY, month(DAY), EVERYBODY)
        assert what_if_of("sales").ask(session, DAY, month(DAY), EVERYBODY) is None
    assert contracts == {"customers": 3, "retention": 0.75, "yearly": 1200}
    assert answers == {"n": 4, "satisfied": 2, "unhappy": 1}
