"""What must be true of the whole when a transaction ends, whichever way the change came: form, import, command, undo."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, select

from db.errors import Invalid
from db.fields import fields_of
from db.journal import touched
from db.models import NOUNS, Absence, Customer, CustomField, Option, Organisation, ProductLine, Question, SurveyResponse, User
from db.session import CrmSession

CUSTOM = "custom:"


class Touched(NamedTuple):
    """One record that the transaction wrote: its values before and after, as far as they changed."""

    id: int
    before: dict[str, Any]
    after: dict[str, Any]


def check(session: CrmSession) -> None:
    """Raises Invalid where the transaction would leave something untrue."""
    found: dict[str, list[Touched]] = {}
    for noun, id_, _, before, after in touched(session):
        if noun in CHECKS:
            found.setdefault(noun, []).append(Touched(id_, before, after))
    for noun, rows in found.items():
        CHECKS[noun](session, rows)


def _options(session: CrmSession, rows: Iterable[Touched]) -> None:
    """A drop-down value that a record carries stays."""
    for row in rows:
        if _went(row):
            option = session.get(Option, row.id, execution_options={"with_deleted": True})
            list_key, key = (option.list_key, option.key) if option else (row.before["list_key"], row.before["key"])
            if any(_is_anywhere(session, model, condition) for model, condition in _users_of(list_key, key)):
                raise Invalid.because("This value is in use. Retire it instead: it stays on old records and is no longer offered.")


def _went(row: Touched) -> bool:
    """Whether the record was removed, or moved to the recycle bin."""
    return not row.after or bool(row.after.get("deleted_at") and row.before)


def _users_of(list_key: str, key: str) -> Iterable[tuple[Any, ColumnElement[bool]]]:
    if list_key.startswith(CUSTOM):
        yield Customer, Customer.custom[list_key.removeprefix(CUSTOM)].as_string() == key
    for model in NOUNS.values():
        for field in fields_of(model):
            if field.options == list_key:
                yield model, getattr(model, field.key) == key


def _is_anywhere(session: CrmSession, model: Any, condition: ColumnElement[bool]) -> bool:
    return session.scalar(select(model.id).where(condition).limit(1), execution_options={"with_deleted": True}) is not None


def _custom_fields(session: CrmSession, rows: Iterable[Touched]) -> None:
    """A field of the users' own bears no name that a customer's field has."""
    taken = {attribute.key for attribute in Customer.__mapper__.column_attrs} | {"tags"}
    for row in rows:
        field = session.get(CustomField, row.id)
        if field and field.key in taken:
            raise Invalid.because("“{value}” is already in use.", "key", value=field.key)


def _users(session: CrmSession, rows: Iterable[Touched]) -> None:
    """Somebody must be able to let the others in."""
    demoted = any(row.before.get("role") == "admin" or (row.before and {"active", "deleted_at"} & row.after.keys()) or not row.after for row in rows)
    if demoted and session.scalar(select(User.id).where(User.role == "admin", User.active).limit(1)) is None:
        raise Invalid.because("At least one administrator must remain.")


def _product_lines(session: CrmSession, rows: Iterable[Touched]) -> None:
    """No line is a part of itself, however far round."""
    if any("parent_id" in row.after for row in rows):
        parents = {id_: parent for id_, parent in session.execute(select(ProductLine.id, ProductLine.parent_id))}
        for start in parents:
            above, at = {start}, parents[start]
            while at is not None:
                if at in above:
                    raise Invalid.because("A line cannot be a part of itself.", "parent_id")
                above.add(at)
                at = parents.get(at)


def _questions(session: CrmSession, rows: Iterable[Touched]) -> None:
    for row in rows:
        question = session.get(Question, row.id)
        if question and question.scale_min >= question.scale_max:
            raise Invalid.because("The scale must end above its beginning.", "scale_max")


def _answers(session: CrmSession, rows: Iterable[Touched]) -> None:
    """Every answer lies on the scale of its question."""
    scales = {id_: (low, high) for id_, low, high in session.execute(select(Question.id, Question.scale_min, Question.scale_max))}
    for row in rows:
        if {"score", "question_id"} & row.after.keys():
            now = row.after if "score" in row.after and "question_id" in row.after else vars(session.get_one(SurveyResponse, row.id))
            low, high = scales.get(now["question_id"], (None, None))
            if low is not None and high is not None and not low <= now["score"] <= high:
                raise Invalid.because("This answer is outside the scale.", "score")


def _organisation(session: CrmSession, rows: Iterable[Touched]) -> None:
    """Each stage of the life cycle ends after the one before."""
    for row in rows:
        house = session.get(Organisation, row.id)
        if house and house.at_risk_days <= house.active_days:
            raise Invalid.because("“At risk” must end after “active”: more than {days} days.", "at_risk_days", days=house.active_days)
        if house and house.dormant_days <= house.at_risk_days:
            raise Invalid.because("“Dormant” must end after “at risk”: more than {days} days.", "dormant_days", days=house.at_risk_days)


def _absences(session: CrmSession, rows: Iterable[Touched]) -> None:
    """Nobody is away twice on the same day, and nobody comes back before leaving."""
    for row in rows:
        absence = session.get(Absence, row.id)
        if absence is None or absence.deleted_at is not None:
            continue
        if absence.ends_on < absence.starts_on:
            raise Invalid.because("The last day lies before the first.", "ends_on")
        if (other := _other_absence(session, absence)) is not None:
            raise Invalid.because("This overlaps with another absence from {first} to {last}.", "starts_on", first=other[0], last=other[1])


def _other_absence(session: CrmSession, absence: Absence) -> tuple[date, date] | None:
    same = (Absence.user_id == absence.user_id, Absence.id != absence.id, Absence.starts_on <= absence.ends_on, Absence.ends_on >= absence.starts_on)
    found = session.execute(select(Absence.starts_on, Absence.ends_on).where(*same).order_by(Absence.starts_on).limit(1)).first()
    return (found[0], found[1]) if found else None


CHECKS: dict[str, Callable[[CrmSession, Iterable[Touched]], None]] = {
    "option": _options,
    "absence": _absences,
    "custom_field": _custom_fields,
    "user": _users,
    "product_line": _product_lines,
    "question": _questions,
    "survey_response": _answers,
    "organisation": _organisation,
}
