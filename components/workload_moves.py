"""What leads on from the Workload page."""

from __future__ import annotations

import streamlit as st

from components.navigation import go, may_go
from components.page_head import page_head
from db.language import t


def draw() -> None:
    """Buttons to the pages that change the load; only those that the visitor may open."""
    words = {"absences": (t("Absences"), "event_busy"), "hand_over": (t("Somebody leaves"), "move_up"), "rebalance": (t("Rebalance"), "swap_horiz")}
    with page_head():
        for key, (word, icon) in words.items():
            if may_go(key) and st.button(word, key=f"to_{key}", icon=f":material/{icon}:", type="primary" if key == "rebalance" else "secondary"):
                go(key)
