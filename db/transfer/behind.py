"""The rows behind a figure as a file: all of them, not a page."""

from __future__ import annotations

from datetime import date

from db.errors import Invalid
from db.language import t
from db.policy import require
from db.queries.filters import EVERYBODY, Filters
from db.queries.kpis import count_rows, rows_behind
from db.queries.periods import Period
from db.session import CrmSession
from db.transfer.export import as_csv, as_xlsx
from db.transfer.workbook import MAX_ROWS

ROW_HEADINGS = {"customer": "Customer", "date": "Date", "value": "Value", "manager": "Account manager", "note": "Note", "counted": "In the numerator"}


def export_rows(session: CrmSession, key: str, as_of: date, period: Period, filters: Filters = EVERYBODY, *, part: str = "all", kind: str = "csv") -> bytes:
    """A CSV or XLSX of the rows that a figure rests on. Raises Forbidden, and Invalid where a workbook could not hold them."""
    require(session.actor, "export", "customer")
    total = count_rows(session, key, as_of, period, filters, part=part)
    if kind == "xlsx" and total > MAX_ROWS:
        raise Invalid.because("A workbook holds at most {limit} rows; please choose CSV.", limit=f"{MAX_ROWS:,}")
    rows = rows_behind(session, key, as_of, period, filters, part=part, limit=total)
    rows["counted"] = [t("Yes") if counted else t("No") for counted in rows["counted"]]
    kept = rows[list(ROW_HEADINGS)].astype(object).where(rows[list(ROW_HEADINGS)].notna(), None)
    write = as_csv if kind == "csv" else as_xlsx
    return write([t(word) for word in ROW_HEADINGS.values()], kept.itertuples(index=False, name=None))
