"""How a field's values stand in a table: words, alignment, format; from the declaration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from components import formats
from db.fields import Field, Kind
from db.language import t

WIDE = {"name": "medium", "subject": "medium", "comment": 260, "customer_id": "medium"}


def presented(rows: pd.DataFrame, fields: Mapping[str, Field]) -> pd.DataFrame:
    """The frame with values that the table prints the same in both languages."""
    shown = {key: [_value(fields[key], value) for value in rows[key]] for key in rows.columns}
    return pd.DataFrame(shown, index=rows.index)


def _value(field: Field, value: Any) -> Any:
    if value is None or value != value:
        return None
    if field.kind in {Kind.MONEY, Kind.DECIMAL}:
        return float(value)
    if field.kind == Kind.INSTANT:
        return formats.instant(value)
    if field.kind == Kind.DATE:
        return formats.date_table(value)
    if field.kind == Kind.BOOLEAN:
        return t("Yes") if value else t("No")
    return value


def column_config(rows: pd.DataFrame, fields: Mapping[str, Field]) -> dict[str, Any]:
    return {key: _config(fields[key]) for key in rows.columns}


def _config(field: Field) -> Any:
    if field.kind in {Kind.MONEY, Kind.DECIMAL}:
        return st.column_config.NumberColumn(field.title, format="accounting" if field.kind == Kind.MONEY else "localized")
    if field.kind in {Kind.INTEGER, Kind.RATING}:
        return st.column_config.NumberColumn(field.title, format="%d")
    return st.column_config.TextColumn(field.title, width=WIDE.get(field.key))  # type: ignore[arg-type]
