"""Every figure can be opened where it stands: definition, formula with today's numbers, what was left out, the rows behind it."""

from __future__ import annotations

import streamlit as st

from components import figure_sheet, figures, published, what_if
from components.actor import afresh
from components.insight_filters import Lens
from components.navigation import go
from db.language import t
from db.policy import Actor
from db.queries.figures import Figure
from db.queries.kpi import Kpi

OPEN = "explained"


def button(actor: Actor, kpi: Kpi, figure: Figure, lens: Lens, currency: str) -> None:
    st.button(t("Explain"), key=f"explain_{kpi.key}", type="tertiary", icon=":material/help:", on_click=_open, args=(kpi.key,))
    if st.session_state.get(OPEN) == kpi.key:
        st.dialog(t(kpi.label), width="large", on_dismiss=_close)(afresh(_body))(actor, kpi, figure, lens, currency)


def _open(key: str) -> None:
    st.session_state[OPEN] = key


def _close() -> None:
    st.session_state.pop(OPEN, None)


def _body(actor: Actor, kpi: Kpi, figure: Figure, lens: Lens, currency: str) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        with st.container(key="explained_value", width="content"):
            st.markdown(f"# {figures.printed(kpi, figure.value, currency)}")
        with st.container(horizontal=True, width="content"):
            figure_sheet.draw_target(actor, kpi)
            if st.button(t("Open as a page"), icon=":material/open_in_full:", type="tertiary", key="open_figure"):
                _close()
                go("figure", **{**st.query_params.to_dict(), "kpi": kpi.key})
    st.caption(" · ".join(filter(None, (lens.caption, figures.sample(kpi, figure)))))
    published.line(actor, kpi, lens, currency)
    figure_sheet.draw_definition(actor, kpi)
    figure_sheet.draw_numbers(actor, kpi, figure, currency)
    what_if.draw(actor, kpi, lens, currency)
    figure_sheet.draw_rows(actor, kpi, figure, lens)
