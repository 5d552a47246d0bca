"""All of workload in one table, for reading and for taking along."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from components import formats
from components.csv_text import safe_csv
from components.files_out import download
from components.insight_filters import Lens
from components.phone_rows import PhoneRow, narrow, wide
from db.language import t
from db.policy import Actor, may

ON_A_PHONE = 20
"""Managers at once; a tap opens all columns of each, which are sent along."""


def full_table(actor: Actor, table: pd.DataFrame, lens: Lens) -> None:
    words = _words()
    shown = table.assign(utilisation=table["utilisation"].astype(float) * 100)[list(words)].rename(columns=words)
    tenths = (words["done_target"], words["visits_target"], words["available_hours"], words["booked_hours"])
    config: dict[str, Any] = {column: st.column_config.NumberColumn(format="%.1f") for column in tenths}
    config[words["utilisation"]] = st.column_config.NumberColumn(format="%.0f")
    config[words["away"]] = st.column_config.DateColumn(format="YYYY-MM-DD")
    if shown[words["away"]].isna().all():
        shown = shown.drop(columns=words["away"])
    st.markdown(f"**{t('All columns')}** :gray[{lens.caption}]")
    with wide("workload"):
        st.dataframe(shown, hide_index=True, key="workload_table", row_height=36, column_config=config, placeholder="", alt=t("Workload per account manager"))
    by_load = shown.sort_values(words["load"], ascending=False, kind="stable")
    narrow("workload", [phone_row(row) for row in by_load.to_dict("records")], at_once=ON_A_PHONE)
    if may(actor, "export", "follow_up"):
        download(t("CSV"), lambda _session: safe_csv(shown.map(_exact)), t("Workload"), "csv", "workload_csv")


def phone_row(cells: dict[Any, Any]) -> PhoneRow:
    """Load, what is open and what of it is late; the other columns behind a tap."""
    words = _words()
    printed = {word: _printed(cells[word]) for word in words.values() if word in cells}
    name, load = printed.pop(words["name"]), formats.labelled(words["load"], printed.pop(words["load"]))
    note = " · ".join(formats.labelled(words[key], printed.pop(words[key])) for key in ("open", "overdue"))
    return PhoneRow(name, load, note=note, more=printed)


def _printed(value: Any) -> str:
    if isinstance(value, int | float):
        return formats.number(value, 0 if value != value or value == int(value) else 1)
    return formats.date_table(value) if isinstance(value, date) and value == value else str(value) if isinstance(value, str) else formats.NOTHING


def _exact(value: Any) -> Any:
    """Figures as the file keeps them: no more decimals than there is meaning."""
    return round(value, 2) if isinstance(value, float) else value


def _words() -> dict[str, str]:
    return {
        "name": t("Account manager"),
        "customers": t("Customers"),
        "load": t("Load"),
        "open": t("Still open"),
        "overdue": t("Overdue"),
        "days_overdue": t("Days overdue"),
        "done": t("Done"),
        "done_target": t("Target"),
        "visits": t("Visits"),
        "visits_target": t("Visit target"),
        "complaints": t("Complaints"),
        "booked_hours": t("Booked, h"),
        "available_hours": t("Available, h"),
        "utilisation": t("Utilisation, %"),
        "away": t("Away until"),
    }


