"""What happened with a customer, newest first, and a box to write the next line."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import streamlit as st

from components import formats, openings
from components.icons import method_icon
from components.saving import attempt, saved_already
from db import clock
from db.actions import follow_ups
from db.choices import labels
from db.engine import reading
from db.fields import field_of
from db.language import t
from db.models import Customer, FollowUp
from db.policy import Actor, may
from db.queries.customer_page import Event, timeline

KINDS = ("follow_up", "order", "survey")
DAY_WIDTH = 88


def draw_timeline(actor: Actor, customer: Customer) -> None:
    if may(actor, "create", "follow_up"):
        _note_box(actor, customer)
    words = {"follow_up": t("Follow-ups"), "order": t("Orders"), "survey": t("Surveys")}
    kinds = st.pills(t("Show"), KINDS, selection_mode="multi", format_func=lambda kind: words[kind], key=f"kinds_{customer.id}", label_visibility="collapsed")
    shown = st.session_state.setdefault(f"events_{customer.id}", 30)
    with reading(actor) as session:
        events = timeline(session, customer.id, frozenset(kinds or KINDS), limit=shown)
        outcomes = labels(session, field_of(FollowUp, "outcome"))
        currency = session.organisation.currency
    if not events:
        st.caption(t("Nothing happened yet. Log a follow-up and it stands here."))
    for event in events:
        _draw_event(event, outcomes, currency)
    if len(events) == shown and st.button(t("Show more"), type="tertiary", icon=":material/expand_more:"):
        st.session_state[f"events_{customer.id}"] = shown + 50
        st.rerun()


def _note_box(actor: Actor, customer: Customer) -> None:
    with reading(actor) as session:
        methods = labels(session, field_of(FollowUp, "method"), with_retired=False)
    form = f"note.{customer.id}"
    if st.session_state.pop(f"written.{form}", False):
        st.session_state[f"{form}.content"] = ""  # the same box, emptied: a new one would lose what is typed while the server starts again
    number = openings.turn(form)
    with st.form(form, border=True):
        content = st.text_area(
            t("What happened"),
            key=f"{form}.content",
            label_visibility="collapsed",
            height=76,
            placeholder=t("Write what happened on the call, the visit … (Ctrl+Enter saves)"),
        )
        with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
            codes = [code for code in ("call", "visit", "wechat", "email") if code in methods] or list(methods)[:4]
            method = st.segmented_control(
                t("Method"),
                codes,
                default=codes[0] if codes else None,
                format_func=lambda code: formats.plain(methods[code]),
                key=f"{form}.method",
                label_visibility="collapsed",
            )
            pressed = st.form_submit_button(t("Save"), type="secondary", shortcut="Ctrl+Enter", icon=":material/check:")
    typed = {"content": content, "method": method}
    if pressed and not content.strip():
        st.error(t("Please write a word about what happened."))
    elif (_write(actor, customer, form, number, typed) if pressed else saved_already(actor, form, number, typed)) is not None:
        st.session_state[f"written.{form}"] = True
        openings.next_turn(form)
        st.rerun()


def _write(actor: Actor, customer: Customer, form: str, number: str, typed: dict[str, Any]) -> Any:
    work = {"customer_id": customer.id, **typed}
    return attempt(actor, "follow_up.log", lambda session: follow_ups.log(session, work), t("Follow-up saved"), form=form, number=number, typed=typed)


def _draw_event(event: Event, outcomes: dict[str, str], currency: str) -> None:
    headline = _headline(event, outcomes, currency)
    with st.container(horizontal=True, wrap=False, gap="small"):
        st.caption(formats.day_month(_day(event.at)), width=DAY_WIDTH)
        if not event.text:
            st.markdown(headline)
            return
        with st.container(gap="xsmall"):
            st.markdown(headline)
            st.text(event.text)


def _headline(event: Event, outcomes: dict[str, str], currency: str) -> str:
    title = formats.plain(event.title)
    if event.kind == "order":
        word = t("Contract") if event.status == "contract" else t("Order")
        return f":material/receipt_long: **{word} {title}** {formats.money(event.amount, currency)}"
    if event.kind == "survey":
        return f":material/rate_review: **{event.status}** {title}"
    rated = f" · {'★' * event.rating}{'☆' * (5 - event.rating)}" if event.rating else ""
    outcome = f" · {formats.plain(outcomes.get(event.status, event.status))}" if event.status else ""
    return f"{method_icon(event.method)} **{title}**{outcome}{rated} :gray[{formats.plain(event.who)}]"


def _day(moment: datetime | date) -> date:
    return clock.local(moment).date() if isinstance(moment, datetime) else moment
