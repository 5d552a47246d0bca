"""Where a file comes from: recognised from its headings, chosen, or kept under a name for the next one."""

from __future__ import annotations

import streamlit as st

from components import formats
from components.saving import attempt
from db.engine import reading
from db.language import t
from db.policy import Actor, may
from db.transfer.handling import Handling
from db.transfer.sources import Source, keep, retire, sources_for
from db.transfer.table import Table

OWN = ""


def draw(actor: Actor, noun: str, table: Table, key: str, busy: bool, recognised: str) -> Source | None:
    """The chosen source; none where the headings speak for themselves."""
    with reading(actor) as session:
        found = {source.key: source for source in sources_for(session, noun, table.headings)}
    if not found:
        return None
    words = {OWN: t("Its headings say it"), **{source.key: _title(source) for source in found.values()}}
    start = list(words).index(recognised) if recognised in words else 0
    with st.container(horizontal=True, vertical_alignment="bottom"):
        label = t("Where does the file come from?")
        chosen = st.selectbox(label, list(words), index=start, format_func=words.__getitem__, key=f"source.{key}", width=360, disabled=busy)
        source = found.get(chosen)
        if source is not None and source.saved_id is not None:
            _retire_button(actor, source, busy)
    if source is not None and chosen == recognised:
        st.caption(t("Recognised from the headings."))
    return source


def _title(source: Source) -> str:
    return formats.plain(source.title) if source.saved_id is not None else t("Export from {system}", system=source.title)


def _retire_button(actor: Actor, source: Source, busy: bool) -> None:
    if not may(actor, "update", "import_mapping"):
        return
    id_ = source.saved_id
    if st.button(t("Retire this mapping"), icon=":material/archive:", type="tertiary", key="retire_mapping", disabled=busy):
        if id_ is not None and attempt(actor, "import_mapping.update", lambda session: retire(session, id_), t("Mapping retired")) is not None:
            st.rerun()


def keep_menu(actor: Actor, noun: str, mapping: dict[str, str], handling: Handling, busy: bool) -> None:
    """Keep what was chosen for the next file with these headings."""
    if busy or not mapping or not may(actor, "create", "import_mapping"):
        return
    with st.popover(t("Save this mapping"), icon=":material/bookmark_add:", type="tertiary"), st.form("keep_mapping", border=False):
        name = st.text_input(t("Name of the mapping"), max_chars=60, key="mapping_name")
        st.caption(t("A file with the same headings is then read in the same way, by everybody who imports."))
        if st.form_submit_button(t("Save"), type="primary"):
            if attempt(actor, "import_mapping.create", lambda session: keep(session, noun, name, mapping, handling), t("Mapping saved")) is not None:
                st.rerun()
