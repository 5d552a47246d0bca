"""Records that hang on another: a small table, an editor for the row that was clicked, and 'add'."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from components import openings
from components.addresses import number_in
from components.form import record_form
from components.record_editor import offered_keys
from components.record_list import grid
from components.saving import attempt
from db import records
from db.actions.editing import remove, write
from db.choices import fields_for
from db.engine import reading
from db.errors import CrmError
from db.language import t
from db.models import NOUNS, Record
from db.policy import Actor, may
from db.queries.lists import ListQuery, page

NEW = "new"
Below = Callable[[Actor, Any], None]


def editing(noun: str) -> str:
    """The name in the address of the record of this noun that is open."""
    return f"edit.{noun}"


def draw(
    actor: Actor, noun: str, of: Mapping[str, int], keys: tuple[str, ...], sort: str, descending: bool = False, below: Below | None = None
) -> None:
    """of: the fields that tie the records to where they hang, the nearest first; below: draws what hangs on the opened record."""
    parent, parent_id = next(iter(of.items()))
    with reading(actor) as session:
        rows = page(session, noun, ListQuery(filters={parent: [parent_id]}, sort=sort, descending=descending, limit=200), keys)
        fields = {field.key: field for field in fields_for(session, noun)}
    opened: list[int] = []
    if len(rows):
        may_open = opened.append if may(actor, "update", noun) else None
        grid(noun, rows[[key for key in keys if key in rows]], fields, f"{noun}_of_{parent_id}", may_open, selectable=False)
    else:
        st.caption(t("Nothing here yet."))
    if opened:
        openings.open_(editing(noun), str(opened[0]))
    if may(actor, "create", noun) and st.button(t("Add: {noun}", noun=t(NOUNS[noun].words[0])), icon=":material/add:", key=f"add_{noun}_{parent_id}"):
        openings.open_(editing(noun), NEW)
    now = openings.opening(editing(noun))
    record = _record(actor, noun, of, number_in(now.of)) if now else None
    if now and (record or (now.of == NEW and may(actor, "create", noun))):
        with st.container(border=True):
            _editor(actor, noun, of, record, now.number, below)
    else:
        openings.close(editing(noun))


def _record(actor: Actor, noun: str, of: Mapping[str, int], id_: int | None) -> Record | None:
    """The record that the address names, if it hangs here and may be edited."""
    if id_ is None or not may(actor, "update", noun):
        return None
    try:
        with reading(actor) as session:
            record = records.get(session, noun, id_)
    except CrmError:
        return None
    return record if all(getattr(record, key) == value for key, value in of.items()) else None


def _editor(actor: Actor, noun: str, of: Mapping[str, int], record: Record | None, number: str, below: Below | None) -> None:
    saved = record_form(
        actor,
        noun,
        record,
        lambda session, typed, version: write(session, noun, record.id if record else None, typed, version),
        action=f"{noun}.{'update' if record else 'create'}",
        said=t("Saved"),
        keys=[key for key in offered_keys(actor, noun, record) if key not in of],
        defaults=of,
        name="" if record else f"{noun}.new.{next(iter(of.values()))}",
        number=number,
    )
    if saved is not None or _left(actor, noun, record):
        openings.close(editing(noun))
        st.rerun()
    if record and below:
        below(actor, record)


def _left(actor: Actor, noun: str, record: Record | None) -> bool:
    """The editor's way out: close it, or delete the record."""
    with st.container(horizontal=True):
        closed = st.button(t("Close"), key=f"close_{noun}", type="tertiary")
        if record and may(actor, "delete", noun) and st.button(t("Delete"), key=f"delete_{noun}", type="tertiary", icon=":material/delete:"):
            return attempt(actor, f"{noun}.delete", lambda session: remove(session, noun, record.id), t("Deleted")) is not None
    return closed
