"""Download buttons whose file is made only when it is asked for."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from components.actor import later
from db import language
from db.engine import reading
from db.language import t
from db.models import NOUNS
from db.policy import Actor, may
from db.queries.lists import ListQuery
from db.session import CrmSession
from db.transfer.export import export, file_name
from db.transfer.workbook import MAX_ROWS

ZIP = "zip"
MEDIA = {
    "csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "vcf": "text/vcard", "ics": "text/calendar",
    ZIP: "application/zip",
}


def download(label: str, make: Callable[[CrmSession], bytes], stem: str, kind: str, key: str) -> None:
    """make: gets a session of whoever asks for the file, in the language of the screen."""

    def content(actor: Actor) -> bytes:
        with reading(actor) as session:
            return make(session)

    offer_file(label, content, stem, kind, key)


def offer_file(label: str, make: Callable[[Actor], bytes], stem: str, kind: str, key: str) -> None:
    """make: called when the file is asked for, with the actor as they are then, in the language of the screen."""
    spoken = language.current()

    def content(actor: Actor) -> bytes:
        with language.speaking(spoken):
            return make(actor)

    st.download_button(label, later(content), file_name(stem, kind), MEDIA[kind], key=key, icon=":material/download:", type="tertiary", on_click="ignore")


def export_buttons(actor: Actor, noun: str, query: ListQuery, total: int) -> None:
    """The whole list as it is searched, filtered and sorted, for people and for coming back."""
    if not may(actor, "export", noun) or not total:
        return
    stem = t(NOUNS[noun].words[1])
    download(t("CSV"), lambda session: export(session, noun, query, "csv", with_labels=True), stem, "csv", f"{noun}.export_csv")
    if total <= MAX_ROWS:
        download(t("Excel"), lambda session: export(session, noun, query, "xlsx", with_labels=True), stem, "xlsx", f"{noun}.export_xlsx")
