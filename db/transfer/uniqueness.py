"""Values that may stand only once, in the database (seen by the actor or not, deleted or not) and in the file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import UniqueConstraint, select

from db.errors import Invalid
from db.models import NOUNS, Record
from db.session import UNGUARDED, CrmSession

KEPT_AS: dict[tuple[str, str], Callable[[Any], Any]] = {
    ("user", "user_name"): lambda name: name.strip().lower(), ("target", "month"): lambda day: day.replace(day=1),
}
"""Columns that are stored otherwise than entered; see `derive` of their models."""


class Uniqueness:
    def __init__(self, session: CrmSession, noun: str) -> None:
        self.noun = noun
        model = NOUNS[noun]
        table: Any = model.__table__
        single = [(column.key,) for column in table.columns if column.unique]
        several = [tuple(column.key for column in rule.columns) for rule in table.constraints if isinstance(rule, UniqueConstraint) and len(rule.columns) > 1]
        self._taken = {keys: {tuple(row) for row in session.execute(_values(model, keys), execution_options=UNGUARDED)} for keys in (*single, *several)}

    def claim_anew(self, record: Record, changes: Mapping[str, Any]) -> None:
        """Take what a record changes to. Raises Invalid where another one has it."""
        rules = [keys for keys in self._taken if changes.keys() & set(keys)]
        self.claim({key: changes.get(key, getattr(record, key)) for keys in rules for key in keys}, rules)

    def claim(self, values: Mapping[str, Any], rules: Iterable[tuple[str, ...]] | None = None) -> None:
        """Take the row's values. Raises Invalid where one is taken already."""
        for keys in self._taken if rules is None else rules:
            taken = self._taken[keys]
            found = tuple(self._kept(key, values.get(key)) for key in keys)
            if any(part in (None, "") for part in found):
                continue
            if found in taken:
                raise Invalid.because("“{value}” is already in use.", keys[-1], value=" / ".join(str(values[key]) for key in keys))
            taken.add(found)

    def _kept(self, key: str, value: Any) -> Any:
        return KEPT_AS[self.noun, key](value) if value is not None and (self.noun, key) in KEPT_AS else value


def _values(model: Any, keys: tuple[str, ...]) -> Any:
    return select(*(getattr(model, key) for key in keys))
