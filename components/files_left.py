"""Files of others that go on telling of a person who is erased: named before and after, so that somebody can look and decide."""

from __future__ import annotations

import streamlit as st

from components import customer_files, formats
from components.cache import ask
from components.navigation import link
from db.actions import personal_data
from db.engine import reading
from db.erasure import FileLeft, FilesLeft
from db.language import t, tn
from db.models import Customer, Record
from db.policy import Actor

LITTLE = 50 << 20
"""Bytes that are looked through without being asked: a second or two."""
SHOWN = 20


def draw_before(actor: Actor, record: Record) -> None:
    noun, id_ = record.__tablename__, record.id
    count, size = ask(actor, personal_data.amount, noun, id_)
    asked = f"look_through_{noun}_{id_}"
    if size > LITTLE and not st.session_state.get(asked):
        megabytes = formats.number(size / 2**20)
        said = tn("Look through {n} file that stays ({size} MB)", "Look through {n} files that stay ({size} MB)", count, size=megabytes)
        st.button(said, key=f"{asked}_button", icon=":material/search:", type="tertiary", on_click=_remember, args=(asked,))
    elif count:
        with st.spinner(t("Looking through the files that stay …")):
            left: FilesLeft = ask(actor, personal_data.files_left, noun, id_)
        _draw(actor, left, f"{noun}_{id_}")


def _remember(key: str) -> None:
    st.session_state[key] = True


def _kept(customer_id: int) -> str:
    return f"files_left.{customer_id}"


def keep(record: Record, left: FilesLeft) -> None:
    """Show the files after the person is gone: nobody could look for them again."""
    customer_id = record.id if isinstance(record, Customer) else getattr(record, "customer_id", 0)
    if left.found:
        st.session_state[_kept(customer_id)] = left


def draw_after(actor: Actor, customer_id: int) -> None:
    left: FilesLeft | None = st.session_state.get(_kept(customer_id))
    if left is None:
        return
    with st.container(border=True, key="files_left"):
        st.markdown(f":material/folder_open: **{t('Files that still tell of the person')}**")
        _draw(actor, left, "erased")
        st.caption(t("This list is kept nowhere: once it is closed, nobody knows any more what to look for."))
        st.button(t("Close"), key="close_files_left", type="tertiary", on_click=st.session_state.pop, args=(_kept(customer_id), None))


def _draw(actor: Actor, left: FilesLeft, key: str) -> None:
    first, *rest = personal_data.told(left)
    st.text(first)
    with reading(actor) as session:
        files = personal_data.shown(session, left, SHOWN)
    for file in files:
        _file(file, f"left_{key}_{file.id}")
    if more := len(left.found) - len(files):
        st.caption(t("and {n} more", n=formats.number(more)))
    st.caption("  \n".join(formats.plain(sentence) for sentence in rest))


def _file(file: FileLeft, key: str) -> None:
    holds = formats.listed(personal_data.holding(file))
    with st.container(horizontal=True, key=f"row_{key}", vertical_alignment="center"):
        with st.container(gap=None):
            _place(file)
            st.caption(f"{formats.plain(file.name)} · {holds}" if file.name else holds)
        if file.customer and not file.deleted:
            customer_files.offer(file.id, file.name, f"download_{key}")


def _place(file: FileLeft) -> None:
    """The customer that the file hangs on, with a link to where something can be done about it."""
    if file.customer is None:
        st.text(t("A file of a customer that you do not see"))
    elif file.deleted:
        link("recycle_bin", file.customer[1])
    else:
        link("customer", file.customer[1], id=file.customer[0])
