"""What one does with customers beyond editing one: assign, tag, reveal, attach."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, cast

from sqlalchemy import select

from db import journal, masking, records
from db.errors import Forbidden, Invalid
from db.fields import field_of
from db.models import Attachment, Blob, Customer, CustomerTag, User
from db.models.attachment import MAX_BYTES
from db.policy import require
from db.session import CrmSession
from db.validation import clean


def create(session: CrmSession, values: Mapping[str, Any]) -> Customer:
    """A new customer; somebody who may not assign becomes the owner."""
    filled = {"owner_id": session.actor.id, **values} if session.actor.role == "rep" else dict(values)
    return cast(Customer, records.create(session, "customer", filled))


def assign(session: CrmSession, ids: Iterable[int], owner_id: int | None) -> int:
    """Give customers to another owner, all or none. Returns how many moved."""
    require(session.actor, "assign", "customer")
    if owner_id is not None:
        owner = session.get(User, owner_id)
        if owner is None or not owner.active:
            raise Invalid.because("This colleague does not exist or is not active.", "owner_id")
    moved = [customer for customer in chosen(session, ids) if customer.owner_id != owner_id]
    for customer in moved:
        customer.owner_id = owner_id
    session.flush()
    return len(moved)


def chosen(session: CrmSession, ids: Iterable[int]) -> list[Customer]:
    """These customers, as far as the actor may see them."""
    wanted = list(ids)
    batches = (wanted[start : start + 1000] for start in range(0, len(wanted), 1000))
    return [customer for batch in batches for customer in session.scalars(select(Customer).where(Customer.id.in_(batch)))]


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
