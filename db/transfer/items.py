from __future__ import annotations

from dataclasses import dataclass, field as member
from typing import Any


@dataclass(slots=True, eq=False)
class Item:
    """What one row, or the rows of one order or sheet, become: records of the noun, and records that hang on the first of them.

    verb: 'create', 'update' of the record `id`, 'skip' for one that is left as it is, 'missing' for a row whose record does not exist.
    stamps: author and date of an old note; links: columns that name the record of another item of the same file;
    joins: the item that this row is part of; changes: column -> (before, after) of an update; id: the record's number, once there is one.
    """

    rows: list[int]
    noun: str = ""
    verb: str = "create"
    mains: list[dict[str, Any]] = member(default_factory=list)
    children: list[tuple[str, dict[str, Any]]] = member(default_factory=list)
    stamps: dict[str, Any] = member(default_factory=dict)
    links: dict[str, Item] = member(default_factory=dict)
    changes: dict[str, tuple[Any, Any]] = member(default_factory=dict)
    joins: Item | None = None
    id: int | None = None
