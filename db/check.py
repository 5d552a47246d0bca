"""Is everything true that must be true? The journal's chain, foreign keys, derived values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from sqlalchemy import Select, func, or_, select, text

from db import derived
from db.base import Record
from db.engine import engine_for, reading
from db.journal import FIRST_DIGEST, chain_digest, note_digest, row_digest
from db.language import t, tn
from db.match_keys import match_keys
from db.models import NOUNS, Change, ChangePayload, ChangeRow, Customer, JournalHead, MatchKey
from db.policy import SYSTEM
from db.session import UNGUARDED, CrmSession

BATCH = 2000


@dataclass
class Report:
    """What was looked at and what is wrong. Erased values are no fault: the chain holds without them."""

    changes: int = 0
    erased: int = 0
    head: str = FIRST_DIGEST
    problems: list[str] = field(default_factory=list)


def check(workspace: str = "default") -> Report:
    report = Report()
    with reading(SYSTEM.inside(workspace)) as session:
        _check_chain(session, report)
        _check_derived(session, report)
    report.problems += [t("{table} names a record of {target} that does not exist.", table=table, target=target) for table, target in broken_links(workspace)]
    return report


def _check_chain(session: CrmSession, report: Report) -> None:
    digest, number = FIRST_DIGEST, 0
    for change, rows in _changes(session):
        report.changes += 1
        report.erased += sum(payload is None for _, payload in rows)
        report.problems += [t("Change {number}: the record of {noun} {id} was altered.", number=change.id, noun=row.noun, id=row.record_id)
                            for row, payload in rows if payload is not None and row.digest != _digest_of(row, payload)]
        expected = chain_digest(digest, change, (row.digest for row, _ in rows))
        if expected != change.digest or change.row_count != len(rows) or not _is_its_note(change):
            report.problems.append(t("Change {number}: it was altered, or the change before it is missing.", number=change.id))
        digest, number = change.digest, change.id
    report.head = digest
    head = session.scalars(select(JournalHead), execution_options=UNGUARDED).first()
    if (head.digest if head else FIRST_DIGEST) != digest or (head.change_id if head else 0) < number:
        report.problems.append(t("The journal's last changes are missing."))


def _is_its_note(change: Change) -> bool:
    """Whether the note is what was written, or was erased as a whole."""
    if change.note is None:
        return change.note_salt is None
    return change.note_digest == note_digest(change.note_salt or "", change.note)


def _digest_of(row: ChangeRow, payload: ChangePayload) -> str:
    return row_digest(payload.salt, row.noun, row.record_id, row.customer_id, row.verb, payload.before, payload.after)


def _changes(session: CrmSession) -> Iterator[tuple[Change, list[tuple[ChangeRow, ChangePayload | None]]]]:
    """Every change with its rows, in order, a batch at a time."""
    last = 0
    while changes := session.scalars(select(Change).where(Change.id > last).order_by(Change.id).limit(BATCH), execution_options=UNGUARDED).all():
        ids = (changes[0].id, changes[-1].id)
        rows = session.execute(
            select(ChangeRow, ChangePayload).outerjoin(ChangePayload, ChangePayload.change_row_id == ChangeRow.id)
            .where(ChangeRow.change_id.between(*ids)).order_by(ChangeRow.change_id, ChangeRow.id),
            execution_options={**UNGUARDED, "yield_per": BATCH},
        )
        of_change = ((number, [(row, payload) for row, payload in group]) for number, group in groupby(rows, key=lambda pair: pair[0].change_id))
        yield from _joined(changes, of_change)
        last = ids[1]
        session.expunge_all()


def _joined(changes: Iterable[Change], of_change: Iterator[tuple[int, Any]]) -> Iterator[tuple[Change, Any]]:
    number, rows = next(of_change, (0, []))
    for change in changes:
        mine = number == change.id
        yield change, rows if mine else []
        if mine:
            number, rows = next(of_change, (0, []))


def _check_derived(session: CrmSession, report: Report) -> None:
    stale = session.scalar(_stale_customers(session), execution_options=UNGUARDED) or 0
    if stale:
        report.problems.append(tn(
            "{n} customer has days of contact or purchase that are not in step with the follow-ups and orders.",
            "{n} customers have days of contact or purchase that are not in step with the follow-ups and orders.", stale))
    unlike = _unlike_keys(session)
    if unlike:
        report.problems.append(
            tn("{n} customer is compared with others by outdated signs.", "{n} customers are compared with others by outdated signs.", unlike)
        )
    for follower in derived.FOLLOWERS:
        strays = session.scalar(_strays(follower), execution_options=UNGUARDED) or 0
        if strays:
            report.problems.append(t("{noun}: {n} not in step with their customer's owner.", n=strays, noun=t(follower.words[1])))
    for model in NOUNS.values():
        wrong = _out_of_step(session, model) if model.derive is not Record.derive else 0
        if wrong:
            report.problems.append(t("{noun}: {n} with derived values that are not in step.", n=wrong, noun=t(model.words[1])))


def _stale_customers(session: CrmSession) -> Select[Any]:
    values = {key: value for each in derived.OF_OTHERS for key, value in each(session).items()}
    out_of_step = or_(*(getattr(Customer, key).is_distinct_from(value) for key, value in values.items()))
    return select(func.count()).select_from(Customer).where(out_of_step)


def _unlike_keys(session: CrmSession) -> int:
    """How many customers have other signs than their own fields and those of their contacts give."""
    wrong, last = 0, 0
    while ids := session.scalars(select(Customer.id).where(Customer.id > last).order_by(Customer.id).limit(BATCH), execution_options=UNGUARDED).all():
        kept: dict[int, dict[tuple[str, str], bool]] = {}
        rows = select(MatchKey.customer_id, MatchKey.kind, MatchKey.value, MatchKey.of_contact).where(MatchKey.customer_id.between(ids[0], ids[-1]))
        for id_, kind, value, of_contact in session.execute(rows, execution_options=UNGUARDED):
            kept.setdefault(id_, {})[kind, value] = of_contact
        wanted = dict(match_keys(session, ids))
        wrong += sum(kept.get(id_, {}) != wanted.get(id_, {}) for id_ in ids)
        last = ids[-1]
    return wrong


def _strays(model: Any) -> Select[Any]:
    joined = select(func.count()).select_from(model).join(Customer, Customer.id == model.customer_id)
    return joined.where(model.account_owner_id.is_distinct_from(Customer.owner_id))


def _out_of_step(session: CrmSession, model: type[Record]) -> int:
    """How many rows have a derived column that their own other columns do not give."""
    statement = select(*(getattr(model, attribute.key) for attribute in model.__mapper__.column_attrs))
    rows = session.execute(statement, execution_options={**UNGUARDED, "yield_per": BATCH})
    return sum(bool(derived.derived_again(model, dict(row._mapping))) for row in rows)


def broken_links(workspace: str = "default") -> list[tuple[str, str]]:
    """Pairs of table and target where a row names a record that is not there (SQLite; PostgreSQL never lets it happen)."""
    with engine_for(workspace).connect() as connection:
        if connection.dialect.name != "sqlite":
            return []
        return sorted({(row[0], row[2]) for row in connection.execute(text("PRAGMA foreign_key_check"))})
