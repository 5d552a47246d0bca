"""What a program sent, against the declarations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from components.web.api.resources import Resource, settable
from db import records
from db.errors import Invalid, Message
from db.fields import Field, Kind
from db.session import CrmSession

Values = Mapping[str, Any]
WRONG_SHAPE = Message("This value has the wrong shape.")


def checked(session: CrmSession, resource: Resource, sent: Values, new: bool) -> dict[str, Any]:
    """The clean values of what a program sent; raises Invalid with all problems at once."""
    allowed, fields = settable(session.actor, resource.fields(session)), resource.fields(session)
    problems = _strangers(sent, allowed, {field.key for field in fields})
    wanted = [field for key, field in allowed.items() if key not in problems and (key in sent or (new and field.required and key not in resource.filled))]
    try:
        cleaned = records.validated(session, resource.noun, sent, wanted)
    except Invalid as invalid:
        problems |= invalid.problems
    if problems:
        raise Invalid(problems)
    return cleaned


def _strangers(sent: Values, allowed: Mapping[str, Field], known: set[str]) -> dict[str, Message]:
    """What is wrong with the keys and the shapes of values, whatever they say."""
    unknown = {key[:60]: Message("There is no such field.") for key in sent if key not in known}
    closed = {key: Message("This field cannot be set here.") for key in sent if key in known and key not in allowed}
    return unknown | closed | {key: WRONG_SHAPE for key, value in sent.items() if key in allowed and not _fits(allowed[key], value)}


def _fits(field: Field, value: Any) -> bool:
    if isinstance(value, bool):
        return field.kind == Kind.BOOLEAN
    return value is None or isinstance(value, str | int | float)


def clean(session: CrmSession, noun: str, sent: Values, given: Mapping[str, Field]) -> dict[str, Any]:
    """The clean values of these fields and no others; raises Invalid."""
    if problems := _strangers(sent, given, set(given)):
        raise Invalid(problems)
    return records.validated(session, noun, sent, [field for key, field in given.items() if key in sent])
