from __future__ import annotations

from dataclasses import dataclass, field as member
from typing import Any


@dataclass(slots=True)
class Item:
    """What one row, or the rows of one order or sheet, become: records of the noun, and records that hang on the first of them.

    parent: the item of the same file that this one is part of; id: that of the first record, once written.
    """

    rows: list[int]
    mains: list[dict[str, Any]] = member(default_factory=list)
    children: list[tuple[str, dict[str, Any]]] = member(default_factory=list)
    joins: Item | None = None
    parent: Item | None = None
    id: int | None = None
