"""Every figure can be opened: definition, formula with today's numbers, what was left out, the rows behind it."""

from __future__ import annotations

import secrets
from typing import Any

import pandas as pd
import streamlit as st

from components import figures, formats
from components.actor import afresh
from components.csv_text import safe_csv
from components.navigation import go
from db.engine import reading
from db.language import t
from db.policy import Actor, may
from db.queries.figures import Figure
from db.queries.kpi import Kpi
from db.queries.kpis import count_rows, rows_behind

PAGE = 50


def button(actor: Actor, kpi: Kpi, figure: Figure, lens: Any, currency: str) -> None:
    st.button(t("Explain"), key=f"explain_{kpi.key}", type="tertiary", icon=":material/help:", on_click=_open, args=(kpi.key,))
    if st.session_state.get("explained") == kpi.key:
        st.dialog(t(kpi.label), width="large", on_dismiss=_close)(afresh(_body))(actor, kpi, figure, lens, currency)


def _open(key: str) -> None:
    st.session_state["explained"] = key


def _close() -> None:
    st.session_state.pop("explained", None)


def _body(actor: Actor, kpi: Kpi, figure: Figure, lens: Any, currency: str) -> None:
    st.markdown(f"### {figures.printed(kpi, figure.value, currency)}")
    st.caption(f"{lens.caption} {figures.sample(kpi, figure)}")
    with reading(actor) as session:
        terms = kpi.terms(session.organisation)
    for title, text in ((t("The question"), kpi.question), (t("Formula"), kpi.formula), (t("Take care"), kpi.pitfalls), (t("Source"), kpi.source)):
        if text:
            st.markdown(f":gray[{title}]  \n{formats.plain(t(text, **terms))}")
    st.table(pd.DataFrame(_numbers(kpi, figure, currency).items()), border="horizontal", hide_index=True, hide_header=True, alt=t("Numbers"))
    if kpi.rows:
        _rows(actor, kpi, lens)


def _numbers(kpi: Kpi, figure: Figure, currency: str) -> dict[str, str]:
    def part(value: float) -> str:
        return formats.money(value, currency) if kpi.unit == "money" else formats.number(value, 0 if value == int(value) else 2)

    found = (
        {t("Today's numbers"): f"{part(figure.numerator)} / {part(figure.denominator)}"}
        if figure.denominator is not None and figure.numerator is not None
        else {}
    )
    if figure.low is not None and figure.high is not None:
        found[t("95 % interval")] = f"{figures.printed(kpi, figure.low, currency)} … {figures.printed(kpi, figure.high, currency)}"
    found[t("Left out")] = formats.number(figure.left_out)
    if kpi.target is not None:
        found[t("Customary target")] = figures.printed(kpi, kpi.target, currency)
    return found


def _rows(actor: Actor, kpi: Kpi, lens: Any) -> None:
    with reading(actor) as session:
        total = count_rows(session, kpi.key, lens.as_of, lens.period, lens.filters)
    st.markdown(f"**{t('The rows behind it')}** :gray[{formats.number(total)}]")
    number = st.pagination(max(1, -(-total // PAGE)), key=f"rows_{kpi.key}") if total > PAGE else 1
    with reading(actor) as session:
        rows = rows_behind(session, kpi.key, lens.as_of, lens.period, lens.filters, limit=PAGE, offset=(number - 1) * PAGE)
    _table(actor, kpi, rows, f"rows_table_{kpi.key}_{number}")


def _table(actor: Actor, kpi: Kpi, rows: pd.DataFrame, key: str) -> None:
    words = {
        "customer": t("Customer"),
        "date": t("Date"),
        "value": t("Value"),
        "manager": t("Account manager"),
        "note": t("Note"),
        "counted": t("In the numerator"),
    }
    kept = rows[[column for column in words if column in rows and rows[column].notna().any()]].rename(columns=words)
    event: Any = st.dataframe(
        kept, hide_index=True, key=key, alt=t("The rows behind it"), placeholder="", row_height=34, on_select="rerun", selection_mode="single-cell"
    )
    if event.selection.cells:
        _close()
        go("customer", id=int(rows.iloc[event.selection.cells[0][0]]["customer_id"]))
    if not may(actor, "export", "customer"):
        return
    name = f"{kpi.key}-{secrets.token_hex(3)}.csv"
    st.download_button(
        t("Export this page (CSV)"), lambda: safe_csv(kept), file_name=name, on_click="ignore", type="tertiary", icon=":material/download:", key=f"{key}_csv"
    )
