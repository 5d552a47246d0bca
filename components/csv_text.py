"""A small table as CSV that a spreadsheet opens without running anything."""

from __future__ import annotations

import csv
import io

import pandas as pd

from db.transfer.cells import safe


def safe_csv(rows: pd.DataFrame) -> bytes:
    """UTF-8 with its mark, everything quoted, formulas disarmed."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(rows.columns)
    writer.writerows([["" if value is None or value != value else safe(str(value)) for value in row] for row in rows.itertuples(index=False)])
    return text.getvalue().encode("utf-8-sig")
