"""A person's rights, for administrators: what is held, everything as a file, and erasing for good."""

from __future__ import annotations

import streamlit as st

from components import files_left, formats, messages, openings
from components.files_out import ZIP, offer_file
from components.navigation import link
from components.sub_records import editing
from db.actions import personal_data
from db.errors import CrmError
from db.language import t, tn
from db.models import NOUNS, Customer, Record
from db.policy import Actor, may


def offered(actor: Actor, record: Record) -> bool:
    return may(actor, "delete", "person") and personal_data.is_person(record)


def state_key(record: Record) -> str:
    return f"personal.{record.__tablename__}.{record.id}"


def open_(record: Record) -> None:
    st.session_state[state_key(record)] = True


def draw_if_open(actor: Actor, record: Record) -> None:
    if isinstance(record, Customer) and may(actor, "delete", "person"):
        files_left.draw_after(actor, record.id)
    if offered(actor, record) and st.session_state.get(state_key(record)):
        with st.container(border=True, key=f"personal_{record.__tablename__}"):
            _draw(actor, record)


def draw_for_contact(actor: Actor, record: Record) -> None:
    """Below a contact's form: closed until it is asked for."""
    if not offered(actor, record):
        return
    if not st.session_state.get(state_key(record)):
        st.button(t("Personal data …"), key=f"open_{state_key(record)}", type="tertiary", icon=":material/shield_person:", on_click=open_, args=(record,))
    draw_if_open(actor, record)


def _draw(actor: Actor, record: Record) -> None:
    noun, id_, name = record.__tablename__, record.id, record.title
    st.markdown(f":material/shield_person: **{t('Personal data of {name}', name=formats.plain(name))}**")
    found = personal_data.held(actor, noun, id_)
    parts = [formats.labelled(t(NOUNS[key].words[1]), formats.number(n)) for key, n in found.records.items()]
    st.caption(" · ".join([*parts, formats.labelled(t("Entries in the journal"), formats.number(found.entries))]))
    with st.container(horizontal=True, gap="small"):
        offer_file(t("Everything held, as a file"), lambda asking: personal_data.hand_out(asking, noun, id_), record.short_code, ZIP, f"hand_out_{noun}_{id_}")
        if st.button(t("Close"), key=f"close_personal_{noun}_{id_}", type="tertiary"):
            del st.session_state[state_key(record)]
            st.rerun()
    _confirm(actor, record, found.elsewhere)


def _confirm(actor: Actor, record: Record, elsewhere: list[tuple[str, int, str]]) -> None:
    st.markdown(f":material/warning: **{t('Erase for good')}**")
    said = t(
        "Name, numbers, addresses, notes, files and history go for good, here and wherever they are mentioned. Dates, amounts and ratings stay, "
        "so that every figure stays true. This cannot be undone. Backups taken before hold the data until they are thinned out."
    )
    st.text(said)
    if elsewhere:
        n = len(elsewhere)
        st.caption(tn("{n} other record has the same number or address and keeps it:", "{n} other records have the same number or address and keep it:", n))
        for noun, id_, title in elsewhere:
            link("customer", title, id=id_) if noun == "customer" else st.text(title)
    files_left.draw_before(actor, record)
    with st.form(f"erase_{record.__tablename__}_{record.id}", border=False):
        typed = st.text_input(t("To confirm, type the code {code}", code=record.short_code), autocomplete="off", width=280)
        if st.form_submit_button(t("Erase for good"), icon=":material/delete_forever:"):
            _erase(actor, record, typed)


def _erase(actor: Actor, record: Record, typed: str) -> None:
    try:
        with st.spinner(t("Erasing …")):
            left = personal_data.erase(actor, record.__tablename__, record.id, typed)
    except CrmError as error:
        st.error(formats.plain(str(error)))
    else:
        del st.session_state[state_key(record)]
        files_left.keep(record, left)
        openings.close(editing(record.__tablename__))
        messages.say(t("The personal data of {code} is erased", code=record.short_code))
        st.rerun()
