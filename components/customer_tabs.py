"""The tabs of a customer's page, each drawn only when it is open."""

from __future__ import annotations

import streamlit as st

from components import customer_files, customer_history, openings, personal_data, quick_add
from components.customer_contacts import draw_contacts
from components.customer_orders import draw_orders
from components.customer_plans import draw_plans
from components.navigation import go
from components.saving import attempt
from components.sub_records import editing
from components.timeline import draw_timeline
from db import records
from db.language import t
from db.models import Customer
from db.policy import Actor, may

TABS = {
    "timeline": draw_timeline,
    "plans": draw_plans,
    "contacts": draw_contacts,
    "orders": draw_orders,
    "files": customer_files.draw_files,
    "history": customer_history.draw_history,
}


def draw(actor: Actor, customer: Customer) -> None:
    personal_data.draw_if_open(actor, customer)
    words = {"timeline": t("Timeline"), "plans": t("Planned"), "contacts": t("Contacts"), "orders": t("Orders"), "files": t("Files"), "history": t("History")}
    first = st.session_state.setdefault(f"first_tab_{customer.id}", _named_by_address())
    tabs = st.tabs([words[key] for key in TABS], default=words[first], key=f"customer_tabs_{customer.id}", on_change="rerun")
    for key, tab in zip(TABS, tabs, strict=True):
        if tab.open:
            with tab:
                TABS[key](actor, customer)


def _named_by_address() -> str:
    """The tab that the page starts with: where something is open, so that it is in sight after a reload."""
    nouns = {"contact": "contacts", "order": "orders", "order_line": "orders"}
    return next((tab for noun, tab in nouns.items() if openings.opening(editing(noun))), "timeline")


def draw_menu(actor: Actor, customer: Customer) -> None:
    offered = {"plan": t("Plan a follow-up"), "order": t("New order"), "survey_response": t("Enter a survey")}
    offered |= {"merge": t("Merge with another record"), "personal": t("Personal data …"), "delete": t("Delete")}
    needed = {"plan": ("create", "follow_up"), "merge": ("merge", "customer"), "delete": ("delete", "customer")}
    handed_out = personal_data.offered(actor, customer)
    allowed = [key for key in offered if (handed_out if key == "personal" else may(actor, *needed.get(key, ("create", key))))]
    if not allowed:
        return
    choice = st.menu_button(t("More"), allowed, format_func=lambda key: offered[key], icon=":material/more_horiz:", key=f"customer_menu_{customer.id}")
    if choice == "delete":
        if (
            attempt(
                actor,
                "customer.delete",
                lambda session: records.delete(session, "customer", customer.id),
                t("“{name}” moved to the recycle bin", name=customer.name),
            )
            is not None
        ):
            go("customers")
    elif choice == "personal":
        personal_data.open_(customer)
        st.rerun()
    elif choice == "merge":
        go("merge", keep=customer.id)
    elif choice:
        quick_add.open_(choice, customer_id=customer.id)
