"""How a file names another record: by code, user name, e-mail or name; loaded once, not asked row by row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from db.dialect import among
from db.models import NOUNS, Contact, Customer, CustomerTag, Question, Survey, Tag
from db.session import CrmSession
from db.validation import Refused

NAMES: dict[str, tuple[str, ...]] = {
    "customer": ("code", "name"), "product": ("code", "name"), "order": ("code",), "user": ("user_name", "name", "email"), "team": ("name",),
    "product_line": ("name",), "survey": ("name",), "tag": ("name",),
}
"""What a record of the noun may be called, the surest first; the first is what an export writes."""
SEVERAL = -1


class Directory:
    """The records of one noun that the actor may see, by everything a file may call them."""

    def __init__(self, rows: Iterable[tuple[int, tuple[Any, ...]]]) -> None:
        self._exact: list[dict[Any, int]] = []
        self._folded: list[dict[Any, int]] = []
        for id_, names in rows:
            self.add(id_, names)

    def add(self, id_: int, names: tuple[Any, ...]) -> None:
        while len(self._exact) < len(names):
            self._exact.append({})
            self._folded.append({})
        for exact, loose, name in zip(self._exact, self._folded, names, strict=False):
            if name:
                exact[name] = SEVERAL if exact.get(name, id_) != id_ else id_
                loose[fold(name)] = SEVERAL if loose.get(fold(name), id_) != id_ else id_

    def find(self, name: Any) -> int:
        """The id; raises Refused when no record, or more than one, is called so."""
        for exact, loose in zip(self._exact, self._folded, strict=True):
            id_ = exact.get(name) or loose.get(fold(name))
            if id_ == SEVERAL:
                raise Refused("Several records are called “{value}”; please use the code.", value=shown(name))
            if id_:
                return id_
        raise Refused("There is no “{value}”, or you may not see it.", value=shown(name))

    def knows(self, name: Any) -> bool:
        return any(loose.get(fold(name)) for loose in self._folded)


def fold(name: Any) -> Any:
    return name.casefold() if isinstance(name, str) else tuple(fold(part) for part in name) if isinstance(name, tuple) else name


def shown(name: Any) -> str:
    return str(name[-1] if isinstance(name, tuple) else name)[:60]


def directory(session: CrmSession, noun: str) -> Directory:
    if noun == "contact":
        people = session.execute(select(Contact.id, Contact.customer_id, Contact.name))
        return Directory((id_, ((customer_id, name),)) for id_, customer_id, name in people)
    if noun == "question":
        asked = session.execute(select(Question.id, Question.key, Survey.name, Question.text).join(Survey, Survey.id == Question.survey_id))
        return Directory((id_, (f"{survey}/{key}", key, text)) for id_, key, survey, text in asked)
    model = NOUNS[noun]
    columns = [getattr(model, key) for key in NAMES[noun]]
    found = Directory((id_, tuple(names)) for id_, *names in session.execute(select(model.id, *columns)))
    for id_, code in _merged(session) if noun == "customer" else ():
        found.add(id_, (code,))
    return found


def _merged(session: CrmSession) -> Iterable[tuple[int, str]]:
    """The codes of customers that were merged, each for the one that took it over."""
    kept = aliased(Customer)
    codes = select(kept.id, Customer.code).join(kept, kept.id == Customer.merged_into_id).where(kept.deleted_at.is_(None))
    return ((id_, code) for id_, code in session.execute(codes, execution_options={"with_deleted": True}))


def owners(session: CrmSession) -> Mapping[int, int | None]:
    """The owner of every customer that the actor may see."""
    return {id_: owner_id for id_, owner_id in session.execute(select(Customer.id, Customer.owner_id))}


def customers_of_orders(session: CrmSession) -> Mapping[int, int]:
    order = NOUNS["order"]
    return {id_: customer_id for id_, customer_id in session.execute(select(order.id, order.customer_id))}  # type: ignore[attr-defined]


def references(session: CrmSession, noun: str, ids: Iterable[int | None]) -> dict[int, str]:
    """What an export writes for each linked record: the first of its names that an import finds again."""
    wanted = [id_ for id_ in set(ids) if id_ is not None]
    if not wanted:
        return {}
    if noun == "question":
        statement = select(Question.id, Survey.name + "/" + Question.key).join(Survey, Survey.id == Question.survey_id).where(among(Question.id, wanted))
    else:
        model = NOUNS[noun]
        statement = select(model.id, getattr(model, NAMES.get(noun, (model.title_key,))[0])).where(among(model.id, wanted))
    return {id_: name for id_, name in session.execute(statement, execution_options={"with_deleted": True})}


def scales(session: CrmSession) -> Mapping[int, tuple[int, int]]:
    """The ends of every question's scale."""
    return {id_: (low, high) for id_, low, high in session.execute(select(Question.id, Question.scale_min, Question.scale_max))}


def prices(session: CrmSession) -> Mapping[int, Any]:
    product = NOUNS["product"]
    return {id_: price for id_, price in session.execute(select(product.id, product.price))}  # type: ignore[attr-defined]


def tags_of(session: CrmSession, customer_ids: list[int]) -> dict[int, list[str]]:
    """The names of each customer's tags, in order."""
    found: dict[int, list[str]] = {}
    named = select(CustomerTag.customer_id, Tag.name).join(Tag, Tag.id == CustomerTag.tag_id)
    rows = named.where(among(CustomerTag.customer_id, customer_ids)).order_by(Tag.name)
    for customer_id, name in session.execute(rows):
        found.setdefault(customer_id, []).append(name)
    return found
