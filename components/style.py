"""The one small stylesheet: hooks are our own keys and Streamlit's test ids."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

SHEET = (Path(__file__).parent / "static" / "regulars.css").read_text(encoding="utf-8")
MARK = Path(__file__).parent / "static" / "mark.svg"


def apply() -> None:
    st.html(f"<style>{SHEET}</style>")


def fill_the_wall() -> None:
    """For a screen on the wall: nothing but the figures, and larger."""
    hidden = "[data-testid='stSidebar'],[data-testid='stExpandSidebarButton'],.st-key-insight_filters{display:none!important}"
    st.html(f"<style>{hidden}html{{font-size:17px}}.stMainBlockContainer{{max-width:none}}</style>")


def product_mark() -> None:
    with st.container(horizontal=True, key="product_mark", vertical_alignment="center", gap="small"):
        st.image(MARK.read_text(encoding="utf-8"), width=22)
        st.markdown("**Regulars** 回头客")
