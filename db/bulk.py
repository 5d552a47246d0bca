"""Load many rows past the journal's single entries: one baseline Change, one line a noun with count and hash."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Index
from sqlalchemy.orm import Session

from db import derived, journal
from db.batches import batches as batches_of
from db.completion import BATCH, Completion, Numbers, Ready, Row
from db.dialect import drop_indexes, gather_statistics
from db.derived import FOLLOWERS
from db.models import Customer, MatchKey
from db.policy import require
from db.session import CrmSession


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
    waiting = drop_indexes(connection, (model.__table__ for model in (*FOLLOWERS, MatchKey, Customer)) if empty else ())
    for noun, statement, rows in ready:
        require(session.actor, "create", noun)
        connection.exec_driver_sql(statement, rows)
    completion.numbers.keep()
    _derive(session, completion, waiting)
    for noun, summary in completion.loaded.items():
        journal.record_load(session, noun, summary)
    return {noun: summary["rows"] for noun, summary in completion.loaded.items()}


def _derive(session: CrmSession, completion: Completion, waiting: Iterable[Index]) -> None:
    connection = Session.connection(session)
    for index in waiting:
        index.create(connection)
    gather_statistics(connection)
    if {"customer", "follow_up"} & completion.loaded.keys():
        derived.refresh_contact_dates(session, None)
    fresh = completion.customers["customer"]
    renamed = completion.customers["contact"] - fresh
    for ids in batches_of(sorted(fresh), BATCH):
        derived.refresh_match_keys(session, ids, replace=False)
        derived.refresh_search(session, ids, replace=False)
    for ids in batches_of(sorted(renamed), BATCH):
        derived.refresh_search(session, ids)
