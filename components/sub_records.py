"""Records that hang on a customer: a small table, an editor for the row that was clicked, and 'add'."""

from __future__ import annotations

from typing import Any

import streamlit as st

from components.form import record_form
from components.record_list import grid
from components.saving import attempt
from db import records
from db.choices import fields_for
from db.engine import reading
from db.errors import CrmError
from db.language import t
from db.models import NOUNS, Customer
from db.policy import Actor, may
from db.queries.lists import ListQuery, page


def draw(actor: Actor, noun: str, customer: Customer, keys: tuple[str, ...], sort: str, descending: bool = False) -> None:
    with reading(actor) as session:
        rows = page(session, noun, ListQuery(filters={"customer_id": [customer.id]}, sort=sort, descending=descending, limit=200), keys)
        fields = {field.key: field for field in fields_for(session, noun)}
    opened: list[int] = []
    if len(rows):
        grid(
            noun,
            rows[[key for key in keys if key in rows]],
            fields,
            f"{noun}_of_{customer.id}",
            opened.append if may(actor, "update", noun) else None,
            selectable=False,
        )
    else:
        st.caption(t("Nothing here yet."))
    editing = f"editing.{noun}.{customer.id}"
    if opened:
        st.session_state[editing] = opened[0]
    if may(actor, "create", noun) and st.button(t("Add: {noun}", noun=t(NOUNS[noun].words[0])), icon=":material/add:", key=f"add_{noun}"):
        st.session_state[editing] = 0
    if editing in st.session_state:
        with st.container(border=True):
            _editor(actor, noun, customer, st.session_state[editing], editing)


def _editor(actor: Actor, noun: str, customer: Customer, id_: int, editing: str) -> None:
    record = None
    if id_:
        try:
            with reading(actor) as session:
                record = records.get(session, noun, id_)
        except CrmError:
            del st.session_state[editing]
            return
    defaults: dict[str, Any] = {"customer_id": customer.id}
    keys = [field.key for field in _fields(actor, noun) if field.key != "customer_id"]

    def work(session: Any, typed: dict[str, Any]) -> Any:
        return records.update(session, noun, record.id, typed, record.version) if record else records.create(session, noun, typed)

    if record_form(actor, noun, record, work, action=f"{noun}.{'update' if record else 'create'}", said=t("Saved"), keys=keys, defaults=defaults) is not None:
        del st.session_state[editing]
        st.rerun()
    with st.container(horizontal=True):
        if st.button(t("Close"), key=f"close_{noun}", type="tertiary"):
            del st.session_state[editing]
            st.rerun()
        if record and may(actor, "delete", noun) and st.button(t("Delete"), key=f"delete_{noun}", type="tertiary", icon=":material/delete:"):
            if attempt(actor, f"{noun}.delete", lambda session: records.delete(session, noun, record.id), t("Deleted")) is not None:
                del st.session_state[editing]
                st.rerun()


def _fields(actor: Actor, noun: str) -> Any:
    with reading(actor) as session:
        return [field for field in fields_for(session, noun) if field.editable]
