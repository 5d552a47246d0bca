"""Which customers may be the same one: while somebody is entering one, and among all that there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from heapq import nsmallest
from itertools import combinations, groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import func, select

from db.matching import (
    ALIKE,
    ENDS,
    LIKELY,
    OF_CONTACT,
    SIGNS,
    SOUND,
    Profile,
    Reason,
    Sign,
    Signs,
    likeness,
    profile,
    profile_of,
    signs,
    signs_of_contact,
    similarity,
)
from db.models import Contact, Customer, MatchKey, NotDuplicate, User
from db.policy import require
from db.session import UNGUARDED, CrmSession

NEIGHBOURS = 4
"""So many names before and after a name, in the order of the sound, are compared with it."""
MANY, MOST = 10, 2000
"""MANY: a number that more customers have is a switchboard's or a placeholder."""
TOLD = 0.75
"""From which likeness on a colleague's customer is mentioned: a name that is merely similar gives nothing away."""
BATCH = 2000
Borne = dict[int, list[tuple[str, str, bool]]]
"""By customer: its signs, and whether only a contact bears each."""


@dataclass(frozen=True)
class Match:
    """A customer who may be entered already. Where the actor may not see it, id is None and nothing but the owner is told."""

    id: int | None
    name: str
    code: str
    owner: str
    score: float
    reasons: tuple[Reason, ...]


def like(session: CrmSession, values: Mapping[str, Any], limit: int = 4) -> list[Match]:
    """The customers most like the values typed so far, the likeliest first; those of colleagues are masked."""
    require(session.actor, "create", "customer")
    typed, found = profile(values), list(signs(values))
    ids = {*_sharing(session, found), *(id_ for sign in found if sign.kind in (SOUND, ENDS) for id_ in _near(session, sign))}
    columns = (Customer.id, Customer.name, Customer.code, User.name, Customer.kind, Customer.city)
    rows = session.execute(select(*columns).outerjoin(User, User.id == Customer.owner_id).where(Customer.id.in_(ids)), execution_options=UNGUARDED).all()
    kept = _grouped(session.execute(_keys().where(MatchKey.customer_id.in_(ids)), execution_options=UNGUARDED))
    visible = set(session.scalars(select(Customer.id).where(Customer.id.in_(ids))))
    matches = []
    for id_, name, code, owner, kind, city in rows:
        score, reasons = likeness(typed, profile_of(name, kind, city, kept.get(id_, ())))
        if id_ in visible and score >= LIKELY:
            matches.append(Match(id_, name, code, owner or "", score, reasons))
        elif score >= TOLD:
            matches.append(Match(None, "", "", owner or "", score, ()))
    return sorted(matches, key=lambda match: (-match.score, match.id or 0))[:limit]


def _sharing(session: CrmSession, found: Iterable[Sign]) -> Iterator[int]:
    for sign in found:
        if sign.kind in SIGNS:
            same = select(MatchKey.customer_id).where(MatchKey.kind == sign.kind, MatchKey.value == sign.value).limit(MANY + 1)
            ids = session.scalars(same, execution_options=UNGUARDED).all()
            yield from ids if len(ids) <= MANY else ()


def _near(session: CrmSession, sign: Sign) -> Iterator[int]:
    """Whose names stand next to this one in the order of their sound."""
    of_kind = select(MatchKey.customer_id).where(MatchKey.kind == sign.kind).limit(NEIGHBOURS)
    yield from session.scalars(of_kind.where(MatchKey.value >= sign.value).order_by(MatchKey.value), execution_options=UNGUARDED)
    yield from session.scalars(of_kind.where(MatchKey.value < sign.value).order_by(MatchKey.value.desc()), execution_options=UNGUARDED)


@dataclass(frozen=True)
class Pair:
    """Two customers who may be one, the earlier first, and whose they are."""

    first: int
    second: int
    score: float
    reasons: tuple[Reason, ...]
    owners: frozenset[int | None]


@dataclass(frozen=True)
class Found:
    """The likeliest pairs in order, and how many there are in all."""

    pairs: list[Pair]
    total: int


def pairs(session: CrmSession, reason: str | None = None, owner_id: int | None = None, most: int = MOST) -> Found:
    """Likely pairs among the customers that the actor sees; at most so many, the likeliest.

    Only customers that share a sign, or whose names stand near each other, are compared. Pairs that were ruled out are left out.
    reason: only pairs that look alike by it; owner_id: only pairs with a customer of this owner.
    """
    require(session.actor, "read", "customer")
    found = [pair for pair in _compared(session) if (reason is None or any(each.kind == reason for each in pair.reasons)) and owner_id in (None, *pair.owners)]
    return Found(nsmallest(most, found, key=lambda pair: (-pair.score, pair.first, pair.second)), len(found))


def _compared(session: CrmSession) -> Iterator[Pair]:
    ruled_out = {(first, second) for first, second in session.execute(select(NotDuplicate.customer_id, NotDuplicate.other_id))}
    candidates, borne = _sharing_pairs(session)
    profiles = _profiles(session, borne)
    near = (pair for pair in _neighbours(session) if _sounds_alike(profiles, *pair))
    candidates |= {(first, second) if first < second else (second, first) for first, second in near}
    candidates -= ruled_out
    for first, second in candidates:
        if not {first, second} <= profiles.keys():  # entered by somebody while this was running
            continue
        (one, owner), (another, other_owner) = profiles[first], profiles[second]
        score, reasons = likeness(one, another)
        if score >= LIKELY:
            yield Pair(first, second, score, reasons, frozenset((owner, other_owner)))


def owners(session: CrmSession) -> dict[int, str]:
    """Whose customers the actor sees, by name."""
    having = select(Customer.owner_id).distinct()
    return {id_: name for id_, name in session.execute(select(User.id, User.name).where(User.id.in_(having)).order_by(User.name, User.id))}


def _sounds_alike(profiles: Mapping[int, tuple[Profile, int | None]], first: int, second: int) -> bool:
    one, another = profiles.get(first), profiles.get(second)
    return one is not None and another is not None and similarity(one[0].name, another[0].name) >= ALIKE


def _sharing_pairs(session: CrmSession) -> tuple[set[tuple[int, int]], Borne]:
    """All pairs that share a sign, unless many do; and by customer every sign that another has too."""
    columns = (MatchKey.kind, MatchKey.value, MatchKey.customer_id, MatchKey.of_contact)
    shared_by = func.count().over(partition_by=(MatchKey.kind, MatchKey.value)).label("shared_by")
    counted = select(*columns, shared_by).join(Customer, Customer.id == MatchKey.customer_id).where(MatchKey.kind.in_(SIGNS)).subquery()
    found: set[tuple[int, int]] = set()
    borne: Borne = {}
    shared = select(counted).where(counted.c.shared_by > 1).order_by(counted.c.kind, counted.c.value, counted.c.customer_id)
    for sign, group in groupby(session.execute(shared.execution_options(yield_per=10_000)), key=itemgetter(0, 1)):
        sharers = [(id_, of_contact) for _, _, id_, of_contact, _ in group]
        for id_, of_contact in sharers:
            borne.setdefault(id_, []).append((*sign, of_contact))
        if len(sharers) <= MANY:
            found.update(combinations((id_ for id_, _ in sharers), 2))
    return found, borne


def _neighbours(session: CrmSession) -> Iterator[tuple[int, int]]:
    """Pairs of customers whose names stand at most so far from each other, in the order that the database keeps their sounds in."""
    order = (MatchKey.value, MatchKey.customer_id)
    others = [func.lead(MatchKey.customer_id, step).over(partition_by=MatchKey.kind, order_by=order) for step in range(1, NEIGHBOURS + 1)]
    statement = select(MatchKey.customer_id, *others).join(Customer, Customer.id == MatchKey.customer_id).where(MatchKey.kind.in_((SOUND, ENDS)))
    for id_, *found in session.execute(statement.execution_options(yield_per=10_000)):
        yield from ((id_, other) for other in found if other not in (None, id_))


def _profiles(session: CrmSession, borne: Borne) -> dict[int, tuple[Profile, int | None]]:
    """Every customer that the actor sees, with its owner, from its sound that is kept and from the signs that it bears."""
    found: dict[int, tuple[Profile, int | None]] = {}
    ids = session.scalars(select(Customer.id).order_by(Customer.id)).all()
    for start in range(0, len(ids), BATCH):
        span = (ids[start], ids[min(start + BATCH, len(ids)) - 1])
        sounds = select(MatchKey.customer_id, MatchKey.value).where(MatchKey.customer_id.between(*span), MatchKey.kind == SOUND)
        kept = {id_: (SOUND, sound, False) for id_, sound in session.execute(sounds.join(Customer, Customer.id == MatchKey.customer_id))}
        rows = session.execute(select(Customer.id, Customer.owner_id, Customer.name, Customer.kind, Customer.city).where(Customer.id.between(*span)))
        for id_, owner, name, kind, city in rows:
            sound = (kept[id_],) if id_ in kept else ()
            found[id_] = profile_of(name, kind, city, (*sound, *borne.get(id_, ()))), owner
    return found


def _keys() -> Any:
    return select(MatchKey.customer_id, MatchKey.kind, MatchKey.value, MatchKey.of_contact).where(MatchKey.kind != ENDS)


def _grouped(rows: Iterable[Any]) -> Borne:
    kept: Borne = {}
    for id_, *sign in rows:
        kept.setdefault(id_, []).append((sign[0], sign[1], sign[2]))
    return kept


@dataclass(frozen=True)
class Shown:
    """What a list of pairs says of a customer."""

    name: str
    code: str
    city: str
    owner: str
    last_contact_at: datetime | None


def shown(session: CrmSession, ids: Iterable[int]) -> dict[int, Shown]:
    columns = (Customer.id, Customer.name, Customer.code, Customer.city, User.name, Customer.last_contact_at)
    rows = session.execute(select(*columns).outerjoin(User, User.id == Customer.owner_id).where(Customer.id.in_(set(ids))))
    return {id_: Shown(name, code, city or "", owner or "", last) for id_, name, code, city, owner, last in rows}


def speaking(session: CrmSession, pairs: Iterable[Pair]) -> dict[tuple[int, int], list[str]]:
    """By a pair of customers and one of the two: the names of its contacts that bear what both share."""
    alike = [(pair.first, pair.second) for pair in pairs if any(reason.kind.startswith("contact_") for reason in pair.reasons)]
    ids = {id_ for pair in alike for id_ in pair}
    if not ids:
        return {}
    kept = _grouped(session.execute(_keys().where(MatchKey.customer_id.in_(ids)).join(Customer, Customer.id == MatchKey.customer_id)))
    signs_of = {id_: {(kind, value) for kind, value, _ in found} for id_, found in kept.items()}
    people: dict[int, list[tuple[str, Signs]]] = {}
    columns = [getattr(Contact, key) for key in OF_CONTACT]
    for id_, name, *values in session.execute(select(Contact.customer_id, Contact.name, *columns).where(Contact.customer_id.in_(ids)).order_by(Contact.id)):
        people.setdefault(id_, []).append((name, signs_of_contact(values)))
    found = {}
    for one, other in (sides for pair in alike for sides in (pair, pair[::-1])):
        shared = signs_of.get(one, set()) & signs_of.get(other, set())
        found[one, other] = list(dict.fromkeys(name for name, borne in people.get(one, ()) if borne & shared))
    return found
