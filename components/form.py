"""A form drawn from the declaration: one widget per field, each problem beside its field."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import streamlit as st

from components import openings
from components.addresses import number_in
from components.inputs import initial, widget
from components.saving import attempt, number_of, saved_already
from db import records
from db.choices import fields_for, labels
from db.engine import reading
from db.fields import Field, Kind
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
        words = {field.key: _choices(session, noun, field, values, defaults) for field in fields}
    return Sheet(fields, words, values)


def _choices(session: CrmSession, noun: str, field: Field, values: Mapping[str, Any], defaults: Mapping[str, Any]) -> Mapping[Any, str]:
    if field.kind in {Kind.CHOICE, Kind.CHOICES}:
        words = labels(session, field, with_retired=False)
        now = values.get(field.key)
        return words if now in (None, *words) or isinstance(now, list) else {**words, str(now): labels(session, field).get(str(now), str(now))}
    if field.kind == Kind.LINK and field.target != "customer":
        return link_choices(session, field, values.get("customer_id") or defaults.get("customer_id"), values.get(field.key), noun)
    return {}


@dataclass(frozen=True)
class Watch:
    """Something to say while these fields are typed, in the slots below them."""

    keys: frozenset[str]
    say: Callable[[Mapping[str, Any], Mapping[str, Any]], None]


@dataclass
class Opening:
    """The record as it was when its form was opened: what is typed is compared with this, not with what others wrote since.

    number: of the opening, new with each. base: the version whose later changes are a conflict; it moves when the user was told of one.
    """

    number: str
    version: int
    base: int
    values: Mapping[str, Any]

    def stamp(self, form: str) -> str:
        """The beginning of the inputs' keys: another version and every new opening have inputs of their own."""
        return f"{form}.v{self.version}.{self.number}" if self.number else f"{form}.v{self.version}"

    def moved_on(self, record: Record | None) -> None:
        """The user was told what others wrote."""
        self.base = record.version if record else 0

    def touched(self, sheet: Sheet, typed: Mapping[str, Any]) -> dict[str, Any]:
        same = {field.key for field in sheet.fields if typed[field.key] == initial(field, self.values.get(field.key), sheet.words[field.key])}
        return {key: value for key, value in typed.items() if key not in same}


def _opening(form: str, number: str, record: Record | None, sheet: Sheet) -> Opening:
    """Kept as long as the form stays on the screen."""
    name, number = f"opened.{form}", number or ("" if record else number_of(form))
    kept: Opening | None = st.session_state.get(name)
    stays = kept is not None and kept.number == number and any(f"{kept.stamp(form)}.{field.key}" in st.session_state for field in sheet.fields)
    version = _version(f"version.{form}.{number}", record.version, stays or name not in st.session_state) if record else 0
    if kept is None or not stays:
        kept = st.session_state[name] = Opening(number, version, version, sheet.values)
    return kept


def _version(key: str, now: int, lasting: bool) -> int:
    """The version that the form was opened at; the browser keeps it for a server that was started anew."""
    if not lasting:
        st.session_state[key] = str(now)
    told = number_in(openings.kept(key, str(now)))
    return now if told is None else min(now, told)


def record_form(
    actor: Actor,
    noun: str,
    record: Record | None,
    work: Callable[[CrmSession, dict[str, Any], int], Any],
    *,
    action: str,
    said: str,
    keys: Iterable[str] | None = None,
    defaults: Mapping[str, Any] | None = None,
    name: str = "",
    number: str = "",
    columns: int = 2,
    folded: Iterable[str] = (),
    extra: Callable[[dict[str, Any]], dict[str, Any]] | None = None,
    watch: Watch | None = None,
) -> Any:
    """Draw a form and save it; returns what `work` returned, or None while nothing was saved.

    work: gets what was typed (of a record that exists only what was touched) and the version that it was typed over.
    folded: fields that stand in a closed group; extra: draws more inputs above the button, gets the slots for messages.
    watch: says something about what is being typed; such a form follows every keystroke.
    number: that of the opening, where the address tells it: what is typed then outlives the server, and is saved once.
    """
    form = name or (f"{noun}{record.id}" if record else f"{noun}.new")
    shown = number != "" and openings.is_shown(f"{form}.{number}")
    sheet, slots = read_sheet(actor, noun, record, keys, defaults or {}), dict[str, Any]()
    opening = _opening(form, number, record, sheet)
    stamp = opening.stamp(form)
    fixed = {key: value for key, value in (defaults or {}).items() if key not in {field.key for field in sheet.fields}}
    with st.container(key=f"form.{stamp}") if watch else st.form(f"form.{stamp}", border=False):
        drawn = _draw_sections(actor, replace(sheet, values=opening.values), stamp, slots, columns, frozenset(folded), watch)
        drawn |= extra(slots) if extra else {}
        pressed = _save_button(f"save.{stamp}" if watch else None, columns)
    if not pressed:
        return saved_already(actor, form, number, drawn if shown else None)
    mine = opening.touched(sheet, fixed | drawn) if record else fixed | drawn
    told, then = partial(opening.moved_on, record), lambda session: work(session, mine, opening.base)
    return _afterwards(form, attempt(actor, action, then, said, form=form, number=number, typed=drawn, slots=slots, fields=sheet.fields, told=told))


def _afterwards(form: str, saved: Any) -> Any:
    """Once something was saved, the next form of this name starts afresh."""
    if saved is not None:
        st.session_state[f"opened.{form}"] = None
    return saved


def _save_button(key: str | None, columns: int) -> bool:
    """key: that of a button of its own, where no form holds the inputs together."""
    button: Any = partial(st.button, key=key) if key else st.form_submit_button
    return bool(button(t("Save"), type="primary", shortcut="Ctrl+Enter", icon=":material/check:", width="stretch" if columns == 1 else "content"))


def _draw_sections(
    actor: Actor, sheet: Sheet, stamp: str, slots: dict[str, Any], columns: int, folded: frozenset[str], watch: Watch | None = None
) -> dict[str, Any]:
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
                    live = watch is not None and field.key in watch.keys
                    words = sheet.words[field.key]
                    typed[field.key] = widget(field, sheet.values.get(field.key), words, f"{stamp}.{field.key}", actor, FEW_OPTIONS[columns], live)
                    slots[field.key] = st.empty()
    if watch:
        watch.say(typed, slots)
    return typed
