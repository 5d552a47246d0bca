"""What must hold after any fault: nothing acknowledged is lost, nothing torn, nothing doubled, the books are in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from db.check import check
from tests.torture import deeds


def assert_kept(acknowledged: Iterable[str], kept: Counter[str] | None = None) -> None:
    """Every acknowledged deed is there, and every deed that is there is there whole and once."""
    there = deeds.kept() if kept is None else kept
    lost = sorted(set(acknowledged) - there.keys())
    torn = sorted(key for key, parts in there.items() if parts != deeds.PARTS)
    assert (lost, torn) == ([], [])


def assert_in_order() -> None:
    """The journal's chain, the links and the derived values."""
    assert check().problems == []


def quantile(seconds: Iterable[float], part: float) -> float:
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]
