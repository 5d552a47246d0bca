"""Lead forms: their settings, and the lines by which a website shows one."""

from __future__ import annotations

from html import escape

import streamlit as st

from components import formats
from components.link_out import home
from components.page_head import page_head
from components.record_page import new_button, record_table
from db.engine import reading
from db.language import t
from db.models import LeadForm
from db.policy import Actor
from db.queries.settings import lead_forms


def draw_lead_forms(actor: Actor) -> None:
    with page_head():
        new_button(actor, "lead_form")
    empty = t("No form yet. People who fill one in become leads with a follow-up for the owner you choose.")
    record_table(actor, "lead_form", sort="name", descending=False, empty=empty)
    with reading(actor) as session:
        forms = lead_forms(session)
    if forms:
        st.markdown(f"**{t('On your website')}**")
        st.caption(t("Customers reach a form only where this server can be reached from outside; the person who runs it sets the public address."))
    for form in forms:
        _snippet(form)


def _snippet(form: LeadForm) -> None:
    address = f"{home()}/lead/{form.key}"
    closed = "" if form.active else f" · :orange[{t('closed')}]"
    with st.expander(f"{formats.plain(form.name)}{closed}", expanded=form.active):
        st.caption(t("Link, also for messages and a QR code"))
        st.code(address, language=None)
        st.caption(t("As a part of a page"))
        st.code(f'<iframe src="{escape(address)}" title="{escape(form.name)}" width="100%" height="900" style="border:0"></iframe>', language="html")
        if not form.shown_on:
            st.caption(t("For this, enter the website that shows the form: every other one is refused."))
