"""A form for any noun in the drawer: new, edit, delete."""

from __future__ import annotations

from typing import Any

import streamlit as st

from components.form import record_form
from components.saving import attempt
from db import records
from db.engine import reading
from db.errors import CrmError
from db.language import t
from db.models import NOUNS
from db.policy import Actor, may


def record_editor(actor: Actor, noun: str, id_: int | None) -> Any:
    """Returns something once a record was saved or deleted."""
    record = None
    if id_:
        try:
            with reading(actor) as session:
                record = records.get(session, noun, id_)
        except CrmError as error:
            st.info(str(error))
            return None
    st.markdown(f"**{t(NOUNS[noun].words[0])}** {record.short_code if record else ''}")

    def work(session: Any, typed: dict[str, Any]) -> Any:
        return records.update(session, noun, record.id, typed, record.version) if record else records.create(session, noun, typed)

    saved = record_form(actor, noun, record, work, action=f"{noun}.{'update' if record else 'create'}", said=t("Saved"), columns=1)
    if record and may(actor, "delete", noun) and st.button(t("Delete"), type="tertiary", icon=":material/delete:", key=f"drawer_delete_{noun}_{id_}"):
        return attempt(actor, f"{noun}.delete", lambda session: records.delete(session, noun, record.id), t("Moved to the recycle bin"))
    return saved
