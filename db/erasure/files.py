"""Files that stay when a person is erased, because they hang on others, and still hold the name, a number or an address. A person decides about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from db.base import Record
from db.erasure.contents import CLOSED, PDF, Seeker
from db.erasure.person import known_as, own_records, traces_of
from db.erasure.removal import BATCH
from db.models import Attachment, Blob, Customer
from db.session import UNGUARDED, CrmSession

AT_ONCE = 16 << 20
"""Bytes of files that are held at a time, one file more at most."""


@dataclass(frozen=True)
class FilesLeft:
    """found: attachment -> what it holds (`contents.NAME`, REACH) or that it could not be opened (CLOSED); looked_at, pdfs: how many files there are."""

    found: Mapping[int, frozenset[str]]
    looked_at: int
    pdfs: int


@dataclass(frozen=True)
class FileLeft:
    """One of them as it is called now. customer: its number and name, None where the actor does not see it; deleted: it lies in the recycle bin."""

    id: int
    name: str
    customer: tuple[int, str] | None
    holds: frozenset[str]
    deleted: bool


def amount(session: CrmSession, person: Record) -> tuple[int, int]:
    """How many files stay, and their bytes."""
    counted = select(func.count(Attachment.id), func.coalesce(func.sum(Attachment.size), 0)).where(_stays(session, person))
    count, size = session.execute(counted, execution_options=UNGUARDED).one()
    return int(count), int(size)


def files_left(session: CrmSession, person: Record) -> FilesLeft:
    """Look through every file that stays, some at a time: in its bytes, and of office files in what they keep packed."""
    stays, seeker = _stays(session, person), Seeker(traces_of(session, person, own_records(session, person)))
    holding: dict[str, frozenset[str]] = {}
    pdfs: set[str] = set()
    for digest, content in _contents(session, stays):
        if found := seeker.find(content):
            holding[digest] = found
        if PDF in content[:1024]:
            pdfs.add(digest)
    files = session.execute(select(Attachment.id, Attachment.digest).where(stays).order_by(Attachment.id), execution_options=UNGUARDED).all()
    return FilesLeft({id_: holding[digest] for id_, digest in files if digest in holding}, len(files), sum(digest in pdfs for _, digest in files))


def _stays(session: CrmSession, person: Record) -> Any:
    return Attachment.customer_id.not_in(known_as(session, person) if isinstance(person, Customer) else [])


def _contents(session: CrmSession, stays: Any) -> Iterator[tuple[str, bytes]]:
    """Digest and bytes of every file, each once however often it is attached."""
    sizes = select(Attachment.digest, func.max(Attachment.size)).where(stays).group_by(Attachment.digest).order_by(Attachment.digest)
    for digests in _portions(session.execute(sizes, execution_options=UNGUARDED).all()):
        rows = session.execute(select(Blob.digest, Blob.content).where(Blob.digest.in_(digests)), execution_options=UNGUARDED)
        yield from ((digest, content) for digest, content in rows)


def _portions(sizes: Iterable[Any]) -> Iterator[list[str]]:
    portion: list[str] = []
    held = 0
    for digest, size in sizes:
        if portion and (held + size > AT_ONCE or len(portion) == BATCH):
            yield portion
            portion, held = [], 0
        portion.append(digest)
        held += size
    if portion:
        yield portion


def shown(session: CrmSession, left: FilesLeft, most: int) -> list[FileLeft]:
    """The first of them, as they are called now: those that hold something before those that could not be opened."""
    first = sorted(left.found, key=lambda id_: (left.found[id_] == {CLOSED}, id_))[:most]
    columns = (Attachment.id, Attachment.name, Customer.id, Customer.name, Attachment.deleted_at, Customer.deleted_at)
    rows = select(*columns).join(Customer, Customer.id == Attachment.customer_id).where(Attachment.id.in_(first))
    known = {id_: values for id_, *values in session.execute(rows, execution_options={"with_deleted": True})}
    return [_as_it_is(id_, left.found[id_], known.get(id_)) for id_ in first]


def _as_it_is(id_: int, holds: frozenset[str], values: Any) -> FileLeft:
    if values is None:
        return FileLeft(id_, "", None, holds, False)
    name, customer_id, customer, *gone = values
    return FileLeft(id_, name, (customer_id, customer), holds, any(gone))
