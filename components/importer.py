"""Import in three steps: a file, what its headings mean, a dry run; then one click that writes and can be undone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import streamlit as st

from components import files_out, formats, import_check, import_matching, messages
from components.navigation import link
from components.saving import request_key
from db.errors import AlreadyDone, CrmError
from db.language import t, tn
from db.models import NOUNS
from db.policy import Actor, may
from db.transfer import importer, reader, template
from db.transfer.columns import IMPORTABLE
from db.transfer.table import Table

FILE, DONE = "regulars.import_file", "regulars.import_done"
LISTS = {
    "customer": "customers", "contact": "customers", "follow_up": "follow_ups", "order": "orders", "order_line": "orders", "product": "products",
    "product_line": "products", "survey": "surveys", "question": "surveys", "survey_response": "surveys", "survey_invitation": "surveys", "target": "targets",
    "user": "settings_people", "team": "settings_people", "tag": "settings_fields",
}
"""Where the imported records are found."""


@dataclass(frozen=True)
class Upload:
    """The file in hand; only one is kept, and only until the next."""

    id: str
    name: str
    table: Table


@dataclass(frozen=True)
class Done:
    preview: importer.Preview
    result: importer.Result


def draw(actor: Actor) -> None:
    if DONE in st.session_state:
        _result(actor, st.session_state[DONE])
        return
    noun = _what(actor)
    upload = _file()
    if upload is None:
        return
    st.subheader(t("2. Match the columns"), anchor=False)
    mapping = import_matching.draw(actor, noun, upload.table, f"{upload.id}.{noun}")
    st.subheader(t("3. Check, then import"), anchor=False)
    preview = import_check.draw(actor, noun, upload.table, mapping, f"{upload.id}.{noun}")
    if preview is None:
        return
    if preview.new and _wanted(preview):
        _run(actor, upload, mapping, preview)
    import_check.details(preview)


def _what(actor: Actor) -> str:
    st.subheader(t("1. Choose a file"), anchor=False)
    offered = [noun for noun in IMPORTABLE if may(actor, "import", noun)]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        noun = st.selectbox(t("What does the file hold?"), offered, format_func=lambda key: t(NOUNS[key].words[1]), key="import_noun", width=280)
        for kind, label in (("xlsx", t("Template for Excel")), ("csv", t("Template as CSV"))):
            make = partial(template.template, noun=noun, kind=kind)
            files_out.download(actor, label, make, f"{t(NOUNS[noun].words[1])}-{t('template')}", kind, f"template_{kind}")
    return noun


def _file() -> Upload | None:
    label = t("CSV or XLSX file, with headings in the first row. Nothing is written before you say so.")
    uploaded = st.file_uploader(label, key="import_upload", max_upload_size=reader.MAX_BYTES >> 20)
    if uploaded is None:
        st.session_state.pop(FILE, None)
        return None
    held: Upload | None = st.session_state.get(FILE)
    if held is not None and held.id == uploaded.file_id:
        return held
    try:
        with st.spinner(t("Reading the file …")):
            held = Upload(uploaded.file_id, uploaded.name, reader.read(uploaded.name, uploaded.getvalue()))
    except CrmError as error:
        st.error(str(error), icon=":material/error:")
        return None
    st.session_state[FILE] = held
    return held


def _wanted(preview: importer.Preview) -> bool:
    if preview.refused:
        st.caption(t("The refused rows are left out; mend them in the file of refused rows and import that one afterwards."))
    return st.button(tn("Import {n} record", "Import {n} records", preview.new), type="primary", icon=":material/upload:", key="import_run")


def _run(actor: Actor, upload: Upload, mapping: dict[str, str], preview: importer.Preview) -> None:
    key = request_key(f"import.{upload.id}.{preview.noun}")
    bar = import_check.progress_bar(t("Checking once more, then writing. This takes a moment …"), upload.table)
    try:
        result = importer.run(actor, preview.noun, upload.table, mapping, upload.name, bar, key)
    except AlreadyDone as already:
        st.info(str(already))
    except CrmError as error:
        st.error(str(error), icon=":material/error:")
    else:
        st.session_state[DONE] = Done(preview, result)
        for kept in (FILE, import_check.PREVIEW):
            st.session_state.pop(kept, None)
        st.rerun()


def _result(actor: Actor, done: Done) -> None:
    created = done.result.created
    st.success(tn("{n} record was imported.", "{n} records were imported.", created), icon=":material/check_circle:")
    for noun, count in done.result.attached.items():
        st.text(formats.labelled(t(NOUNS[noun].words[1]), count))
    if done.result.refused:
        st.text(tn("{n} row was refused.", "{n} rows were refused.", done.result.refused))
        import_check.download_refused(done.preview)
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(t("Undo this import"), icon=":material/undo:", key="import_undo") and done.result.change_id is not None:
            del st.session_state[DONE]
            with st.spinner(t("Taking the import back …")):
                messages.take_back(done.result.change_id)
        if st.button(t("Import another file"), icon=":material/upload:", type="tertiary", key="import_again"):
            del st.session_state[DONE]
            st.rerun()
        link(LISTS[done.preview.noun], t(NOUNS[done.preview.noun].words[1]), "list")
