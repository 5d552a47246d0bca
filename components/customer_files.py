"""Files kept with a customer."""

from __future__ import annotations

import secrets
from functools import partial

import streamlit as st

from components import formats
from components.actor import later
from components.saving import attempt
from db import records
from db.actions import customers
from db.engine import reading
from db.language import t
from db.models import Customer
from db.policy import Actor, may
from db.queries.lists import ListQuery, page_records
from db.session import CrmSession


def draw_files(actor: Actor, customer: Customer) -> None:
    with reading(actor) as session:
        files = page_records(session, "attachment", ListQuery(filters={"customer_id": [customer.id]}, limit=200))
    if not files:
        st.caption(t("No files yet. Contracts, photos and notes up to 10 MB can be kept here."))
    for file in files:
        _draw_file(actor, file)
    if may(actor, "create", "attachment"):
        _upload(actor, customer)


def _draw_file(actor: Actor, file: object) -> None:
    number, name, size = file.id, file.name, file.size  # type: ignore[attr-defined]
    with st.container(horizontal=True, key=f"row_file_{number}", vertical_alignment="center"):
        st.text(name)
        st.caption(t("{size} KB", size=formats.number(size / 1024, 1)))
        offer(number, name, f"download_{number}")
        if may(actor, "delete", "attachment") and st.button(t("Delete"), key=f"delete_file_{number}", type="tertiary", icon=":material/delete:"):
            if (
                attempt(actor, "attachment.delete", lambda session: records.delete(session, "attachment", number), t("File moved to the recycle bin"))
                is not None
            ):
                st.rerun()


def offer(number: int, name: str, key: str) -> None:
    """A button that downloads a file; it is read when it is asked for."""
    content, target = later(partial(_content, number)), f"{secrets.token_hex(3)}-{name}"
    st.download_button(t("Download"), content, file_name=target, key=key, on_click="ignore", type="tertiary", icon=":material/download:")


def _content(number: int, actor: Actor) -> bytes:
    with reading(actor) as session:
        return customers.content_of(session, number)[2]


def _upload(actor: Actor, customer: Customer) -> None:
    round_ = st.session_state.get("upload_round", 0)
    file = st.file_uploader(t("Add a file"), key=f"upload_{customer.id}_{round_}", max_upload_size=10)
    if file is not None and st.button(t("Keep this file"), type="primary"):
        content, name, kind = file.getvalue(), file.name, file.type or "application/octet-stream"

        def work(session: CrmSession) -> object:
            return customers.attach(session, customer.id, name, kind, content)

        if attempt(actor, "attachment.create", work, t("File saved"), form=f"upload.{customer.id}", number=file.file_id) is not None:
            st.session_state["upload_round"] = round_ + 1
            st.rerun()
