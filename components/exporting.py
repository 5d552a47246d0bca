"""Files out: the records of any noun, contacts and plans for other programs, and everything at once."""

from __future__ import annotations

import streamlit as st

from components import formats
from components.files_out import download
from db.engine import reading
from db.language import t, tn
from db.models import NOUNS
from db.policy import Actor, may
from db.queries.lists import ListQuery, count
from db.transfer.calendar_file import planned
from db.transfer.columns import IMPORTABLE
from db.transfer.everything import everything
from db.transfer.export import export
from db.transfer.vcards import vcards
from db.transfer.workbook import MAX_ROWS


def draw(actor: Actor) -> None:
    st.subheader(t("One kind of records"), anchor=False)
    _one_noun(actor, [noun for noun in IMPORTABLE if noun in NOUNS and may(actor, "export", noun)])
    st.subheader(t("For other programs"), anchor=False)
    _for_programs()
    if may(actor, "create", "backup"):
        st.subheader(t("Everything at once"), anchor=False)
        _everything()


def _one_noun(actor: Actor, offered: list[str]) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        words = {noun: t(NOUNS[noun].words[1]) for noun in offered}
        noun = st.selectbox(t("What goes out?"), offered, format_func=words.__getitem__, key="export_noun", width=280)
        headings = {"words": t("in words, for people"), "keys": t("field keys, for programs")}
        kind = st.selectbox(t("Headings and options"), list(headings), format_func=headings.__getitem__, key="export_headings", width=280)
    with reading(actor) as session:
        total = count(session, noun, ListQuery())
    st.caption(f"{tn('{n} record', '{n} records', total)} · {t('Both kinds of headings can be imported again.')}")
    if not total:
        return
    stem, labelled = words[noun], kind == "words"
    with st.container(horizontal=True):
        download(t("CSV"), lambda session: export(session, noun, kind="csv", with_labels=labelled), stem, "csv", f"whole_{noun}_csv")
        if total <= MAX_ROWS:
            download(t("Excel"), lambda session: export(session, noun, kind="xlsx", with_labels=labelled), stem, "xlsx", f"whole_{noun}_xlsx")
        else:
            st.caption(t("A workbook holds at most {limit} rows; please choose CSV.", limit=formats.number(MAX_ROWS)))


def _for_programs() -> None:
    with st.container(horizontal=True):
        download(t("Contacts as vCards"), vcards, t("Contacts"), "vcf", "all_vcards")
        download(t("Planned follow-ups as calendar"), lambda session: planned(session, mine=False), t("Follow-ups"), "ics", "all_planned")


def _everything() -> None:
    st.caption(t("A zip with a table for each kind of records and the files kept with customers, to move out or to keep. A backup also holds the history."))
    download(t("Download everything"), everything, "regulars", "zip", "everything")
