"""Getting started: five steps that tick themselves; the box goes when all are done."""

from __future__ import annotations

import streamlit as st

from components import formats
from components.cache import ask
from components.navigation import link, may_go
from db.language import t
from db.policy import Actor
from db.queries.first_steps import first_steps


def draw_checklist(actor: Actor) -> None:
    if actor.role not in {"admin", "manager"}:
        return
    done = ask(actor, first_steps)
    words = {
        "customer": t("Add or import your customers"),
        "follow_up": t("Log a first follow-up"),
        "order": t("Enter an order"),
        "target": t("Set this month's target"),
        "colleague": t("Invite a colleague"),
    }
    pages = {"customer": "import_data", "follow_up": "customers", "order": "orders", "target": "targets", "colleague": "settings_people"}
    if all(done.values()):
        return
    st.markdown(f"**{t('Getting started')}** :gray[{formats.number(sum(done.values()))}/{len(done)}]")
    with st.container(border=True, gap="xsmall"):
        for key, label in words.items():
            if done[key] or not may_go(pages[key]):
                st.markdown(f":material/{'check_circle' if done[key] else 'radio_button_unchecked'}: :small[:gray[{label}]]")
            else:
                link(pages[key], label, "radio_button_unchecked")
