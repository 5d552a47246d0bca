"""Rows on their way into their tables, made complete without the database, so that another process can do it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from operator import itemgetter
from types import SimpleNamespace
from typing import Any, NamedTuple, cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.base import OfCustomer, Record
from db.dialect import continue_numbering
from db.fields import journalled_keys
from db.insertion import Known, insertion_of
from db.models import NOUNS, Contact, Customer
from db.session import UNGUARDED, CrmSession
from db.short_codes import ShortCodes, has_codes, last_number
from db.types import Instant

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
        self._codes: dict[str, ShortCodes] = {}

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "_session": None}

    def look_up(self, nouns: Iterable[str]) -> None:
        """Ask the database how far ids and codes were used."""
        for noun in nouns:
            if noun not in self._ids:
                self._ids[noun] = self._session.scalar(select(func.max(NOUNS[noun].id)), execution_options=UNGUARDED) or 0
            if noun not in self._codes and has_codes(NOUNS[noun]):
                self._codes[noun] = ShortCodes(self._session, NOUNS[noun], last_number(self._session, NOUNS[noun]))

    def go_on_from(self, other: Numbers) -> None:
        """Count on where the other, which was sent elsewhere, has stopped."""
        self._ids |= {noun: max(value, self._ids[noun]) for noun, value in other._ids.items()}
        for noun, codes in other._codes.items():
            self._codes[noun].last = max(codes.last, self._codes[noun].last)

    def id(self, noun: str) -> int:
        if noun not in self._ids:
            self.look_up([noun])
        self._ids[noun] += 1
        return self._ids[noun]

    def code(self, noun: str) -> str:
        if noun not in self._codes:
            self.look_up([noun])
        return self._codes[noun].next()

    def keep(self) -> None:
        for noun in sorted(self._codes):
            self._codes[noun].keep(self._session)
        self._session.flush()
        continue_numbering(Session.connection(self._session), [NOUNS[noun].__tablename__ for noun in self._ids])


class Ready(NamedTuple):
    """An INSERT and the rows that it is for, as the driver takes them. about: the customers that these rows make or give contacts."""

    noun: str
    statement: str
    rows: list[tuple[Any, ...]]
    about: list[int]


class Completion:
    """Fills in ids, codes, defaults and what follows from other values; counts and hashes what went through, noun by noun.

    Rows are trusted to be valid. It can be sent to another process before and after, and work there.
    """

    def __init__(self, session: CrmSession, numbers: Numbers) -> None:
        assert session.bind is not None
        self.numbers, self.driver = numbers, session.bind.engine.url.drivername
        self.owners = {id_: owner for id_, owner in session.execute(select(Customer.id, Customer.owner_id), execution_options=UNGUARDED)}
        self.defaults = {noun: {**defaults_of(model), "created_by_id": session.actor.id} for noun, model in NOUNS.items()}
        self.loaded: dict[str, dict[str, Any]] = {}
        """By noun, once all went through: how many rows, and their hash."""

    def ready(self, batches: Iterable[tuple[str, Iterable[Row]]]) -> Iterator[Ready]:
        """The rows of each noun in the order given, some thousand at a time."""
        lines: dict[str, _Line] = {}
        for noun, rows in batches:
            line = lines[noun] = lines.get(noun) or _Line(NOUNS[noun], self.driver)
            completed = (self._completed(line.model, row) for row in rows)
            while batch := list(islice(completed, BATCH)):
                yield line.ready(batch)
        self.loaded = {noun: {"rows": line.count, "sha256": line.hash.hexdigest()} for noun, line in lines.items()}

    def go_on_from(self, other: Completion) -> None:
        """Stand where the other, which was sent elsewhere, has stopped."""
        self.numbers.go_on_from(other.numbers)
        self.owners, self.loaded = other.owners, other.loaded

    def _completed(self, model: type[Record], row: Row) -> dict[str, Any]:
        noun = model.__tablename__
        record = SimpleNamespace(**{**self.defaults[noun], **row})
        if record.id is None:
            record.id = self.numbers.id(noun)
        if "code" in self.defaults[noun] and not record.code:
            record.code = self.numbers.code(noun)
        record.updated_at = record.created_at
        model.derive(cast(Record, record))
        self._follow_customer(model, record)
        return vars(record)

    def _follow_customer(self, model: type[Record], record: Any) -> None:
        if model is Customer:
            self.owners[record.id] = record.owner_id
        elif issubclass(model, OfCustomer):
            record.account_owner_id = self.owners.get(record.customer_id)


class _Line:
    """The rows of one noun: counted, hashed, and turned into what the driver takes."""

    def __init__(self, model: type[Record], driver: str) -> None:
        self.model, self.insertion = model, insertion_of(model, driver)
        self.names = {Customer: "id", Contact: "customer_id"}.get(model)
        self.kept, self.count, self.hash = itemgetter(*journalled_keys(model)), 0, hashlib.sha256()
        self.moments = [isinstance(model.__mapper__.columns[key].type, Instant) for key in journalled_keys(model)]

    def ready(self, batch: list[dict[str, Any]]) -> Ready:
        self.count += len(batch)
        text = Known(str).__getitem__
        columns = zip(*map(self.kept, batch), strict=True)
        written = (map(text if moment else str, values) for values, moment in zip(columns, self.moments, strict=True))
        self.hash.update("\n".join(map(SEPARATOR.join, zip(*written, strict=True))).encode())
        about = [row[self.names] for row in batch] if self.names else []
        return Ready(self.model.__tablename__, self.insertion.statement, self.insertion.bound(batch), about)


def defaults_of(model: type[Record]) -> dict[str, Any]:
    """The value of every column that a row leaves out."""
    columns = {attribute.key: attribute.columns[0].default for attribute in model.__mapper__.column_attrs}
    return {key: None if default is None else default.arg(None) if default.is_callable else default.arg
            for key, default in columns.items()}
