"""A form drawn from the declaration: one widget per field, each problem beside its field."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

import streamlit as st

from components import customer_picker, formats
from components.saving import attempt
from db import clock, records
from db.choices import fields_for, labels
from db.engine import reading
from db.fields import NUMBERS, Field, Kind
from db.language import t
from db.models import Record
from db.policy import Actor, may
from db.queries.links import link_choices
from db.session import CrmSession

FEW_OPTIONS = {1: 8, 2: 5, 3: 5}
"""Up to so many drop-down values stand side by side, by the columns of the form; more become a list."""


@dataclass(frozen=True)
class Sheet:
    """Everything a form needs, read in one go."""

    fields: tuple[Field, ...]
    words: Mapping[str, Mapping[Any, str]]
    values: Mapping[str, Any]


def read_sheet(actor: Actor, noun: str, record: Record | None, keys: Iterable[str] | None, defaults: Mapping[str, Any]) -> Sheet:
    with reading(actor) as session:
        chosen = list(keys) if keys is not None else None
        every = {field.key: field for field in fields_for(session, noun) if field.editable}
        fields = tuple(every[key] for key in chosen if key in every) if chosen is not None else tuple(every.values())
        fields = tuple(field for field in fields if not (field.target == "user" and field.key == "owner_id" and not may(actor, "assign", "customer")))
        values = {field.key: defaults[field.key] if field.key in defaults else records.value_of(record, field) if record else field.default for field in fields}
        words = {field.key: _choices(session, field, values, defaults) for field in fields}
    return Sheet(fields, words, values)


def _choices(session: CrmSession, field: Field, values: Mapping[str, Any], defaults: Mapping[str, Any]) -> Mapping[Any, str]:
    if field.kind in {Kind.CHOICE, Kind.CHOICES}:
        words = labels(session, field, with_retired=False)
        now = values.get(field.key)
        return words if now in (None, *words) or isinstance(now, list) else {**words, str(now): labels(session, field).get(str(now), str(now))}
    if field.kind == Kind.LINK and field.target != "customer":
        return link_choices(session, field, values.get("customer_id") or defaults.get("customer_id"), values.get(field.key))
    return {}


def record_form(
    actor: Actor,
    noun: str,
    record: Record | None,
    work: Callable[[CrmSession, dict[str, Any]], Any],
    *,
    action: str,
    said: str,
    keys: Iterable[str] | None = None,
    defaults: Mapping[str, Any] | None = None,
    name: str = "",
    columns: int = 2,
    folded: Iterable[str] = (),
    extra: Callable[[dict[str, Any]], dict[str, Any]] | None = None,
) -> Any:
    """Draw a form and save it; returns what `work` returned, or None while nothing was saved.

    folded: fields that stand in a closed group; extra: draws more inputs above the button, gets the slots for messages.
    """
    form = name or (f"{noun}{record.id}" if record else f"{noun}.new")
    sheet = read_sheet(actor, noun, record, keys, defaults or {})
    stamp = f"{form}.v{record.version if record else 0}.{st.session_state.get(f'round.{form}', 0)}"
    slots: dict[str, Any] = {}
    fixed = {key: value for key, value in (defaults or {}).items() if key not in {field.key for field in sheet.fields}}
    with st.form(f"form.{form}", border=False):
        typed = fixed | _draw_sections(actor, sheet, stamp, slots, columns, frozenset(folded))
        typed |= extra(slots) if extra else {}
        width: Any = "stretch" if columns == 1 else "content"
        pressed = st.form_submit_button(t("Save"), type="primary", shortcut="Ctrl+Enter", icon=":material/check:", width=width)
    if not pressed:
        return None
    saved = attempt(actor, action, lambda session: work(session, typed), said, form=form, slots=slots, fields=sheet.fields)
    if saved is not None:
        st.session_state[f"round.{form}"] = st.session_state.get(f"round.{form}", 0) + 1
    return saved


def _draw_sections(actor: Actor, sheet: Sheet, stamp: str, slots: dict[str, Any], columns: int, folded: frozenset[str]) -> dict[str, Any]:
    typed: dict[str, Any] = {}
    groups: dict[str, list[Field]] = {}
    for field in sheet.fields:
        groups.setdefault("More" if field.key in folded else field.section, []).append(field)
    for section, members in groups.items():
        place = (
            st.expander(t(section), expanded=section != "More" and any(sheet.values.get(field.key) or field.required for field in members))
            if section
            else st.container()
        )
        with place, st.grid(columns, gap="small"):
            for field in members:
                with st.container(gap="xsmall"):
                    typed[field.key] = widget(field, sheet.values.get(field.key), sheet.words[field.key], f"{stamp}.{field.key}", actor, FEW_OPTIONS[columns])
                    slots[field.key] = st.empty()
    return typed


def widget(field: Field, value: Any, words: Mapping[Any, str], key: str, actor: Actor | None = None, few: int = 5) -> Any:
    """The input of one field; returns what was typed, unchecked."""
    label = formats.plain(field.title) + (" *" if field.required else "")
    hint = t(field.hint) if field.hint else None
    if field.kind in {Kind.CHOICE, Kind.LINK}:
        return _picker(field, value, words, label, hint, key, actor, few)
    if field.kind == Kind.CHOICES:
        return st.multiselect(
            label, list(words), default=value or [], format_func=lambda code: words.get(code, code), key=key, help=hint, placeholder=t("Choose")
        )
    if field.kind == Kind.BOOLEAN:
        return st.checkbox(label, value=bool(value), key=key, help=hint)
    if field.kind in NUMBERS:
        return _number(field, value, label, hint, key)
    if field.kind in {Kind.DATE, Kind.INSTANT, Kind.TIME}:
        return _moment(field, value, label, hint, key)
    if field.kind == Kind.LONG_TEXT:
        return st.text_area(label, value or "", key=key, help=hint, height=110)
    if field.kind == Kind.TIME_ZONE:
        zones = sorted(clock.available_zones())
        return st.selectbox(label, zones, index=zones.index(value) if value in zones else None, key=key, help=hint, placeholder=t("Choose"))
    if field.kind == Kind.DATES:
        return st.text_area(label, "\n".join(value or []), key=key, help=hint, height=110)
    return st.text_input(label, value or "", key=key, help=hint, max_chars=field.max_length)


def _picker(field: Field, value: Any, words: Mapping[Any, str], label: str, hint: str | None, key: str, actor: Actor | None, few: int) -> Any:
    if field.target == "customer":
        assert actor is not None
        return customer_picker.inside_form(actor, label, value, key)
    codes = list(words)
    if field.options and len(codes) <= few:
        return st.pills(label, codes, default=value if value in codes else None, format_func=lambda code: formats.plain(words[code]), key=key, help=hint)
    if len(codes) <= 4 and field.kind == Kind.CHOICE and codes:
        return st.segmented_control(label, codes, default=value if value in codes else None, format_func=lambda code: words[code], key=key, help=hint)
    index = codes.index(value) if value in codes else None
    return st.selectbox(label, codes, index=index, format_func=lambda code: words.get(code, str(code)), key=key, help=hint, placeholder=t("Choose"))


def _number(field: Field, value: Any, label: str, hint: str | None, key: str) -> Any:
    if field.kind == Kind.RATING:
        steps = list(range(int(field.minimum or 1), int(field.maximum or 5) + 1))
        return st.segmented_control(label, steps, default=value if value in steps else None, key=key, help=hint)
    whole = field.kind == Kind.INTEGER
    return st.number_input(
        label,
        value=None if value is None else int(value) if whole else float(value),
        step=1 if whole else 0.01,
        format="%d" if whole else "%.2f",
        key=key,
        help=hint,
    )


def _moment(field: Field, value: Any, label: str, hint: str | None, key: str) -> Any:
    if field.kind == Kind.TIME:
        return st.time_input(label, value=value if isinstance(value, time) else None, key=key, help=hint)
    if field.kind == Kind.INSTANT:
        return st.datetime_input(label, value=clock.local(value).replace(tzinfo=None) if value else None, key=key, help=hint, format="YYYY-MM-DD")
    return st.date_input(label, value=value, key=key, help=hint, format="YYYY-MM-DD", min_value="1900-01-01", max_value="2100-12-31")
