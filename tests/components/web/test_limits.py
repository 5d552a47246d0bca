"""How often one may ask: each for itself, for a while, in little memory."""

from __future__ import annotations

import pytest

from components.web import limits
from components.web.limits import Limit


@pytest.fixture
def at(monkeypatch):
    """Set the watch to a second."""
    return lambda second: monkeypatch.setattr(limits.time, "monotonic", lambda: float(second))


def test_whoever_asked_too_often_waits_until_the_stretch_is_over_and_nobody_else_does(at):
    limit = Limit(2, 60)
    at(100)
    assert [limit.wait("a") for _ in range(3)] == [0, 0, 61]
    assert limit.wait("b") == 0
    at(150)
    assert limit.wait("a") == 11
    at(160)
    assert [limit.wait("a") for _ in range(3)] == [0, 0, 61]


def test_many_addresses_do_not_fill_the_memory(at, monkeypatch):
    monkeypatch.setattr(limits, "MOST_KEYS", 100)
    limit = Limit(1, 60)
    for number in range(1000):
        at(number / 100)
        limit.wait(str(number))
    assert len(limit._counted) <= 101
    assert limit.wait("999") > 0
