"""A form for any noun in the drawer: new, edit, delete."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

import streamlit as st

from components.form import record_form
from components.saving import attempt
from db import records
from db.actions import orders
from db.actions.editing import remove, write
from db.choices import fields_for
from db.engine import reading
from db.errors import CrmError
from db.language import t
from db.models import NOUNS, Record
from db.policy import Actor, may


def record_editor(
    actor: Actor, noun: str, id_: int | None, given: Mapping[str, Any] | None = None, below: Callable[[Actor, Any], None] | None = None, number: str = ""
) -> Any:
    """Returns something once a record was saved or deleted.

    given: values that a new record starts with; below: draws what hangs on the record; number: of the opening.
    """
    record = None
    if id_:
        try:
            with reading(actor) as session:
                record = records.get(session, noun, id_)
        except CrmError as error:
            st.info(str(error))
            return None
    st.markdown(f"**{t(NOUNS[noun].words[0])}** {record.short_code if record else ''}")
    saved = record_form(
        actor,
        noun,
        record,
        lambda session, typed, version: write(session, noun, record.id if record else None, typed, version),
        action=f"{noun}.{'update' if record else 'create'}",
        said=t("Saved"),
        keys=offered_keys(actor, noun, record, given or {}),
        defaults=given,
        columns=1,
        number=number,
    )
    if record and may(actor, "delete", noun) and st.button(t("Delete"), type="tertiary", icon=":material/delete:", key=f"drawer_delete_{noun}_{id_}"):
        return attempt(actor, f"{noun}.delete", lambda session: remove(session, noun, record.id), t("Moved to the recycle bin"))
    if record and below:
        below(actor, record)
    return saved


def offered_keys(actor: Actor, noun: str, record: Record | None, given: Collection[str] = ()) -> list[str]:
    """The fields that stand in the form: all but those that are settled and those that follow from others."""
    with reading(actor) as session:
        followed = {"amount"} if noun == "order" and record and orders.lines_of(session, record.id) else set()
        fields = [field for field in fields_for(session, noun) if field.editable and field.key not in followed]
        return [field.key for field in fields if not (field.fixed and (record or field.key in given))]
