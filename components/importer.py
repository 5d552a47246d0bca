"""Import in three steps: a file, what its headings mean, a dry run; then one click that writes and can be undone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import streamlit as st

from components import files_out, formats, import_check, import_dates, import_existing, import_matching, import_result, import_source, import_work
from components.saving import request_key
from db.engine import reading
from db.language import t, tn
from db.policy import Actor
from db.transfer import importer, reader, template
from db.transfer.columns import IMPORTABLE, may_import, title_of
from db.transfer.handling import Handling
from db.transfer.progress import Progress
from db.transfer.sources import Source, recognised
from db.transfer.table import Table

FILE, SEEN, ROUND, GUESSED = "regulars.import_file", "regulars.import_seen", "regulars.import_round", "regulars.import_guessed"


@dataclass(frozen=True)
class Upload:
    """The file in hand; only one is kept, and only until the next."""

    id: str
    name: str
    table: Table
    source: Source | None = None

    @property
    def source_key(self) -> str:
        return self.source.key if self.source else ""


def draw(actor: Actor) -> None:
    busy = import_work.is_running()
    if import_result.draw(actor):
        return
    noun = _what(actor, busy)
    upload = _file(actor, busy)
    mapping: dict[str, str] = {}
    handling = Handling()
    if upload is not None:
        st.subheader(t("2. Match the columns"), anchor=False)
        mapping, handling = _reading_of(actor, noun, upload, busy)
        st.subheader(t("3. Check, then import"), anchor=False)
    import_work.draw_problem()
    if busy:
        import_work.draw(actor)
    elif upload is not None:
        _check_and_import(actor, Job(noun, upload, mapping, handling))


def _reading_of(actor: Actor, noun: str, upload: Upload, busy: bool) -> tuple[dict[str, str], Handling]:
    """How the file is to be read: what its columns mean, and what happens to existing records."""
    source = import_source.draw(actor, noun, upload.table, f"{upload.id}.{noun}", busy, upload.source_key)
    key = f"{upload.id}.{noun}.{source.key if source else ''}"
    mapping = import_matching.draw(actor, noun, upload.table, key, busy, source.mapping if source else {})
    start = source.handling if source else Handling()
    dates = import_dates.draw(actor, noun, upload.table, mapping, key, busy, start.dates)
    handling = replace(import_existing.draw(noun, mapping, key, busy, start), dates=dates)
    import_source.keep_menu(actor, noun, mapping, handling, busy)
    return mapping, handling


@dataclass(frozen=True)
class Job:
    """A file and how the person wants it to be read."""

    noun: str
    upload: Upload
    mapping: dict[str, str]
    handling: Handling

    def check(self, actor: Actor, progress: Progress) -> importer.Preview:
        return importer.dry_run(actor, self.noun, self.upload.table, self.mapping, progress, self.handling)

    def write(self, actor: Actor, key: str, progress: Progress) -> importer.Result:
        return importer.run(actor, self.noun, self.upload.table, self.mapping, self.upload.name, progress, key, self.handling)


def _check_and_import(actor: Actor, job: Job) -> None:
    preview = import_check.draw(partial(job.check, actor), job)
    if preview is None:
        return
    if preview.counts.any and _wanted(preview):
        _run(actor, job, preview)
    import_check.details(preview)


def _what(actor: Actor, busy: bool) -> str:
    st.subheader(t("1. Choose a file"), anchor=False)
    offered = [noun for noun in IMPORTABLE if may_import(actor, noun)]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        words = {key: title_of(key) for key in offered}
        noun = st.selectbox(t("What does the file hold?"), offered, format_func=words.__getitem__, key="import_noun", width=280, disabled=busy)
        for kind, label in (("xlsx", t("Template for Excel")), ("csv", t("Template as CSV"))):
            make = partial(template.template, noun=noun, kind=kind)
            files_out.download(label, make, f"{title_of(noun)}-{t('template')}", kind, f"template_{kind}")
    return noun


def _file(actor: Actor, busy: bool) -> Upload | None:
    held: Upload | None = st.session_state.get(FILE)
    if held is not None:
        _card(held, busy)
        return held
    label = t("CSV or XLSX file, with headings in the first row. Nothing is written before you say so.")
    key = f"import_upload_{st.session_state.get(ROUND, 0)}"
    uploaded = st.file_uploader(label, key=key, max_upload_size=reader.MAX_BYTES >> 20, disabled=busy)
    if uploaded is not None and not busy and st.session_state.get(SEEN) != uploaded.file_id:
        st.session_state[SEEN] = uploaded.file_id
        import_work.begin(partial(_read, actor, uploaded.file_id, uploaded.name, uploaded.getvalue()), partial(_take_in, actor))
    return None


def _read(actor: Actor, id_: str, name: str, content: bytes, progress: Progress) -> Upload:
    table = reader.read(name, content, progress)
    with reading(actor) as session:
        return Upload(id_, name, table, recognised(session, table.headings))


def _take_in(actor: Actor, upload: Upload) -> None:
    st.session_state[FILE] = upload
    if upload.source and may_import(actor, upload.source.noun):
        st.session_state["import_noun"], st.session_state[GUESSED] = upload.source.noun, True
    elif st.session_state.pop(GUESSED, False):
        st.session_state.pop("import_noun", None)


def _card(held: Upload, busy: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="import_file"):
        st.markdown(f":material/description: **{formats.plain(held.name)}** · {tn('{n} row', '{n} rows', held.table.row_count)}", width="content")
        if st.button(t("Choose another file"), icon=":material/close:", type="tertiary", key="import_other", disabled=busy):
            forget_file()
            st.rerun()


def forget_file() -> None:
    for kept in (FILE, SEEN, import_check.PREVIEW, import_work.PROBLEM):
        st.session_state.pop(kept, None)
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1


def _wanted(preview: importer.Preview) -> bool:
    if preview.refused:
        st.caption(t("The refused rows are left out; mend them in the file of refused rows and import that one afterwards."))
    counts = preview.counts
    label = tn("Import {n} record", "Import {n} records", counts.made)
    if counts.updated:
        changed = tn("Update {n} record", "Update {n} records", counts.updated)
        label = f"{label} · {changed}" if counts.made else changed
    return st.button(label, type="primary", icon=":material/upload:", key="import_run")


def _run(actor: Actor, job: Job, preview: importer.Preview) -> None:
    key = request_key(actor, f"import.{job.upload.id}.{job.noun}")

    def then(result: importer.Result) -> None:
        import_result.keep(preview, result)
        forget_file()

    import_work.begin(partial(job.write, actor, key), then)
