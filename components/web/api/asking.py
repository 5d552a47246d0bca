"""What a list is asked for, from the address: page, search, order, filters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from components.web.api.resources import Resource, filterable, sortable
from db.choices import labels
from db.errors import Invalid, Message
from db.fields import NUMBERS, Field, Kind
from db.queries.lists import ListQuery
from db.session import CrmSession
from db.validation import HIDDEN, Refused, clean

RANGES = {Kind.DATE, Kind.INSTANT, *NUMBERS}
FROM, TO = "_from", "_to"
MOST, USUAL, LAST_PAGE, LONGEST_SEARCH = 200, 50, 100_000, 200
NOT_HERE = Message("A list cannot be narrowed or sorted by this.")


@dataclass(frozen=True)
class Asked:
    query: ListQuery
    page: int
    pairs: tuple[tuple[str, str], ...]

    def following(self, path: str, total: int) -> str | None:
        """The address of the next page, if there is one."""
        if self.query.offset + self.query.limit >= total or self.page >= LAST_PAGE:
            return None
        kept = [pair for pair in self.pairs if pair[0] != "page"]
        return f"{path}?{urlencode([*kept, ('page', self.page + 1)])}"


def asked(session: CrmSession, resource: Resource, pairs: Iterable[tuple[str, str]]) -> Asked:
    """Raises Invalid with a message for each parameter that cannot be used."""
    given: dict[str, list[str]] = {}
    for key, value in pairs:
        given.setdefault(key, []).append(value)
    problems: dict[str, Message] = {}
    page = _number(given.pop("page", ["1"])[-1], LAST_PAGE, "page", problems)
    limit = _number(given.pop("limit", [str(USUAL)])[-1], MOST, "limit", problems)
    search, order = given.pop("q", [""])[-1], given.pop("sort", ["-id"])[-1]
    fields = resource.fields(session)
    if HIDDEN.search(search) or len(search) > LONGEST_SEARCH:
        problems["q"] = Message("This text cannot be searched for.")
    if order.removeprefix("-") not in sortable(session.actor, fields):
        problems["sort"] = NOT_HERE
    filters = _filters(session, filterable(session.actor, resource, fields), given, problems)
    if problems:
        raise Invalid(problems)
    query = ListQuery(search, filters, order.removeprefix("-"), order.startswith("-"), limit, (page - 1) * limit)
    return Asked(query, page, tuple(pairs))


def _number(text: str, most: int, key: str, problems: dict[str, Message]) -> int:
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
    if not 1 <= number <= most:
        problems[key] = Message("Please give a whole number from 1 to {most}.", {"most": most})
        return 1
    return number


def _filters(session: CrmSession, fields: dict[str, Field], given: dict[str, list[str]], problems: dict[str, Message]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, texts in given.items():
        key = next((name.removesuffix(end) for end in (FROM, TO) if name.endswith(end) and name.removesuffix(end) in fields), name)
        field = fields.get(key)
        if field is None or (key != name and field.kind not in RANGES):
            problems[name[:60]] = NOT_HERE
            continue
        try:
            values = [_value(session, field, text) for text in texts]
        except Refused as refused:
            problems[name] = refused.message
            continue
        found[key] = _joined(found.get(key), name, key, field, values)
    return found


def _value(session: CrmSession, field: Field, text: str) -> Any:
    if HIDDEN.search(text):
        raise Refused("This text holds invisible control characters; please type it again.")
    return clean(field, text, labels(session, field) if field.kind == Kind.CHOICE else None)


def _joined(before: Any, name: str, key: str, field: Field, values: list[Any]) -> Any:
    """A list of values, or the two ends of a range."""
    if field.kind == Kind.BOOLEAN:
        return values[-1]
    if name == key:
        return values
    low, high = before if isinstance(before, tuple) else (None, None)
    return (values[-1], high) if name.endswith(FROM) else (low, values[-1])
