"""The third step: a dry run with counts, doubts, a sample, and the refused rows as a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import pandas as pd
import streamlit as st

from components import formats, import_work
from components.phone_rows import PhoneRow, narrow, wide
from db.language import t
from db.models import NOUNS
from db.transfer import importer
from db.transfer.columns import title_of
from db.transfer.export import file_name
from db.transfer.progress import Progress

PREVIEW = "regulars.import_preview"
LEFT_ROWS = {
    "unchanged": "Already the same", "skip": "Exist already, left as they are", "missing": "No such record, left out", "other": "Deals not won, left out",
}


class Held(NamedTuple):
    """A preview and what it was made of; it counts only as long as that is the same."""

    job: Any
    preview: importer.Preview


def draw(check: Callable[[Progress], importer.Preview], job: Any) -> importer.Preview | None:
    """The preview of this job, once the person has asked for it."""
    held: Held | None = st.session_state.get(PREVIEW)
    fresh = held is not None and held.job == job
    if st.button(t("Check the file"), icon=":material/fact_check:", type="secondary" if fresh else "primary", key="import_check"):
        st.session_state.pop(PREVIEW, None)
        import_work.begin(check, lambda preview: st.session_state.update({PREVIEW: Held(job, preview)}))
    if not fresh or held is None:
        return None
    _counts(held.preview)
    return held.preview


def _counts(preview: importer.Preview) -> None:
    counts = preview.counts
    shown = {t("Rows in the file"): preview.rows, t("New records"): counts.new}
    shown |= {t("Updated records"): counts.updated} if counts.updated else {}
    shown |= {t(NOUNS[noun].words[1]): count for noun, count in {**counts.also, **counts.attached}.items()}
    shown |= {t(LEFT_ROWS[why]): count for why, count in counts.left.items() if count}
    shown |= {t("Refused rows"): preview.refused, t("Possible duplicates"): preview.warnings}
    with st.grid(len(shown), min_column_width=140, gap="small"):
        for label, count in shown.items():
            st.metric(label, formats.number(count), border=True)


def details(preview: importer.Preview) -> None:
    """What would be written and changed, what not, and what is doubtful."""
    _edits(preview)
    if preview.sample:
        st.caption(t("The first rows that would be imported"))
        st.dataframe(pd.DataFrame(preview.sample), hide_index=True, key="import_sample")
    if preview.refused:
        _notes("import_problems", t("Refused rows"), preview.problems, preview.refused)
        download_refused(preview)
    if preview.blanks:
        _notes("import_blanks", t("Left empty, because nobody knows it"), preview.blanks, preview.emptied)
    if preview.doubts:
        _notes("import_doubts", t("Possible duplicates: they are imported all the same"), preview.doubts, preview.warnings)


def _edits(preview: importer.Preview) -> None:
    if not preview.edits:
        return
    whole = len(preview.edits) < importer.SHOWN
    st.caption(t("What the updates change") if whole else t("What the updates change: the first {n} fields", n=formats.number(len(preview.edits))))
    columns = {t("Row"): "row", t("Record"): "record", t("Field"): "field", t("Now"): "old", t("Afterwards"): "new"}
    rows = pd.DataFrame({title: [getattr(edit, part) for edit in preview.edits] for title, part in columns.items()})
    with wide("import_edits"):
        st.dataframe(rows, hide_index=True, height=min(38 + 35 * len(rows), 400), key="import_edits")
    narrow("import_edits", [PhoneRow(edit.record, str(edit.row), note=f"{formats.labelled(edit.field, edit.old)} → {edit.new}") for edit in preview.edits])


def download_refused(preview: importer.Preview) -> None:
    """The refused rows with their reasons, to be mended and imported again."""
    if preview.refused_file is not None:
        name = file_name(f"{title_of(preview.noun)}-{t('refused')}", "csv")
        label = t("Download the refused rows")
        st.download_button(label, preview.refused_file, name, "text/csv", icon=":material/download:", on_click="ignore", key="import_refused")


def _notes(key: str, title: str, notes: Sequence[importer.Note], total: int) -> None:
    st.caption(title if total <= len(notes) else t("{title}: the first {shown} of {total}", title=title, shown=len(notes), total=formats.number(total)))
    rows = pd.DataFrame({t("Row"): [note.row for note in notes], t("Reason"): [note.text for note in notes]})
    widths = {t("Row"): st.column_config.NumberColumn(width="small"), t("Reason"): st.column_config.TextColumn(width="large")}
    with wide(key):
        st.dataframe(rows, hide_index=True, height=min(38 + 35 * len(notes), 300), column_config=widths)
    narrow(key, [PhoneRow(t("Row {number}", number=note.row), note=note.text) for note in notes])
