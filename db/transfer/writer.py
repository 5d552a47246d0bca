"""Write checked items in batches: linked records are fetched by the thousand, codes are given out without asking row by row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from sqlalchemy import func, select

from db import dialect, journal, records
from db.fields import fields_of
from db.models import NOUNS, Record
from db.session import UNGUARDED, CrmSession
from db.transfer.items import Item
from db.transfer.progress import Progress

BATCH = 1000


def write(session: CrmSession, noun: str, items: list[Item], progress: Progress) -> int:
    """Returns how many records of the noun were made. Empties the list. Raises Cancelled."""
    progress.begin("write", len(items))
    codes = Codes(session, noun) if hasattr(NOUNS[noun], "code") else None
    made = done = 0
    for batch in _batches(items):
        made += _write(session, noun, batch, codes)
        done += len(batch)
        progress.tell(done)
    progress.begin("finish")
    return made


def _batches(items: list[Item]) -> Iterator[list[Item]]:
    """Some thousand at a time; an item whose parent waits in the same batch begins the next one. What is handed out is let go."""
    batch: list[Item] = []
    items.reverse()
    while items:
        item = items.pop()
        if len(batch) >= BATCH or (item.parent is not None and item.parent.id is None):
            yield batch
            batch = []
        batch.append(item)
    if batch:
        yield batch


def _write(session: CrmSession, noun: str, batch: list[Item], codes: Codes | None) -> int:
    for item in batch:
        if item.parent is not None:
            item.mains[0]["parent_id"] = item.parent.id
    mains = [values for item in batch for values in item.mains]
    held = [*_linked(session, noun, mains), *(record for name in _nouns(batch) for record in _linked(session, name, _children(batch, name)))]
    made = [_record(noun, codes.numbered(values) if codes else values) for values in mains]
    _add(session, noun, made)
    firsts = iter(made)
    for item in batch:
        item.id = next(firsts).id
        for _ in item.mains[1:]:
            next(firsts)
    for name in _nouns(batch):
        _add(session, name, [_record(name, {**values, **_belonging(noun, item)}) for item in batch for child, values in item.children if child == name])
    del held  # until here: the session keeps only what somebody holds
    return len(made)


def _add(session: CrmSession, noun: str, made: list[Record]) -> None:
    assert session.bind is not None
    if not dialect.numbers_rows_together(session.bind.dialect.name):
        highest = session.scalar(select(func.max(NOUNS[noun].id)), execution_options=UNGUARDED) or 0
        for id_, record in enumerate(made, highest + 1):
            record.id = id_
    session.add_all(made)
    session.flush()


def _nouns(batch: list[Item]) -> list[str]:
    return sorted({name for item in batch for name, _ in item.children})


def _children(batch: list[Item], noun: str) -> list[dict[str, Any]]:
    return [values for item in batch for name, values in item.children if name == noun]


def _belonging(noun: str, item: Item) -> dict[str, Any]:
    """The links of a child to its record and to the customer behind it."""
    if noun == "customer":
        return {"customer_id": item.id}
    return {f"{noun}_id": item.id, "customer_id": item.mains[0]["customer_id"]}


def _linked(session: CrmSession, noun: str, rows: list[dict[str, Any]]) -> list[Record]:
    """All records that these rows name, so that the checks of the session find them without asking."""
    found: list[Record] = []
    for field in fields_of(NOUNS[noun]):
        ids = sorted({row[field.key] for row in rows if row.get(field.key) is not None}) if field.target else []
        for start in range(0, len(ids), 1000):
            found += session.scalars(select(NOUNS[field.target]).where(NOUNS[field.target].id.in_(ids[start : start + 1000])))
    return found


def _record(noun: str, values: Mapping[str, Any]) -> Record:
    model = NOUNS[noun]
    own = _columns_of(model)
    custom = {key: journal.encode(value) for key, value in values.items() if key not in own and value is not None}
    record = model(**{key: value for key, value in values.items() if key in own})
    if custom:
        record.custom = custom  # type: ignore[attr-defined]
    return record


@cache
def _columns_of(model: type[Record]) -> frozenset[str]:
    return frozenset(attribute.key for attribute in model.__mapper__.column_attrs)


class Codes:
    """The next free short codes of a noun."""

    def __init__(self, session: CrmSession, noun: str) -> None:
        model: Any = NOUNS[noun]
        self._counter = records.counter_of(session, model)
        self._prefix = model.prefix
        self._taken = set(session.scalars(select(model.code), execution_options=UNGUARDED))

    def numbered(self, values: dict[str, Any]) -> dict[str, Any]:
        """The values, with a code if they have none."""
        if values.get("code"):
            self._taken.add(values["code"])
            return values
        code = ""
        while not code or code in self._taken:
            self._counter.value += 1
            code = f"{self._prefix}-{self._counter.value:04d}"
        return {**values, "code": code}
