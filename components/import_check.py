"""The third step: a dry run with counts, doubts, a sample, and the refused rows as a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd
import streamlit as st

from components import formats, import_work
from db.language import t
from db.models import NOUNS
from db.policy import Actor
from db.transfer import importer
from db.transfer.export import file_name
from db.transfer.table import Table

PREVIEW = "regulars.import_preview"


class Held(NamedTuple):
    """A preview and what it was made of; it counts only as long as that is the same."""

    key: str
    mapping: dict[str, str]
    preview: importer.Preview


def draw(actor: Actor, noun: str, table: Table, mapping: dict[str, str], key: str) -> importer.Preview | None:
    """The preview of this file with this mapping, once the person has asked for it."""
    held: Held | None = st.session_state.get(PREVIEW)
    fresh = held is not None and (held.key, held.mapping) == (key, mapping)
    if st.button(t("Check the file"), icon=":material/fact_check:", type="secondary" if fresh else "primary", key="import_check"):
        _begin(actor, noun, table, mapping, key)
    if not fresh or held is None:
        return None
    _counts(held.preview)
    return held.preview


def _begin(actor: Actor, noun: str, table: Table, mapping: dict[str, str], key: str) -> None:
    chosen = dict(mapping)
    st.session_state.pop(PREVIEW, None)
    import_work.begin(
        lambda progress: importer.dry_run(actor, noun, table, chosen, progress),
        lambda preview: st.session_state.update({PREVIEW: Held(key, chosen, preview)}),
    )


def _counts(preview: importer.Preview) -> None:
    with st.container(horizontal=True):
        st.metric(t("Rows in the file"), formats.number(preview.rows), border=True)
        st.metric(t("New records"), formats.number(preview.new), border=True)
        for noun, count in preview.attached.items():
            st.metric(t(NOUNS[noun].words[1]), formats.number(count), border=True)
        st.metric(t("Refused rows"), formats.number(preview.refused), border=True)
        st.metric(t("Possible duplicates"), formats.number(preview.warnings), border=True)


def details(preview: importer.Preview) -> None:
    """What would be written, what not, and what is doubtful."""
    if preview.sample:
        st.caption(t("The first rows that would be imported"))
        st.dataframe(pd.DataFrame(preview.sample), hide_index=True, key="import_sample")
    if preview.refused:
        _notes(t("Refused rows"), preview.problems, preview.refused)
        download_refused(preview)
    if preview.doubts:
        _notes(t("Possible duplicates: they are imported all the same"), preview.doubts, preview.warnings)


def download_refused(preview: importer.Preview) -> None:
    """The refused rows with their reasons, to be mended and imported again."""
    if preview.refused_file is not None:
        name = file_name(f"{t(NOUNS[preview.noun].words[1])}-{t('refused')}", "csv")
        label = t("Download the refused rows")
        st.download_button(label, preview.refused_file, name, "text/csv", icon=":material/download:", on_click="ignore", key="import_refused")


def _notes(title: str, notes: Sequence[importer.Note], total: int) -> None:
    st.caption(title if total <= len(notes) else t("{title}: the first {shown} of {total}", title=title, shown=len(notes), total=formats.number(total)))
    rows = pd.DataFrame({t("Row"): [note.row for note in notes], t("Reason"): [note.text for note in notes]})
    widths = {t("Row"): st.column_config.NumberColumn(width="small"), t("Reason"): st.column_config.TextColumn(width="large")}
    st.dataframe(rows, hide_index=True, height=min(38 + 35 * len(notes), 300), column_config=widths)
