"""The right-hand side of a customer's page: next step, details edited in place, key contacts."""

from __future__ import annotations

from typing import Any

import streamlit as st

from components import formats, openings, revealing
from components.care_faults import missing_words
from components.field_values import printed
from components.form import record_form
from components.icons import method_icon
from components.tags import draw_tags
from db import masking
from db.actions import customers
from db.choices import fields_for
from db.engine import reading
from db.fields import Field, Kind
from db.language import t
from db.models import Customer
from db.policy import Actor, may
from db.queries.customer_page import Header, contacts
from db.queries.lists import column

SAID_ELSEWHERE = {"name", "status", "owner_id", "previous_owner_id", "handed_over_on", "last_contact_at", "next_contact_on"}


EDITING = "edit"
"""Stands in the address while the details are a form."""


def is_edited() -> bool:
    return openings.stands(EDITING)


def _edit(on: bool) -> None:
    if on:
        openings.open_(EDITING)
    else:
        openings.close(EDITING)
    st.rerun()


def draw_card(actor: Actor, customer: Customer, figures: Header) -> None:
    _next_step(figures)
    with st.container(border=True, key="details"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown(f"**{t('Details')}**")
            if may(actor, "update", "customer") and st.button(t("Edit"), type="tertiary", icon=":material/edit:", shortcut="E", key=f"edit_{customer.id}"):
                _edit(not is_edited())
        _details(actor, customer)
    draw_tags(actor, customer, figures)
    _key_contacts(actor, customer)


def _next_step(figures: Header) -> None:
    with st.container(border=True, key="next_step_card"):
        st.markdown(f"**{t('Next step')}**")
        step = figures.next_step
        if step is None:
            st.caption(t("None planned. Every customer deserves a dated next step."))
        else:
            recovery = formats.badge(t("Recovery"), "red") if step.recovery else ""
            st.markdown(f"{method_icon(step.method)} {formats.plain(step.subject)} {formats.badge(formats.lateness(step.due_on), 'orange')} {recovery}")


def draw_editor(actor: Actor, customer: Customer) -> None:
    """The details as a form, where there is room for it."""
    with st.container(border=True, key="editor"):
        saved = record_form(actor, "customer", customer, lambda session, typed, version: customers.update(session, customer.id, typed, version),
                            action="customer.update", said=t("Saved"), columns=3, number=openings.number(EDITING))
        if saved is not None or st.button(t("Cancel"), type="tertiary", key=f"leave_editor_{customer.id}"):
            _edit(False)


def _details(actor: Actor, customer: Customer) -> None:
    with reading(actor) as session:
        fields = [field for field in fields_for(session, "customer") if field.key not in SAID_ELSEWHERE]
        values = {field.key: column(session, field, [customer])[0] for field in fields}
        currency = session.organisation.currency
    shown = {field.title: _printed(field, values[field.key], currency) for field in fields if values[field.key] not in (None, "", [])}
    st.table({"": list(shown), " ": list(shown.values())}, border="horizontal", hide_header=True, hide_index=True, alt=t("Details"))
    if customer.completeness < 100 and customer.erased_on is None:
        st.caption(f"{t('Completeness {score}', score=formats.percent(customer.completeness / 100, 0))} · {missing_words(customer)}")
    revealing.draw(actor, customer, [field for field in fields if field.kind in {Kind.PHONE, Kind.EMAIL} and values[field.key]])


def _printed(field: Field, value: Any, currency: str) -> str:
    return str(masking.masked(field, value)) if field.kind in {Kind.PHONE, Kind.EMAIL} else printed(field, value, currency)


def _key_contacts(actor: Actor, customer: Customer) -> None:
    with reading(actor) as session:
        people = contacts(session, customer.id)
        role = {field.key: field for field in fields_for(session, "contact")}["decision_role"]
    if people:
        with st.container(border=True, key="key_contacts", gap="xsmall"):
            st.markdown(f"**{t('Key contacts')}**")
            for person in people[:4]:
                note = " · ".join(filter(None, (person.position, t(role.choices.get(person.decision_role or "", "")))))
                st.markdown(f"**{formats.plain(person.name)}** :gray[{formats.plain(note)}]")
