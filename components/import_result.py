"""What an import has written, and the way back."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from components import formats, import_check, messages
from components.navigation import link
from db.language import sentences, t, tn
from db.models import NOUNS
from db.policy import Actor
from db.transfer import importer
from db.transfer.columns import title_of

DONE = "regulars.import_done"
LISTS = {
    "customer": "customers", "contact": "customers", "follow_up": "follow_ups", "order": "orders", "order_line": "orders", "product": "products",
    "product_line": "products", "survey": "surveys", "question": "surveys", "survey_response": "surveys", "survey_invitation": "surveys", "target": "targets",
    "sheet": "customers", "user": "settings_people", "team": "settings_people", "tag": "settings_fields",
}
"""Where the imported records are found."""


@dataclass(frozen=True)
class Done:
    preview: importer.Preview
    result: importer.Result


def keep(preview: importer.Preview, result: importer.Result) -> None:
    st.session_state[DONE] = Done(preview, result)


def draw(_actor: Actor) -> bool:
    """Whether there was something to show."""
    done: Done | None = st.session_state.get(DONE)
    if done is None:
        return False
    _counts(done)
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(t("Undo this import"), icon=":material/undo:", key="import_undo") and done.result.change_id is not None:
            del st.session_state[DONE]
            with st.spinner(t("Taking the import back …")):
                messages.take_back(done.result.change_id)
        if st.button(t("Import another file"), icon=":material/upload:", type="tertiary", key="import_again"):
            del st.session_state[DONE]
            st.rerun()
        link(LISTS[done.preview.noun], title_of(done.preview.noun), "list")
    return True


def _counts(done: Done) -> None:
    counts = done.result.counts
    said = [tn("{n} record was imported.", "{n} records were imported.", counts.made)] if counts.made or not counts.updated else []
    said += [tn("{n} record was updated.", "{n} records were updated.", counts.updated)] if counts.updated else []
    st.success(sentences(said), icon=":material/check_circle:")
    for noun, count in {**counts.also, **counts.attached}.items():
        st.text(formats.labelled(t(NOUNS[noun].words[1]), count))
    if done.result.refused:
        st.text(tn("{n} row was refused.", "{n} rows were refused.", done.result.refused))
        import_check.download_refused(done.preview)
