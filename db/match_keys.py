"""The signs that customers are compared by when duplicates are searched: kept beside them, written anew in the transaction that changes what they come from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, select

from db.batches import batches
from db.dialect import among
from db.insertion import insert_all
from db.matching import MEANING, OF_CONTACT, SIGNS, Signs, signs_of, signs_of_contact
from db.models import Contact, Customer, MatchKey
from db.session import UNGUARDED, CrmSession

AT_ONCE = 5000
OWN, SPOKEN = {*MEANING, "deleted_at"}, {*OF_CONTACT, "customer_id", "deleted_at"}
"""The columns of a customer and of a contact that signs come from."""
LOOSE = {**UNGUARDED, "synchronize_session": False}


def follow(session: CrmSession, changed: Iterable[int], spoken: Iterable[int], new: set[int]) -> None:
    """After customers changed, and contacts of customers; of new customers nothing is kept yet."""
    compared = set(changed)
    for some, replace in ((compared & new, False), (compared - new, True)):
        for ids in batches(sorted(some), AT_ONCE):
            refresh(session, ids, replace)
    for ids in batches(sorted(set(spoken) - compared), AT_ONCE):
        refresh_of_contacts(session, ids)


def refresh(session: CrmSession, customer_ids: Sequence[int], replace: bool = True) -> None:
    """Write anew by which signs these customers are compared with others, their own and those of their contacts."""
    if replace:
        session.execute(delete(MatchKey).where(among(MatchKey.customer_id, customer_ids)), execution_options=LOOSE)
    _write(session, ((*sign, id_, of_contact) for id_, found in match_keys(session, customer_ids) for sign, of_contact in found.items()))


def refresh_of_contacts(session: CrmSession, customer_ids: Sequence[int]) -> None:
    """The same where only contacts changed: working out the sound of every name again would take most of the time."""
    columns = (MatchKey.kind, MatchKey.value, MatchKey.customer_id, MatchKey.of_contact)
    kept = select(*columns).where(among(MatchKey.customer_id, customer_ids), MatchKey.kind.in_(SIGNS))
    there = {(kind, value, id_): of_contact for kind, value, id_, of_contact in session.execute(kept, execution_options=UNGUARDED)}
    wanted = {(*sign, id_) for id_, found in _of_contacts(session, customer_ids).items() for sign in found}
    stale = {key[2] for key, of_contact in there.items() if of_contact and key not in wanted}
    for ids in batches(sorted(stale), AT_ONCE):
        session.execute(delete(MatchKey).where(among(MatchKey.customer_id, ids), MatchKey.of_contact), execution_options=LOOSE)
    _write(session, ((*key, True) for key in wanted if key not in there or (there[key] and key[2] in stale)))


def _write(session: CrmSession, keys: Iterable[tuple[str, str, int, bool]]) -> None:
    ordered = sorted(keys)  # as their index is
    rows = [{"kind": kind, "value": value, "customer_id": id_, "of_contact": of_contact} for kind, value, id_, of_contact in ordered]
    insert_all(super(CrmSession, session).connection(), MatchKey, rows)


def match_keys(session: CrmSession, customer_ids: Sequence[int]) -> Iterator[tuple[int, dict[tuple[str, str], bool]]]:
    """The signs of these customers, and whether only a contact bears each, worked out from the fields of both; what lies in the recycle bin has none."""
    columns = [getattr(Customer, key) for key in MEANING]
    rows = session.execute(select(Customer.id, *columns).where(among(Customer.id, customer_ids), Customer.deleted_at.is_(None)), execution_options=UNGUARDED)
    known: Mapping[tuple[Any, ...], Signs] = session.info.get("signs", {})
    spoken = _of_contacts(session, customer_ids)
    for id_, *values in rows:
        own = known.get(tuple(values)) or signs_of(values)
        yield id_, {**dict.fromkeys(spoken.get(id_, ()), True), **dict.fromkeys(own, False)}


def _of_contacts(session: CrmSession, customer_ids: Sequence[int]) -> dict[int, set[tuple[str, str]]]:
    columns = [getattr(Contact, key) for key in OF_CONTACT]
    living = select(Contact.customer_id, *columns).join(Customer, Customer.id == Contact.customer_id).where(Customer.deleted_at.is_(None))
    found: dict[int, set[tuple[str, str]]] = {}
    for id_, *values in session.execute(living.where(among(Contact.customer_id, customer_ids), Contact.deleted_at.is_(None)), execution_options=UNGUARDED):
        found.setdefault(id_, set()).update(signs_of_contact(values))
    return found


def signs_are_known(session: CrmSession, known: Mapping[tuple[Any, ...], Signs]) -> None:
    """Signs worked out before the transaction began, by the values of MEANING: while it runs, others wait."""
    session.info["signs"] = known
