"""The four ways a request can fail, each with what the screen needs to explain it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from db.language import t


@dataclass(frozen=True)
class Message:
    """An English sentence of the catalogue and its parameters; printed in the reader's language."""

    text: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return t(self.text, **self.params)


class CrmError(Exception):
    """Base of every expected failure; `str()` of it is fit for the user's eyes."""

    message = Message("Something went wrong.")

    def __str__(self) -> str:
        return str(self.message)


class Forbidden(CrmError):
    message = Message("You may not do this.")


class Gone(CrmError):
    message = Message("This record no longer exists, or you may not see it.")


class AlreadyDone(CrmError):
    """The same form was sent twice; the first one was saved."""

    message = Message("This was already saved.")


class Unavailable(CrmError):
    """The installation cannot work as it stands; the message says what to do."""

    def __init__(self, text: str, **params: Any) -> None:
        self.message = Message(text, params)


class Invalid(CrmError):
    """Some values were refused: `problems` maps a field's key ('' for the whole form) to a message."""

    def __init__(self, problems: Mapping[str, Message]) -> None:
        self.problems = dict(problems)

    def __str__(self) -> str:
        return " ".join(str(message) for message in self.problems.values())

    @classmethod
    def because(cls, text: str, key: str = "", **params: Any) -> Invalid:
        return cls({key: Message(text, params)})


class Conflict(CrmError):
    """Somebody else changed the same fields: `fields` maps a key to (mine, theirs)."""

    message = Message("Somebody changed the same fields in the meantime.")

    def __init__(self, fields: Mapping[str, tuple[Any, Any]]) -> None:
        self.fields = dict(fields)
