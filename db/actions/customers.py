"""What one does with customers beyond editing one: assign, tag, reveal, attach."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import select

from db import journal, masking, records
from db.batches import batches
from db.dialect import among
from db.errors import Forbidden, Invalid
from db.fields import field_of
from db.models import Attachment, Blob, Customer, CustomerTag, FollowUp, User
from db.models.attachment import MAX_BYTES
from db.policy import require
from db.session import CrmSession
from db.validation import clean

AT_ONCE = 1000


def create(session: CrmSession, values: Mapping[str, Any]) -> Customer:
    """A new customer; somebody who may not assign becomes the owner."""
    filled = {"owner_id": session.actor.id, **values} if session.actor.role == "rep" else dict(values)
    return cast(Customer, records.create(session, "customer", filled))


def update(session: CrmSession, id_: int, values: Mapping[str, Any], version: int | None = None) -> Customer:
    """Edit a customer; with a new owner the old one's open follow-ups go along, as in `give`."""
    owner = cast(Customer, records.get(session, "customer", id_)).owner_id
    waiting = [row for row in _open_with(session, [id_]) if row.owner_id == owner] if "owner_id" in values else []
    customer = cast(Customer, records.update(session, "customer", id_, values, version))
    if customer.owner_id not in (None, owner):
        for row in waiting:
            row.owner_id = customer.owner_id
        session.flush()
    return customer


def assign(session: CrmSession, ids: Iterable[int], owner_id: int | None) -> int:
    """Give customers to another owner, all or none. Returns how many moved."""
    require(session.actor, "assign", "customer")
    wanted = list(ids)
    moved = [customer for customer in chosen(session, wanted) if customer.owner_id != owner_id]
    give(session, moved, dict.fromkeys(wanted, owner_id))
    return len(moved)


def recipients(session: CrmSession, ids: set[int], must_be_active: bool = True) -> list[User]:
    """The colleagues who get something. Whoever holds the list spares the session asking for each of them again."""
    staff = list(session.scalars(select(User).where(User.id.in_(ids))))
    if must_be_active and sum(user.active for user in staff) < len(ids):
        raise Invalid.because("This colleague does not exist or is not active.", "owner_id")
    return staff


def give(session: CrmSession, customers: Sequence[Customer], owners: Mapping[int, int | None]) -> int:
    """Let customers change hands: customer id -> new owner. Their open follow-ups go along, due dates kept, as far as they were the old owner's.

    Returns how many follow-ups went along. Raises Invalid for an owner who is not there or not active.
    """
    _held = recipients(session, {owner for owner in owners.values() if owner is not None})
    return move(session, customers, owners)


def move(session: CrmSession, customers: Sequence[Customer], owners: Mapping[int, int | None]) -> int:
    """The same for owners that need not be active: where one of two owners keeps what both had."""
    before = {customer.id: customer.owner_id for customer in customers}
    going = [row for row in _open_with(session, list(before)) if row.owner_id == before[row.customer_id] and owners[row.customer_id] is not None]
    for customer in customers:
        customer.owner_id = owners[customer.id]
    for row in going:
        row.owner_id = owners[row.customer_id]
    session.flush()
    return len(going)


def _open_with(session: CrmSession, ids: Sequence[int]) -> Iterable[FollowUp]:
    for some in batches(ids, AT_ONCE):
        yield from session.scalars(select(FollowUp).where(FollowUp.customer_id.in_(some), FollowUp.status == "planned"))


def chosen(session: CrmSession, ids: Iterable[int]) -> list[Customer]:
    """These customers, as far as the actor may see them."""
    return [customer for some in batches(ids, AT_ONCE) for customer in session.scalars(select(Customer).where(among(Customer.id, some)))]


def tag(session: CrmSession, ids: Iterable[int], tag_id: int) -> int:
    """Put a tag on customers; those that carry it already are left alone."""
    require(session.actor, "update", "customer")
    customers = chosen(session, ids)
    having = set(session.scalars(select(CustomerTag.customer_id).where(CustomerTag.tag_id == tag_id)))
    fresh = [customer for customer in customers if customer.id not in having]
    session.add_all(CustomerTag(customer_id=customer.id, tag_id=tag_id) for customer in fresh)
    session.flush()
    return len(fresh)


def reveal(session: CrmSession, noun: str, id_: int, key: str) -> Any:
    """The full value of a personal field; the look is journalled through the change's note."""
    record = records.get(session, noun, id_)
    field = field_of(type(record), key)
    if not masking.may_search(session.actor, field):
        raise Forbidden
    journal.record_event(session, f"{record.short_code} {key}")
    return getattr(record, key)


def attach(session: CrmSession, customer_id: int, name: str, media_type: str, content: bytes) -> Attachment:
    """Keep a file with a customer; equal bytes are stored once."""
    if not content or len(content) > MAX_BYTES:
        raise Invalid.because("A file must hold between 1 byte and 10 MB.", "file")
    digest = hashlib.sha256(content).hexdigest()
    if session.get(Blob, digest) is None:
        session.add(Blob(digest=digest, content=content))
    require(session.actor, "create", "attachment")
    records.get(session, "customer", customer_id)
    record = Attachment(customer_id=customer_id, name=_file_name(name), media_type=media_type[:100], size=len(content), digest=digest)
    session.add(record)
    session.flush()
    return record


def _file_name(raw: str) -> str:
    """The browser's file name without any folder."""
    field = field_of(Attachment, "name")
    return str(clean(field, raw.replace("\\", "/").rsplit("/", 1)[-1][-200:] or "file"))


def content_of(session: CrmSession, attachment_id: int) -> tuple[str, str, bytes]:
    """Name, media type and bytes of a file that the actor may see."""
    record = cast(Attachment, records.get(session, "attachment", attachment_id))
    blob = session.get(Blob, record.digest)
    return record.name, record.media_type, blob.content if blob else b""
