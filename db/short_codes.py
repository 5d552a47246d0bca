"""Short codes of records, such as C-0042: which is the next free one, and how far the numbers were used."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from sqlalchemy import func, select

from db import dialect
from db.models import Counter, Record
from db.session import UNGUARDED, CrmSession


def has_codes(model: type[Record]) -> bool:
    """Whether the noun keeps its codes; those of the others are made of their ids."""
    return hasattr(model, "code")


def next_free(model: type[Record], last: int, taken: Container[str]) -> tuple[int, str]:
    """The number after the last one whose code nobody gave by hand, and its code."""
    while True:
        last += 1
        code = f"{model.prefix}-{last:04d}"
        if code not in taken:
            return last, code


def give(session: CrmSession, record: Any) -> None:
    """Give the next code to a record that keeps one and has none."""
    model = type(record)
    if has_codes(model) and not record.code:
        counter = counter_of(session, model)
        counter.value, record.code = next_free(model, counter.value, _Asked(session, model))


class ShortCodes:
    """Codes for many new records, given out without asking row by row, also in another process.

    last: the last number given out.
    """

    def __init__(self, session: CrmSession, model: Any, last: int) -> None:
        self.last = last
        self._model, self._first = model, last
        self._taken = set(session.scalars(select(model.code), execution_options=UNGUARDED))

    def next(self) -> str:
        self.last, code = next_free(self._model, self.last, self._taken)
        return code

    def numbered(self, values: dict[str, Any]) -> dict[str, Any]:
        """The values, with a code if they have none."""
        if values.get("code"):
            self._taken.add(values["code"])
            return values
        return {**values, "code": self.next()}

    def keep(self, session: CrmSession) -> None:
        """Tell the database how far the numbers were used, if they were."""
        if self.last != self._first:
            counter_of(session, self._model).value = self.last


class _Asked(Container[str]):
    """The codes that the database holds, seen by the actor or not, in the recycle bin or not; each is asked for by itself."""

    def __init__(self, session: CrmSession, model: Any) -> None:
        self._session, self._model = session, model

    def __contains__(self, code: object) -> bool:
        with self._session.no_autoflush:
            same = select(self._model.id).where(self._model.code == code).limit(1)
            return self._session.scalar(same, execution_options=UNGUARDED) is not None


def last_number(session: CrmSession, model: type[Record]) -> int:
    """The last number given out for the noun's codes; before the first, the highest id."""
    counter = session.get(Counter, model.__tablename__)
    return counter.value if counter else _highest_id(session, model)


def counter_of(session: CrmSession, model: type[Record]) -> Counter:
    """The row that holds the last number given out, taken for this transaction."""
    noun = model.__tablename__
    taken = select(Counter).where(Counter.noun == noun).with_for_update()
    if (counter := session.scalars(taken, execution_options=UNGUARDED).first()) is not None:
        return counter
    assert session.bind is not None
    missing = dialect.insert_unless_there(session.bind.dialect.name, Counter, noun=noun, value=_highest_id(session, model))
    session.execute(missing, execution_options=UNGUARDED)
    return session.scalars(taken, execution_options=UNGUARDED).one()


def _highest_id(session: CrmSession, model: type[Record]) -> int:
    return session.scalar(select(func.max(model.id)), execution_options=UNGUARDED) or 0
