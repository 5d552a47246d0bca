"""The input of each kind of field, and what it shows at first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from components import customer_picker, formats
from db import clock
from db.fields import NUMBERS, Field, Kind
from db.language import t
from db.policy import Actor

TYPED = {Kind.TEXT, Kind.LONG_TEXT, Kind.EMAIL, Kind.PHONE, Kind.URL, Kind.KEY}


def initial(field: Field, value: Any, words: Mapping[Any, str]) -> Any:
    """What the input shows for a value; as long as it does, nobody has touched it. words: of what is offered."""
    if field.kind in TYPED:
        return value or ""
    if field.kind == Kind.BOOLEAN:
        return bool(value)
    if field.kind == Kind.CHOICES:
        return [code for code in value or [] if code in words]
    if field.kind == Kind.DATES:
        return "\n".join(value or [])
    if value is None:
        return None
    if field.kind == Kind.INSTANT:
        return clock.local(value).replace(tzinfo=None, second=0, microsecond=0)
    if field.kind in NUMBERS:
        return int(value) if field.kind in {Kind.INTEGER, Kind.RATING} else float(value)
    return value


def widget(field: Field, kept: Any, words: Mapping[Any, str], key: str, actor: Actor | None = None, few: int = 5, live: bool = False) -> Any:
    """The input of one field; returns what was typed, unchecked. live: the page follows while a line of text is typed."""
    value = initial(field, kept, words)
    label = (formats.plain(field.title) if field.custom else field.title) + (" *" if field.required else "")
    hint = t(field.hint) if field.hint else None
    if field.kind in {Kind.CHOICE, Kind.LINK}:
        return _picker(field, value, words, label, hint, key, actor, few)
    if field.kind == Kind.CHOICES:
        return st.multiselect(label, list(words), value, lambda code: words.get(code, code), key=key, help=hint, placeholder=t("Choose"), disabled=not words)
    if field.kind == Kind.BOOLEAN:
        return st.checkbox(label, value=value, key=key, help=hint)
    if field.kind in NUMBERS:
        return _number(field, value, label, hint, key)
    if field.kind in {Kind.DATE, Kind.INSTANT, Kind.TIME}:
        return _moment(field, value, label, hint, key)
    if field.kind in {Kind.LONG_TEXT, Kind.DATES}:
        return st.text_area(label, value, key=key, help=hint, height=110)
    if field.kind == Kind.TIME_ZONE:
        zones = sorted(clock.available_zones())
        return st.selectbox(label, zones, index=zones.index(value) if value in zones else None, key=key, help=hint, placeholder=t("Choose"))
    return st.text_input(label, value, key=key, help=hint, max_chars=field.max_length, live="400ms" if live else False)


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
        value=value,
        step=1 if whole else 0.01,
        format="%d" if whole else "%.2f",
        key=key,
        help=hint,
    )


def _moment(field: Field, value: Any, label: str, hint: str | None, key: str) -> Any:
    if field.kind == Kind.TIME:
        return st.time_input(label, value=value, key=key, help=hint)
    if field.kind == Kind.INSTANT:
        return st.datetime_input(label, value=value, key=key, help=hint, format="YYYY-MM-DD")
    return st.date_input(label, value=value, key=key, help=hint, format="YYYY-MM-DD", min_value="1900-01-01", max_value="2100-12-31")
