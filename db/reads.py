"""What was read: which nouns an answer rests on. It stays true until one of their rows changes."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Engine, event

from db.dialect import SEARCH
from db.fields import ITSELF, derived_from
from db.models import NOUNS, MatchKey
from db.session import HEARD

WORKED_OUT = {SEARCH: ("customer", "contact"), MatchKey.__tablename__: ("customer", "contact")}
"""Tables that are no nouns, and the nouns that they are worked out from."""
LITERAL = re.compile("'[^']*'")


@event.listens_for(Engine, "before_cursor_execute")
def _hear(_connection: Any, _cursor: Any, sql: str, _parameters: Any, context: Any, _many: bool) -> None:
    heard = context.execution_options.get(HEARD) if context else None
    if heard is not None:
        heard |= nouns_in(sql)


@lru_cache(maxsize=2000)
def nouns_in(sql: str) -> frozenset[str]:
    """The nouns on which a statement's answer rests: every one whose table it names, or a column that is worked out from that noun's rows."""
    names = re.findall(r"\w+", LITERAL.sub("", sql))
    return frozenset(noun for name in set(names) for noun in _nouns_of_names().get(name, ()))


@cache
def _nouns_of_names() -> dict[str, tuple[str, ...]]:
    columns = (attribute.columns[0] for model in NOUNS.values() for attribute in model.__mapper__.column_attrs)
    followed = {column.name: (source,) for column in columns if (source := derived_from(column)) and source != ITSELF}
    return {**{noun: (noun,) for noun in NOUNS}, **followed, **WORKED_OUT}
