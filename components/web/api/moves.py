"""The moves that have a name: complete a follow-up, assign a customer, enter a whole survey sheet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from components.web.api.checking import WRONG_SHAPE, Values, clean
from db import records
from db.actions import customers, follow_ups, surveys
from db.errors import Invalid
from db.fields import Field, fields_of
from db.models import NOUNS, Record
from db.session import CrmSession


@dataclass(frozen=True)
class Move:
    """An action on one record. given: what the body may hold, key -> the field that it is checked against; also: parts that hold more fields."""

    name: str
    noun: str
    verb: str
    words: str
    given: Callable[[], Mapping[str, Field]]
    run: Callable[[CrmSession, int, Values], Record]
    also: str = ""


def declared(noun: str, *keys: str) -> dict[str, Field]:
    return {field.key: field for field in fields_of(NOUNS[noun]) if field.key in keys}


def _assign(session: CrmSession, id_: int, values: Values) -> Record:
    customer = records.get(session, "customer", id_)
    customers.assign(session, [id_], values.get("owner_id"))
    return customer


def _complete(session: CrmSession, id_: int, values: Values) -> Record:
    done = {key: value for key, value in values.items() if key != "next_step"}
    return follow_ups.complete(session, id_, done, values.get("next_step"))


def _snooze(session: CrmSession, id_: int, values: Values) -> Record:
    if values.get("due_on") is None:
        raise Invalid.because("Please fill in this field.", "due_on")
    return follow_ups.snooze(session, id_, values["due_on"])


DONE = ("content", "method", "outcome", "rating", "rating_reason", "direction", "duration_minutes", "contact_id", "done_at")
SHEET = ("customer_id", "comment", "channel", "contact_id", "product_id", "answered_at", "unhappy")
STEP = ("subject", "due_on", "due_time", "method")
MOVES = {
    (move.noun, move.name): move
    for move in (
        Move("complete", "follow_up", "update", "Completes a planned follow-up; next_step plans the one after it.",
             lambda: declared("follow_up", *DONE), _complete, "next_step"),
        Move("snooze", "follow_up", "update", "Puts a planned follow-up off to another day.", lambda: declared("follow_up", "due_on"), _snooze),
        Move("cancel", "follow_up", "update", "Cancels a planned follow-up.", dict, lambda session, id_, _: follow_ups.cancel(session, id_)),
        Move("assign", "customer", "assign", "Gives the customer, with the open follow-ups, to another owner.",
             lambda: declared("customer", "owner_id"), _assign),
    )
}


def checked(session: CrmSession, move: Move, sent: Values) -> dict[str, Any]:
    """The clean body of a move."""
    given, nested = move.given(), sent.get(move.also) if move.also else None
    own = {key: value for key, value in sent.items() if key != move.also or not move.also}
    cleaned = clean(session, move.noun, own, given)
    if nested is not None:
        if not isinstance(nested, dict):
            raise Invalid({move.also: WRONG_SHAPE})
        try:
            cleaned[move.also] = clean(session, move.noun, nested, declared(move.noun, *STEP))
        except Invalid as invalid:
            raise Invalid({f"{move.also}.{key}": message for key, message in invalid.problems.items()}) from invalid
    return cleaned


def sheet(session: CrmSession, sent: Values) -> list[int]:
    """A whole survey sheet: customer_id, survey_id, scores (question id -> score), and what the answers have in common."""
    scores = sent.get("scores")
    if not isinstance(scores, dict) or not all(key.isdecimal() and len(key) < 10 and type(score) in {int, type(None)} for key, score in scores.items()):
        raise Invalid({"scores": WRONG_SHAPE})
    common = declared("survey_response", *SHEET)
    own = {"customer_id": None, **{key: value for key, value in sent.items() if key not in {"scores", "survey_id"}}}
    values = clean(session, "survey_response", own, common)
    survey = clean(session, "question", {"survey_id": sent.get("survey_id")}, declared("question", "survey_id"))
    given = {int(key): score for key, score in scores.items()}
    return [answer.id for answer in surveys.answer(session, values.pop("customer_id"), survey["survey_id"], given, **values)]
