"""Write checked items in batches: linked records are fetched by the thousand, codes are given out without asking row by row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import select

from db import journal, records
from db.base import OfCustomer
from db.batches import batches
from db.dialect import among
from db.errors import Gone
from db.fields import fields_of
from db.models import NOUNS, Record
from db.session import CrmSession
from db.short_codes import ShortCodes, counter_of, has_codes
from db.transfer.items import Item
from db.transfer.progress import Progress
from db.transfer.quick_insert import insert_rows

BATCH = 1000


def write(session: CrmSession, items: list[Item], progress: Progress) -> None:
    """Make the new records and change the existing ones. Empties the list. Raises Cancelled."""
    progress.begin("write", len(items))
    codes: dict[str, ShortCodes] = {}
    done = 0
    for batch in _batches(items):
        noun = batch[0].noun
        if has_codes(NOUNS[noun]) and noun not in codes:
            codes[noun] = ShortCodes(session, NOUNS[noun], counter_of(session, NOUNS[noun]).value)
        _write(session, noun, batch, codes.get(noun))
        done += len(batch)
        progress.tell(done)
    for given in codes.values():
        given.keep(session)
    progress.begin("finish")


def _batches(items: list[Item]) -> Iterator[list[Item]]:
    """Some thousand at a time, of one noun and one verb; an item whose link waits in the same batch begins the next one. What is handed out is let go."""
    batch: list[Item] = []
    items.reverse()
    while items:
        item = items.pop()
        other = batch and (item.noun, item.verb) != (batch[0].noun, batch[0].verb)
        if len(batch) >= BATCH or other or any(linked.id is None for linked in item.links.values()):
            if batch:
                yield batch
            batch = []
        batch.append(item)
    if batch:
        yield batch


def _write(session: CrmSession, noun: str, batch: list[Item], codes: ShortCodes | None) -> None:
    for item in batch:
        for key, linked in item.links.items():
            for values in item.mains:
                values[key] = linked.id
    if batch[0].verb == "update":
        _change(session, noun, batch)
    else:
        number(batch, _add(session, noun, rows_of(batch, codes)))
    hang(session, noun, batch)


def rows_of(batch: list[Item], codes: ShortCodes | None) -> list[dict[str, Any]]:
    return [{**(codes.numbered(values) if codes else values), **item.stamps} for item in batch for values in item.mains]


def number(batch: list[Item], ids: Iterable[int]) -> None:
    following = iter(ids)
    for item in batch:
        item.id = next(following)
        for _ in item.mains[1:]:
            next(following)


def hang(session: CrmSession, noun: str, batch: list[Item]) -> None:
    """Write what hangs on the records of the batch."""
    for name in _nouns(batch):
        _add(session, name, [{**values, **_belonging(noun, item)} for item in batch for child, values in item.children if child == name])


def _change(session: CrmSession, noun: str, batch: list[Item]) -> None:
    model = NOUNS[noun]
    mine = select(model).where(among(model.id, [item.id for item in batch])).order_by(model.id).with_for_update()
    found = {record.id: record for record in session.scalars(mine)}
    news = {item.id: {key: item.links[key].id if key in item.links else new for key, (_, new) in item.changes.items()} for item in batch}
    if news.keys() - found.keys():
        raise Gone
    customers = [{"customer_id": record.customer_id} for record in found.values() if isinstance(record, OfCustomer)]
    held = _linked(session, noun, [*news.values(), *customers])
    for id_, record in found.items():
        records.assign(record, news[id_])
    session.flush()
    del held  # until here: the session keeps only what somebody holds


def _add(session: CrmSession, noun: str, rows: list[dict[str, Any]]) -> Sequence[int]:
    return insert_rows(session, noun, [columns_of(noun, row) for row in rows])


def _nouns(batch: list[Item]) -> list[str]:
    return sorted({name for item in batch for name, _ in item.children})


def _belonging(noun: str, item: Item) -> dict[str, Any]:
    """The links of a child to its record and to the customer behind it."""
    if noun == "customer":
        return {"customer_id": item.id}
    return {f"{noun}_id": item.id, "customer_id": item.mains[0]["customer_id"]}


def _linked(session: CrmSession, noun: str, rows: list[dict[str, Any]]) -> list[Record]:
    """All records that these rows name, so that the checks of the session find them without asking."""
    found: list[Record] = []
    for field in fields_of(NOUNS[noun]):
        ids = {row[field.key] for row in rows if row.get(field.key) is not None} if field.target else set()
        for some in batches(sorted(ids), BATCH):
            found += session.scalars(select(NOUNS[field.target]).where(among(NOUNS[field.target].id, some)))
    return found


def columns_of(noun: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """What the table keeps of the values: its own columns, and users' own fields as JSON."""
    own = _own_columns(NOUNS[noun])
    custom = {key: journal.encode(value) for key, value in values.items() if key not in own and value is not None}
    return {key: value for key, value in values.items() if key in own} | ({"custom": custom} if custom else {})


@cache
def _own_columns(model: type[Record]) -> frozenset[str]:
    return frozenset(attribute.key for attribute in model.__mapper__.column_attrs)
