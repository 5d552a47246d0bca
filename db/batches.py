"""A long list in parts, each of a size that one statement takes well."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")


def batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    ordered = list(items)
    return (ordered[start : start + size] for start in range(0, len(ordered), size))
