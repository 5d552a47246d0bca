"""What a figure means and what it was worked out from: definition, formula with today's numbers, target, the rows behind it."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from components import figures, formats
from components.clicks import clicked
from components.files_out import download
from components.insight_filters import Lens
from components.navigation import address, go
from components.pager import page_number
from components.phone_rows import PhoneRow, narrow, wide
from components.saving import attempt
from db.actions.kpi_targets import set_target
from db.engine import reading
from db.language import t, tn
from db.policy import Actor, may
from db.queries.figures import Figure
from db.queries.kpi import Kpi
from db.queries.kpi_targets import own_targets, scale, target_of
from db.queries.kpis import PARTS, count_rows, rows_behind
from db.transfer.behind import ROW_HEADINGS, export_rows

PAGE = 50


def draw_definition(actor: Actor, kpi: Kpi) -> None:
    with reading(actor) as session:
        terms = kpi.terms(session.organisation)
    for title, text in ((t("The question"), kpi.question), (t("Formula"), kpi.formula), (t("Take care"), kpi.pitfalls), (t("Source"), kpi.source)):
        if text:
            st.markdown(f":gray[{title}]  \n{formats.plain(t(text, **terms))}")


def draw_numbers(actor: Actor, kpi: Kpi, figure: Figure, currency: str) -> None:
    with reading(actor) as session:
        target = target_of(session, kpi)
    found = _numbers(kpi, figure, currency)
    if target is not None:
        found[t("Target")] = figures.printed(kpi, target, currency)
    st.table(pd.DataFrame(found.items()), border="horizontal", hide_index=True, hide_header=True, alt=t("Numbers"))


def _numbers(kpi: Kpi, figure: Figure, currency: str) -> dict[str, str]:
    def part(value: float) -> str:
        return formats.money(value, currency) if kpi.unit == "money" else formats.number(value, 0 if value == int(value) else 2)

    found = (
        {t("Today's numbers"): f"{part(figure.numerator)} / {part(figure.denominator)}"}
        if figure.denominator is not None and figure.numerator is not None
        else {}
    )
    if figure.low is not None and figure.high is not None:
        found[t("95% interval")] = f"{figures.printed(kpi, figure.low, currency)} … {figures.printed(kpi, figure.high, currency)}"
    found[t("Left out")] = formats.number(figure.left_out)
    return found


def draw_target(actor: Actor, kpi: Kpi) -> None:
    """The organisation's own target, for those who may set it; empty goes back to the customary one."""
    if not may(actor, "update", "kpi_target"):
        return
    with reading(actor) as session:
        own = own_targets(session).get(kpi.key)
    customary = formats.number(kpi.target * scale(kpi), 1) if kpi.target is not None else formats.NOTHING
    with st.popover(t("Set the target"), icon=":material/flag:", type="tertiary"), st.form(f"target_{kpi.key}", border=False):
        hint = t("Customary: {value}. Left empty, that holds.", value=customary)
        label = t("Target, %") if scale(kpi) == 100 else t("Target value")
        value = st.number_input(label, value=own, step=0.1, format="%.2f", key=f"target_value_{kpi.key}")
        st.caption(hint)
        pressed = st.form_submit_button(t("Save"), type="primary", icon=":material/check:")
    if pressed and attempt(actor, "kpi_target.update", lambda session: set_target(session, kpi.key, value), t("Target saved")) is not None:
        st.rerun()


def draw_rows(actor: Actor, kpi: Kpi, figure: Figure, lens: Lens) -> None:
    """The rows behind the figure, a page at a time; a click opens the customer."""
    if not kpi.rows:
        return
    st.markdown(f"**{t('The rows behind it')}**")
    part = _part(kpi, figure)
    with reading(actor) as session:
        total = count_rows(session, kpi.key, lens.as_of, lens.period, lens.filters, part=part)
    number = page_number(total, PAGE, f"rows_{kpi.key}_{part}")
    with reading(actor) as session:
        rows = rows_behind(session, kpi.key, lens.as_of, lens.period, lens.filters, part=part, limit=PAGE, offset=(number - 1) * PAGE)
    _table(rows, f"rows_table_{kpi.key}_{part}_{number}")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(tn("{n} row", "{n} rows", total))
        if may(actor, "export", "customer") and total:
            for kind, word in (("csv", t("CSV")), ("xlsx", t("Excel"))):
                _download(word, kpi, lens, part, kind)


def _part(kpi: Kpi, figure: Figure) -> str:
    if figure.denominator is None:
        return "all"
    words = dict(zip(PARTS, (t("All"), t("In the numerator"), t("The rest")), strict=True))
    key = f"rows_part_{kpi.key}"
    return str(st.pills(t("Rows"), PARTS, default="all", format_func=words.__getitem__, key=key, label_visibility="collapsed", required=True))


def _download(word: str, kpi: Kpi, lens: Lens, part: str, kind: str) -> None:
    def make(session: Any) -> bytes:
        return export_rows(session, kpi.key, lens.as_of, lens.period, lens.filters, part=part, kind=kind)

    download(word, make, kpi.key, kind, f"rows_{kpi.key}_{kind}")


def _table(rows: pd.DataFrame, key: str) -> None:
    words = {column: t(word) for column, word in ROW_HEADINGS.items()}
    shown = rows[[column for column in words if column in rows and rows[column].notna().any()]]
    with wide("rows"):
        event: Any = st.dataframe(
            shown.rename(columns=words),
            hide_index=True,
            key=key,
            alt=t("The rows behind it"),
            placeholder="",
            row_height=34,
            column_config={words["note"]: st.column_config.TextColumn(width=280)},
            on_select="rerun",
            selection_mode="single-cell",
        )
    narrow("rows", [phone_row(cells, int(customer)) for cells, customer in zip(shown.to_dict("records"), rows["customer_id"], strict=True)])
    row = clicked(event, len(rows))
    if row is not None:
        st.session_state.pop("explained", None)
        go("customer", id=int(rows.iloc[row]["customer_id"]))


def phone_row(cells: dict[Any, Any], customer: int) -> PhoneRow:
    """Customer and value; the other cells below as they are."""
    words = {column: _cell(value) for column, value in cells.items()}
    name, value, way = words.pop("customer", ""), words.pop("value", ""), address("customer", id=customer)
    return PhoneRow(name, value, note=" · ".join(filter(None, words.values())), way=(way, name) if way else None)


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return t("In the numerator") if value else ""
    if value is None or value != value:
        return ""
    return formats.number(value, 0 if value == int(value) else 2) if isinstance(value, int | float) else str(value)
