"""Load many rows past the journal's single entries: one baseline Change, one line a noun with count and hash."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from sqlalchemy import Table
from sqlalchemy.orm import Session

from db import derived, journal, match_keys
from db.base import Base
from db.batches import batches as batches_of
from db.completion import BATCH, Completion, Numbers, Ready, Row
from db.derived import COMPARED, FOLLOWERS
from db.dialect import drop_indexes, gather_statistics, notice_own_rows
from db.models import Customer, MatchKey
from db.policy import require
from db.session import CrmSession

SLOW: tuple[type[Base], ...] = (*(model for model in FOLLOWERS if model.__tablename__ != "contact"), MatchKey, Customer)
"""Customers and what hangs on them but contacts, which are asked for on the way."""


def load(session: CrmSession, batches: Iterable[tuple[str, Iterable[Row]]], numbers: Numbers | None = None) -> dict[str, int]:
    """Insert the rows of each noun in the order given (a mapping's items() will do); returns how many there were of each.

    Rows are trusted to be valid. Missing ids, codes and defaults are filled in, derived values are worked out.
    """
    completion = Completion(session, numbers or Numbers(session))
    return write(session, completion, completion.ready(batches))


def write(session: CrmSession, completion: Completion, ready: Iterable[Ready], empty: bool = False) -> dict[str, int]:
    """Insert what the completion has made ready, here or elsewhere; returns how many rows there were of each noun.

    empty: there are no customers yet, so that indexes may wait until all rows are there.
    """
    connection = Session.connection(session)
    waiting = drop_indexes(connection, [cast(Table, model.__table__) for model in SLOW] if empty else [])
    words = _Words(session)
    for each in ready:
        require(session.actor, "create", each.noun)
        connection.exec_driver_sql(each.statement, each.rows)
        words.follow(each)
    completion.numbers.keep()
    for index in waiting:
        index.create(connection)
    gather_statistics(connection)
    for values, nouns in derived.OF_OTHERS.items():
        if nouns & completion.loaded.keys():
            derived.refresh_customers(session, values, None)
    words.finish()
    for noun, summary in completion.loaded.items():
        journal.record_load(session, noun, summary)
    return {noun: summary["rows"] for noun, summary in completion.loaded.items()}


class _Words:
    """What customers are found and compared by: worked out once what hangs on them is there, while other rows are still being made ready."""

    def __init__(self, session: CrmSession) -> None:
        self.session, self.before = session, ""
        self.fresh, self.renamed = set[int](), set[int]()
        self.count = 0

    def follow(self, ready: Ready) -> None:
        if ready.noun == "customer":
            if self.before != "customer":
                self._work_out()
            self.fresh.update(ready.about)
        elif ready.noun == "contact":
            self.renamed.update(ready.about)
        self.before = ready.noun

    def finish(self) -> None:
        self._work_out()
        for ids in batches_of(sorted(self.renamed), BATCH):
            derived.refresh_search(self.session, ids)
            match_keys.refresh_of_contacts(self.session, ids)

    def _work_out(self) -> None:
        self.count += len(self.fresh)
        notice_own_rows(Session.connection(self.session), self.count, COMPARED)
        for ids in batches_of(sorted(self.fresh), BATCH):
            match_keys.refresh(self.session, ids, replace=False)
            derived.refresh_search(self.session, ids, replace=False)
        self.renamed -= self.fresh
        self.fresh = set()
