"""Wall mode: a page that hangs on a screen for all to see, kept in its address; it refreshes itself like every page of figures."""

from __future__ import annotations

import streamlit as st

from components import style
from db.language import t

PARAMETER = "wall"


def draw_switch() -> None:
    on = PARAMETER in st.query_params
    word, icon = (t("Leave wall mode"), "close_fullscreen") if on else (t("Wall mode"), "tv")
    if st.button(word, icon=f":material/{icon}:", type="tertiary", key="wall_mode"):
        if on:
            del st.query_params[PARAMETER]
        else:
            st.query_params[PARAMETER] = "1"
        st.rerun()
    if on:
        style.fill_the_wall()
