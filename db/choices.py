"""The words of codes and links: declared choices, users' drop-down values, custom fields, titles of records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from db.fields import Field, Kind, fields_of
from db.language import current, t
from db.models import NOUNS, CustomField, Option, Record
from db.session import CrmSession
from db.standing import standing

CUSTOMISABLE = {"customer"}


def fields_for(session: CrmSession, noun: str) -> tuple[Field, ...]:
    """The declared fields of a noun and those that users added."""
    declared = fields_of(NOUNS[noun])
    return (*declared, *custom_fields(session)) if noun in CUSTOMISABLE else declared


def custom_fields(session: CrmSession) -> tuple[Field, ...]:
    wanted = select(CustomField).where(CustomField.retired.is_(False)).order_by(CustomField.position, CustomField.id)
    return session.once("custom_fields", lambda: standing(session, "custom_field", lambda: tuple(_as_field(row) for row in session.scalars(wanted))))


def _as_field(row: CustomField) -> Field:
    kind = Kind(row.kind)
    return Field(key=row.key, noun="customer", label=row.name_en, words=_words(row.name_en, row.name_zh), kind=kind, required=row.required,
                 personal=row.personal, listed=row.in_list, filterable=kind in {Kind.CHOICE, Kind.BOOLEAN}, custom=True, section="More",
                 options=f"custom:{row.key}" if kind == Kind.CHOICE else "", max_length=20_000 if kind == Kind.LONG_TEXT else 500)


def _words(english: str, chinese: str | None) -> dict[str, str]:
    return {"en": english, "zh": chinese or english}


def options(session: CrmSession) -> Mapping[str, list[Option]]:
    """All drop-down values by list, in their order."""
    wanted = select(Option).order_by(Option.list_key, Option.position, Option.id)
    return session.once("options", lambda: standing(session, "option", lambda: _by_list(session.scalars(wanted))))


def _by_list(rows: Iterable[Option]) -> dict[str, list[Option]]:
    lists: dict[str, list[Option]] = {}
    for row in rows:
        lists.setdefault(row.list_key, []).append(row)
    return lists


def option_label(option: Option) -> str:
    return option.name_zh if current() == "zh" and option.name_zh else t(option.name_en)


def labels(session: CrmSession, field: Field, with_retired: bool = True) -> dict[str, str]:
    """Code and word of every option of a choice field, in order; with_retired: also of those that are no longer offered."""
    if field.among:
        return {str(id_): title for id_, title in _records(session, NOUNS[field.among], with_retired)}
    if field.options:
        found = options(session).get(field.options, [])
        return {row.key: option_label(row) for row in found if with_retired or not row.retired}
    return {code: t(word) for code, word in field.choices.items()}


def _records(session: CrmSession, model: type[Record], with_deleted: bool) -> list[tuple[int, str]]:
    title = getattr(model, model.title_key)
    rows = session.execute(select(model.id, title).order_by(title), execution_options={"with_deleted": with_deleted})
    return [(id_, str(word)) for id_, word in rows]


def in_words(words: Mapping[str, str], value: Any) -> Any:
    """The word of a code, or those of several, one after the other; of a record that is gone for good there is none."""
    return t(", ").join(words[code] for code in value if code in words) if isinstance(value, list) else words.get(value, value)


def colours(session: CrmSession, field: Field) -> dict[str, str]:
    return {row.key: row.colour for row in options(session).get(field.options, [])}


def titles(session: CrmSession, noun: str, ids: Iterable[int | None]) -> dict[int, str]:
    """The titles of records by id; those that the actor may not see are left out."""
    wanted = {id_ for id_ in ids if id_ is not None}
    if not wanted:
        return {}
    model = NOUNS[noun]
    rows = session.execute(select(model.id, getattr(model, model.title_key)).where(model.id.in_(wanted)), execution_options={"with_deleted": True})
    return {id_: str(title or f"{model.prefix}-{id_:04d}") for id_, title in rows}
