"""All of workload in one table, for reading and for taking along."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from components.csv_text import safe_csv
from components.files_out import download
from components.insight_filters import Lens
from db.language import t
from db.policy import Actor, may


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
    st.dataframe(shown, hide_index=True, key="workload_table", row_height=36, column_config=config, placeholder="", alt=t("Workload per account manager"))
    if may(actor, "export", "follow_up"):
        download(t("CSV"), lambda _session: safe_csv(shown.map(_exact)), t("Workload"), "csv", "workload_csv")


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
        "booked_hours": t("Hours booked"),
        "available_hours": t("Hours available"),
        "utilisation": t("Utilisation, %"),
        "away": t("Away until"),
    }


