"""Short codes for many new records, given out without asking row by row."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from db.models import NOUNS, Counter
from db.session import UNGUARDED, CrmSession


class Codes:
    """The next free short codes of a noun."""

    def __init__(self, session: CrmSession, noun: str, counter: Counter) -> None:
        model: Any = NOUNS[noun]
        self._counter = counter
        self._prefix = model.prefix
        self._taken = set(session.scalars(select(model.code), execution_options=UNGUARDED))

    @property
    def last(self) -> int:
        return self._counter.value

    def numbered(self, values: dict[str, Any]) -> dict[str, Any]:
        """The values, with a code if they have none."""
        if values.get("code"):
            self._taken.add(values["code"])
            return values
        code = ""
        while not code or code in self._taken:
            self._counter.value += 1
            code = f"{self._prefix}-{self._counter.value:04d}"
        return {**values, "code": code}
