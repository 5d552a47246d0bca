"""Values worked out from others, refreshed by SQL in the same transaction; neither journalled nor versioned."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy import Table, Text, bindparam, case, func, or_, select, update
from sqlalchemy.orm import aliased

from db import clock, match_keys
from db.base import OfCustomer, Record
from db.batches import batches
from db.dialect import among, days_after, notice_own_rows, write_search_rows
from db.fields import self_derived_keys
from db.journal import touched
from db.models import NOUNS, Contact, Customer, FollowUp, Order, Organisation, SurveyResponse, UserSession
from db.pinyin import spellings
from db.session import UNGUARDED, CrmSession

FOLLOWERS = tuple(model for model in NOUNS.values() if issubclass(model, OfCustomer))
AT_ONCE = 5000
COMPARED = ("customer", "contact")
"""The tables that the words and signs of customers are worked out from."""
PUBLIC, PERSONAL = ("code", "city", "credit_code"), ("phone", "mobile", "email", "im")
FINDABLE = {"name", *PUBLIC, *PERSONAL, "deleted_at", "customer_id", "merged_into_id"}
CUSTOMERS = ("customer_id", "merged_into_id")
"""Columns that name a customer: where one changes, both customers are meant."""
BUYING, GONE = {"kind", "ordered_on", "customer_id", "deleted_at"}, {"deleted_at", "merged_into_id"}
"""Columns of an order, and of a customer that was there before, by which purchases appear and vanish."""
Touch = tuple[str, int, int | None, dict[str, Any], dict[str, Any]]
"""What became of a record: noun, id, customer, before, after."""
Values = Callable[[CrmSession], dict[str, Any]]


def refresh(session: CrmSession) -> None:
    """Bring the derived values of everything that this transaction touched up to date."""
    session.flush()
    changes = touched(session)
    dated = {id_ for change in changes if change[0] in OF_OTHERS[contact_dates] for id_ in _about(change)}
    bought = {id_ for change in changes if _alters_purchases(change) for id_ in _about(change)}
    moved = {id_ for noun, id_, _, before, after in changes if noun == "customer" and "owner_id" in after and before}
    named = [change for change in changes if change[0] in {"customer", "contact"} and FINDABLE & (change[3].keys() | change[4].keys())]
    renamed = {id_ for change in named for id_ in _about(change)}
    compared = {id_ for noun, id_, _, before, after in changes if noun == "customer" and match_keys.OWN & (after.keys() | before.keys())}
    spoken = {id_ for change in changes if change[0] == "contact" and match_keys.SPOKEN & (change[3].keys() | change[4].keys()) for id_ in _about(change)}
    settings = {key for noun, _, _, before, after in changes if noun == "organisation" and before for key in after}
    if "time_zone" in settings:
        _cut_days_anew(session)
    if settings & {"time_zone", "cadence_a", "cadence_b", "cadence_c"}:
        refresh_customers(session, contact_dates, None)
    for values, about in ((contact_dates, dated), (purchase_days, bought)):
        for ids in batches(sorted(about), AT_ONCE):
            refresh_customers(session, values, ids)
    for ids in batches(sorted(moved), AT_ONCE):
        _follow_owner(session, ids)
    new = set() if session.info.get("taking_back") else {id_ for noun, id_, _, before, after in changes if noun == "customer" and after and not before}
    notice_own_rows(super(CrmSession, session).connection(), len(new), COMPARED)
    for some, replace in ((renamed & new, False), (renamed - new, True)):
        for ids in batches(sorted(some), AT_ONCE):
            refresh_search(session, ids, replace)
    match_keys.follow(session, compared, spoken, new)
    _forget_stale(session, dated | bought)
    _sign_out(session, {id_ for noun, id_, _, before, after in changes if noun == "user" and before and {"role", "active", "deleted_at"} & after.keys()})


def _about(change: Touch) -> set[int]:
    """The customers that a change is about: one, or two where something went from one to the other."""
    _, _, customer, before, after = change
    return {id_ for id_ in (customer, *(values.get(key) for values in (before, after) for key in CUSTOMERS)) if id_}


def _alters_purchases(change: Touch) -> bool:
    noun, _, _, before, after = change
    if noun == "order":
        return not BUYING.isdisjoint(before.keys() | after.keys())
    return noun == "customer" and not GONE.isdisjoint(before)


def _cut_days_anew(session: CrmSession) -> None:
    """In another time zone the same instants fall on other days."""
    clock.use_zone(session.organisation.time_zone)
    for model in (FollowUp, SurveyResponse):
        table = cast(Table, model.__table__)
        columns = [column for column in table.c if not isinstance(column.type, Text)]
        rows = session.execute(select(*columns).execution_options(yield_per=10_000), execution_options=UNGUARDED)
        moved = [{"row": row.id} | {f"new_{day}": value for day, value in again.items()}
                 for row in rows if (again := derived_again(model, dict(row._mapping)))]
        if moved:
            statement = update(table).where(table.c.id == bindparam("row")).values({day: bindparam(f"new_{day}") for day in self_derived_keys(model)})
            session.connection().execute(statement, moved)


def derived_again(model: type[Record], row: dict[str, Any]) -> dict[str, Any]:
    """The derived values that a row's own other values give; nothing where these are what it has."""
    again = SimpleNamespace(**row)
    model.derive(cast(Record, again))
    values = {key: getattr(again, key) for key in self_derived_keys(model)}
    return values if any(values[key] != row[key] for key in values) else {}


def _sign_out(session: CrmSession, user_ids: set[int]) -> None:
    """A new role, a deactivation or a deletion ends the user's sessions in every tab."""
    for ended in session.scalars(select(UserSession).where(UserSession.user_id.in_(user_ids))) if user_ids else ():
        session.delete(ended)


def _forget_stale(session: CrmSession, customer_ids: Iterable[int]) -> None:
    wanted = set(customer_ids)
    stale = [record for record in session.identity_map.values() if isinstance(record, Customer) and record.id in wanted]
    keys = [key for values in OF_OTHERS for key in values(session)] if stale else []
    for record in stale:
        session.expire(record, keys)


def contact_dates(session: CrmSession) -> dict[str, Any]:
    """Last contact, next planned contact and the day by which the cadence wants one, as SQL expressions."""
    mine = (FollowUp.customer_id == Customer.id, FollowUp.deleted_at.is_(None))
    last_day = select(func.max(FollowUp.done_on)).where(*mine, FollowUp.status == "done").scalar_subquery()
    return {
        "last_contact_at": select(func.max(FollowUp.done_at)).where(*mine, FollowUp.status == "done").scalar_subquery(),
        "next_contact_on": select(func.min(FollowUp.due_on)).where(*mine, FollowUp.status == "planned").scalar_subquery(),
        "contact_due_on": case(
            (Customer.status == "lost", None), else_=days_after(func.coalesce(last_day, Customer.customer_since), cadence(session.organisation))
        ),
    }


def purchase_days(_session: CrmSession) -> dict[str, Any]:
    """The first and the second day on which the customer bought, as SQL expressions; two receipts on one day are one purchase.

    What went to the recycle bin together with the customer stays in the past.
    """
    first = _purchase_day(Order).scalar_subquery()
    further = aliased(Order)
    return {"first_purchase_on": first, "second_purchase_on": _purchase_day(further).where(further.ordered_on > first).scalar_subquery()}


def _purchase_day(order: Any) -> Any:
    happened = or_(order.deleted_at.is_(None), order.deleted_at == Customer.deleted_at)
    mine = (order.customer_id == Customer.id, order.kind == "purchase", happened)
    return select(func.min(order.ordered_on)).where(*mine).correlate(Customer)


OF_OTHERS: dict[Values, frozenset[str]] = {contact_dates: frozenset({"customer", "follow_up"}), purchase_days: frozenset({"order"})}
"""What is worked out about customers, and the nouns from whose rows."""


def refresh_customers(session: CrmSession, values: Values, customer_ids: Sequence[int] | None) -> None:
    """Bring what is worked out about these customers up to date; None means all customers."""
    statement = update(Customer).values(values(session))
    if customer_ids is not None:
        statement = statement.where(among(Customer.id, customer_ids))
    session.execute(statement, execution_options={**UNGUARDED, "synchronize_session": False})


def cadence(organisation: Organisation) -> Any:
    by_tier = case((Customer.tier == "A", organisation.cadence_a), (Customer.tier == "B", organisation.cadence_b), else_=organisation.cadence_c)
    return func.coalesce(Customer.cadence_days, by_tier)


def _follow_owner(session: CrmSession, customer_ids: Sequence[int]) -> None:
    for model in FOLLOWERS:
        owner = select(Customer.owner_id).where(Customer.id == model.customer_id).scalar_subquery()
        statement = update(model).where(among(model.customer_id, customer_ids)).values(account_owner_id=owner)
        session.execute(statement, execution_options={**UNGUARDED, "synchronize_session": False})


def refresh_search(session: CrmSession, customer_ids: Sequence[int], replace: bool = True) -> None:
    """Rewrite the search words of these customers: names in pinyin too, contacts and merged customers with the one they belong to."""
    people: dict[int, list[str]] = {}
    contacts = select(Contact.customer_id, Contact.name, Contact.phone, Contact.email).where(
        among(Contact.customer_id, customer_ids), Contact.deleted_at.is_(None)
    )
    for customer_id, *words in session.execute(contacts, execution_options=UNGUARDED):
        people.setdefault(customer_id, []).extend(word for word in words if word)
    former: dict[int, list[str]] = {}
    merged = select(Customer.merged_into_id, Customer.code, Customer.name).where(among(Customer.merged_into_id, customer_ids)).order_by(Customer.id)
    for heir, code, name in session.execute(merged, execution_options=UNGUARDED):
        former.setdefault(heir or 0, []).extend((code, name, *spellings(name)))
    columns = (Customer.id, Customer.name, *(getattr(Customer, key) for key in (*PUBLIC, *PERSONAL)))
    found = session.execute(select(*columns).where(among(Customer.id, customer_ids), Customer.deleted_at.is_(None)), execution_options=UNGUARDED)
    half = len(PUBLIC)
    rows = {
        id_: _search_row(id_, name, (*values[:half], *former.get(id_, ())), (*values[half:], *people.get(id_, ()))) for id_, name, *values in found
    }
    gone = [{"id": id_, "words": "", "personal": ""} for id_ in customer_ids if id_ not in rows] if replace else []
    write_search_rows(super(CrmSession, session).connection(), [*rows.values(), *gone], replace)


def _search_row(id_: int, name: str, public: Iterable[str | None], personal: Iterable[str | None]) -> dict[str, Any]:
    words = " ".join(filter(None, (name, *public, *spellings(name))))
    return {"id": id_, "words": words, "personal": " ".join(_dense(word) for word in personal if word)}


def _dense(word: str) -> str:
    """A phone number is found with and without its spaces."""
    bare = word.replace(" ", "").replace("-", "")
    return word if bare == word else f"{word} {bare}"
