"""Load many rows past the journal's single entries: one baseline Change, one line a noun with count and hash."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from db import derived, journal
from db.base import OfCustomer, Record
from db.dialect import continue_numbering, gather_statistics
from db.fields import journalled_keys
from db.models import NOUNS, Counter, Customer
from db.policy import require
from db.session import UNGUARDED, CrmSession

BATCH = 5000
SEPARATOR = "\x1f"
Row = Mapping[str, Any]


class Numbers:
    """The next ids and short codes of every noun; `keep` tells the database how far they were used.

    What was looked up can be sent to another process, which counts on without the database.
    """

    def __init__(self, session: CrmSession) -> None:
        self._session: CrmSession | Any = session
        self._ids: dict[str, int] = {}
        self._codes: dict[str, int] = {}
        self._taken: dict[str, set[str]] = {}
        self._given: set[str] = set()

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "_session": None}

    def look_up(self, nouns: Iterable[str]) -> None:
        """Ask the database how far ids and codes were used."""
        for noun in nouns:
            if noun not in self._ids:
                self._ids[noun] = self._session.scalar(select(func.max(NOUNS[noun].id)), execution_options=UNGUARDED) or 0
            if noun not in self._codes and hasattr(NOUNS[noun], "code"):
                counter = self._session.get(Counter, noun)
                self._codes[noun] = counter.value if counter else self._ids[noun]
                self._taken[noun] = set(self._session.scalars(select(NOUNS[noun].code), execution_options=UNGUARDED))  # type: ignore[attr-defined]

    def go_on_from(self, other: Numbers) -> None:
        """Count on where the other, which was sent elsewhere, has stopped."""
        for own, theirs in ((self._ids, other._ids), (self._codes, other._codes)):
            own |= {noun: max(value, own[noun]) for noun, value in theirs.items()}
        self._given |= other._given

    def id(self, noun: str) -> int:
        if noun not in self._ids:
            self.look_up([noun])
        self._ids[noun] += 1
        return self._ids[noun]

    def code(self, noun: str) -> str:
        if noun not in self._codes:
            self.look_up([noun])
        self._given.add(noun)
        while True:
            self._codes[noun] += 1
            code = f"{NOUNS[noun].prefix}-{self._codes[noun]:04d}"
            if code not in self._taken[noun]:
                return code

    def keep(self) -> None:
        for noun in sorted(self._given):
            self._session.merge(Counter(noun=noun, value=self._codes[noun]))
        self._session.flush()
        continue_numbering(Session.connection(self._session), [NOUNS[noun].__tablename__ for noun in self._ids])


def load(session: CrmSession, batches: Iterable[tuple[str, Iterable[Row]]], numbers: Numbers | None = None) -> dict[str, int]:
    """Insert the rows of each noun in the order given (a mapping's items() will do); returns how many there were of each.

    Rows are trusted to be valid. Missing ids, codes and defaults are filled in, derived values are worked out.
    """
    numbers = numbers or Numbers(session)
    owners = {id_: owner for id_, owner in session.execute(select(Customer.id, Customer.owner_id), execution_options=UNGUARDED)}
    loads: dict[str, _Load] = {}
    for noun, rows in batches:
        require(session.actor, "create", noun)
        if noun not in loads:
            loads[noun] = _Load(session, NOUNS[noun], numbers, owners)
        loads[noun].add(rows)
    numbers.keep()
    _derive(session, loads)
    for noun, done in loads.items():
        journal.record_load(session, noun, {"rows": done.count, "sha256": done.hash.hexdigest()})
    return {noun: done.count for noun, done in loads.items()}


def _derive(session: CrmSession, loads: Mapping[str, _Load]) -> None:
    gather_statistics(Session.connection(session))
    if {"customer", "follow_up"} & loads.keys():
        derived.refresh_contact_dates(session, None)
    fresh = loads["customer"].customers if "customer" in loads else set()
    renamed = loads["contact"].customers - fresh if "contact" in loads else set()
    for start in range(0, len(fresh), BATCH):
        derived.refresh_match_keys(session, sorted(fresh)[start : start + BATCH], replace=False)
    for ids, replace in ((sorted(fresh), False), (sorted(renamed), True)):
        for start in range(0, len(ids), BATCH):
            derived.refresh_search(session, ids[start : start + BATCH], replace)


class _Load:
    """The rows of one noun on their way into its table."""

    def __init__(self, session: CrmSession, model: type[Record], numbers: Numbers, owners: dict[int, int | None]) -> None:
        self.session, self.model, self.numbers, self.owners = session, model, numbers, owners
        self.defaults = {**defaults_of(model), "created_by_id": session.actor.id}
        self.kept = journalled_keys(model)
        self.count, self.hash, self.customers = 0, hashlib.sha256(), set[int]()

    def add(self, rows: Iterable[Row]) -> None:
        completed = (self._completed(row) for row in rows)
        while batch := list(islice(completed, BATCH)):
            Session.connection(self.session).execute(insert(self.model.__table__), batch)  # type: ignore[arg-type]
            self.count += len(batch)
            self.hash.update("\n".join(self._lines(batch)).encode())

    def _completed(self, row: Row) -> dict[str, Any]:
        record = SimpleNamespace(**{**self.defaults, **row})
        if record.id is None:
            record.id = self.numbers.id(self.model.__tablename__)
        if "code" in self.defaults and not record.code:
            record.code = self.numbers.code(self.model.__tablename__)
        record.updated_at = record.created_at
        self.model.derive(cast(Record, record))
        self._follow_customer(record)
        return vars(record)

    def _follow_customer(self, record: Any) -> None:
        if self.model is Customer:
            self.owners[record.id] = record.owner_id
            self.customers.add(record.id)
        elif issubclass(self.model, OfCustomer):
            record.account_owner_id = self.owners.get(record.customer_id)
            if self.model.__tablename__ == "contact":
                self.customers.add(record.customer_id)

    def _lines(self, batch: list[dict[str, Any]]) -> Iterator[str]:
        return (SEPARATOR.join([str(row[key]) for key in self.kept]) for row in batch)


def defaults_of(model: type[Record]) -> dict[str, Any]:
    """The value of every column that a row leaves out."""
    columns = {attribute.key: attribute.columns[0].default for attribute in model.__mapper__.column_attrs}
    return {key: None if default is None else default.arg(None) if default.is_callable else default.arg
            for key, default in columns.items()}
