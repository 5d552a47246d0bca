"""The drawer that opens from every page: log a follow-up, plan one, add a customer, an order, a survey sheet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from components import customer_picker, drawer_address, duplicate_hint, openings
from components.actor import afresh
from components.answer_links import draw_answer_link
from components.drawer_address import Drawer, close, offered, open_
from components.form import record_form
from components.order_lines import draw_lines
from components.record_editor import record_editor
from components.survey_sheet import survey_sheet
from db import clock, records
from db.actions import customers, follow_ups
from db.errors import Gone
from db.language import t
from db.policy import Actor

__all__ = ["offered", "open_"]
SHOWN = "regulars.drawer"
"""The number of the opening that was shown last: what is deleted meanwhile is told, what was never there is not."""
NEXT = "next step"
LOG_KEYS = ("method", "content", "outcome", "rating", "contact_id", "rating_reason", "direction", "duration_minutes")
LOG_FOLDED = LOG_KEYS[4:]
CUSTOMER_KEYS = ("name", "kind", "status", "tier", "owner_id", "industry", "city", "phone", "email", "im", "source", "notes")
BELOW = {"order": draw_lines, "survey_invitation": draw_answer_link}
"""What hangs on a record that is open in the drawer."""


def draw(actor: Actor) -> bool:
    """Whether the drawer is open."""
    drawer, now = drawer_address.drawer(actor), openings.number(drawer_address.OPEN)
    if drawer is None and (not now or st.session_state.get(SHOWN) != now):
        close()
        return False
    st.session_state[SHOWN] = now
    title = t("Edit") if drawer is None or drawer.id else t("New entry")
    st.dialog(title, position="right", width=520, on_dismiss=close)(afresh(_body))(actor)
    return True


def _body(actor: Actor) -> None:
    drawer = drawer_address.drawer(actor)
    if drawer is None:
        st.info(str(Gone()))
        return
    what = drawer.what if drawer.what not in drawer_address.ENTRIES else _kind_of_entry(actor, drawer)
    if FORMS[what](actor, drawer) is not None:
        close()
        st.rerun()


def _kind_of_entry(actor: Actor, drawer: Drawer) -> str:
    words = {"follow_up": t("Log follow-up"), "plan": t("Plan"), "customer": t("Customer"), "order": t("Order"), "survey_response": t("Survey")}
    chosen = st.segmented_control(
        t("Kind of entry"),
        offered(actor),
        default=drawer.what,
        format_func=lambda noun: words[noun],
        key="drawer_choice",
        label_visibility="collapsed",
        required=True,
    )
    drawer_address.turn_to(chosen or drawer.what)
    return chosen or drawer.what


def _chosen_customer(actor: Actor, drawer: Drawer) -> int | None:
    """The customer of the page the drawer was opened on, else one to be picked."""
    if drawer.customer_id:
        customer_picker.show(actor, drawer.customer_id)
        return drawer.customer_id
    chosen = customer_picker.pick(actor, "drawer_customer", drawer_address.picked())
    drawer_address.pick(chosen)
    return chosen


def _log(actor: Actor, drawer: Drawer) -> Any:
    customer_id = _chosen_customer(actor, drawer)
    if customer_id is None:
        return None
    return record_form(
        actor,
        "follow_up",
        None,
        lambda session, typed, _: follow_ups.log(session, *_split(typed)),
        action="follow_up.log",
        said=t("Follow-up saved"),
        keys=LOG_KEYS,
        folded=LOG_FOLDED,
        extra=_next_step,
        defaults={"customer_id": customer_id},
        name=f"log.{customer_id}",
        columns=1,
        number=drawer.number,
    )


def _next_step(slots: dict[str, Any]) -> dict[str, Any]:
    """What comes next and when, in the same form."""
    with st.container(border=True, key="next_step", gap="xsmall"):
        st.markdown(f"**{t('Next step')}**")
        left, right = st.columns([3, 2])
        subject = left.text_input(t("What"), key="next_subject", placeholder=t("Call back, send quote …"), label_visibility="collapsed")
        due_on = right.date_input(t("When"), value=None, key="next_due_on", format="YYYY-MM-DD", label_visibility="collapsed", min_value=clock.today())
        slots["due_on"] = st.empty()
    return {NEXT: {"subject": subject, "due_on": due_on}}


def _split(typed: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What happened, and what comes next."""
    return {key: value for key, value in typed.items() if key != NEXT}, typed[NEXT]


def _plan(actor: Actor, drawer: Drawer) -> Any:
    customer_id = _chosen_customer(actor, drawer)
    if customer_id is None:
        return None
    return record_form(
        actor,
        "follow_up",
        None,
        lambda session, typed, _: follow_ups.plan(session, typed),
        action="follow_up.plan",
        said=t("Follow-up planned"),
        keys=("subject", "due_on", "due_time", "method", "contact_id", "content"),
        defaults={"customer_id": customer_id, "due_on": clock.today()},
        name=f"plan.{customer_id}",
        columns=1,
        number=drawer.number,
    )


def _customer(actor: Actor, drawer: Drawer) -> Any:
    return record_form(
        actor,
        "customer",
        None,
        lambda session, typed, _: customers.create(session, typed),
        action="customer.create",
        said=t("Customer added"),
        keys=CUSTOMER_KEYS,
        defaults={"owner_id": actor.id},
        columns=1,
        number=drawer.number,
        watch=duplicate_hint.watch(actor),
    )


def _order(actor: Actor, drawer: Drawer) -> Any:
    customer_id = _chosen_customer(actor, drawer)
    if customer_id is None:
        return None
    return record_form(
        actor,
        "order",
        None,
        lambda session, typed, _: records.create(session, "order", typed),
        action="order.create",
        said=t("Order saved"),
        keys=("kind", "ordered_on", "amount", "channel", "place", "starts_on", "ends_on", "monthly_amount", "notes"),
        defaults={"customer_id": customer_id, "ordered_on": clock.today()},
        name=f"order.{customer_id}",
        columns=1,
        number=drawer.number,
    )


def _record(actor: Actor, drawer: Drawer) -> Any:
    given = drawer_address.settled(actor, drawer)
    return record_editor(actor, drawer.noun, drawer.id, given, below=BELOW.get(drawer.noun), number=drawer.number)


def _survey(actor: Actor, drawer: Drawer) -> Any:
    customer_id = _chosen_customer(actor, drawer)
    return None if customer_id is None else survey_sheet(actor, customer_id, drawer.number)


def _complete(actor: Actor, drawer: Drawer) -> Any:
    assert drawer.id
    assert drawer.customer_id
    done = drawer.id
    customer_picker.show(actor, drawer.customer_id)
    return record_form(
        actor,
        "follow_up",
        None,
        lambda session, typed, _: follow_ups.complete(session, done, *_split(typed)),
        action="follow_up.complete",
        said=t("Done"),
        keys=("content", "outcome", "rating", "rating_reason", "duration_minutes"),
        folded=("rating_reason", "duration_minutes"),
        extra=_next_step,
        name=f"complete.{done}",
        columns=1,
        number=drawer.number,
    )


FORMS: dict[str, Callable[[Actor, Drawer], Any]] = {
    "follow_up": _log,
    "complete": _complete,
    "record": _record,
    "plan": _plan,
    "customer": _customer,
    "order": _order,
    "survey_response": _survey,
}
