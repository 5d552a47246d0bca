"""A standard report as a workbook: what it is in its head rows, numbers as numbers, nothing that a spreadsheet would run."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from db import clock
from db.language import t
from db.policy import require
from db.queries import reports
from db.queries.periods import Period
from db.queries.reports import Column, Report
from db.queries.turnover import View
from db.session import CrmSession
from db.transfer.cells import without_controls
from db.transfer.export import as_csv
from db.transfer.workbook import MAX_ROWS

NUMBER_FORMATS = {
    "number": "#,##0",
    "money": "#,##0.00",
    "difference": "+#,##0.00;-#,##0.00;0.00",
    "percent": "0.0%",
    "change": "+0.0%;-0.0%;0.0%",
    "date": "yyyy-mm-dd",
}
WIDTHS = {"text": 34, "money": 20, "difference": 20, "number": 12, "percent": 12, "change": 12, "date": 14}
CSV_ROWS = 1_000_000
TITLE, BOLD, GREY = Font(bold=True, size=14), Font(bold=True), Font(color="5B6475")
HEADING, LINE = PatternFill("solid", fgColor="F4F5F8"), Border(top=Side("thin", color="334155"))


def workbook(session: CrmSession, key: str, view: View) -> bytes:
    """The report up to 50,000 rows with its total. Raises Forbidden for those who may not export."""
    require(session.actor, "export", reports.NOUN)
    report, found = reports.named(key), reports.whole(session, key, view, MAX_ROWS)
    book = Workbook(write_only=True)
    sheet = book.create_sheet(t(report.label)[:31])
    columns = (Column("label", report.group, "text"), *report.columns)
    for letter, column in zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", columns, strict=False):
        sheet.column_dimensions[letter].width = WIDTHS[column.unit]
    sheet.append([_cell(sheet, t(report.label), "text", font=TITLE)])
    head = heading_lines(session, view)
    for label, value in head:
        sheet.append([_cell(sheet, label, "text", font=GREY), _cell(sheet, value, "text")])
    sheet.append([])
    sheet.freeze_panes = f"B{len(head) + 4}"
    sheet.append([_heading(sheet, column, session.organisation.currency) for column in columns])
    for row in found.rows.to_dict("records"):
        sheet.append([_cell(sheet, row[column.key], column.unit) for column in columns])
    sheet.append([_cell(sheet, value, column.unit, font=BOLD, border=LINE) for column, value in zip(columns, _totals(report, found.total), strict=True)])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def table(session: CrmSession, key: str, view: View) -> bytes:
    """The report as CSV: one heading row, all rows, no total, so that other programs can go on with it."""
    require(session.actor, "export", reports.NOUN)
    report, found = reports.named(key), reports.whole(session, key, view, CSV_ROWS)
    keys = ["label", *(column.key for column in report.columns)]
    headings = [t(report.group), *(t(column.label) for column in report.columns)]
    return as_csv(headings, ([None if value != value else value for value in (row[key] for key in keys)] for row in found.rows.to_dict("records")))


def heading_lines(session: CrmSession, view: View) -> list[tuple[str, str]]:
    """What a report on paper or in a file says of itself."""
    running = f" ({t('to date')})" if view.period.is_running(view.as_of) else ""
    words = reports.filter_words(session, view.filters)
    return [
        (t("Organisation"), session.organisation.name),
        (t("Period"), f"{_span(view.now)}{running}"),
        (t("Compared with"), _span(view.before)),
        *([(t("Filter"), t(", ").join(words))] if words else []),
        (t("Made"), f"{clock.local(clock.now()):%Y-%m-%d %H:%M} · {session.actor.name}"),
    ]


def _span(period: Period) -> str:
    return f"{period.start.isoformat()} – {period.last.isoformat()}"


def _heading(sheet: Any, column: Column, currency: str) -> Any:
    label = f"{t(column.label)}{t(', ')}{currency}" if column.unit in {"money", "difference"} else t(column.label)
    cell = _cell(sheet, label, "text", font=BOLD, fill=HEADING)
    cell.alignment = Alignment(horizontal="left" if column.unit == "text" else "right", wrap_text=True, vertical="top")
    return cell


def _totals(report: Report, total: dict[str, Any]) -> list[Any]:
    return [t("Total"), *(total[column.key] for column in report.columns)]


def _cell(sheet: Any, value: Any, unit: str, **style: Any) -> Any:
    """Text stays text, whatever it begins with; what is missing is an empty cell."""
    empty = value is None or value != value
    day = isinstance(value, str) and unit == "date"
    shown = None if empty else date.fromisoformat(value) if day else without_controls(value) if isinstance(value, str) else value
    cell: Any = WriteOnlyCell(sheet, value=shown)  # type: ignore[arg-type]
    if isinstance(shown, str):
        cell.data_type = "s"
    if unit in NUMBER_FORMATS:
        cell.number_format = NUMBER_FORMATS[unit]
    for name, part in style.items():
        setattr(cell, name, part)
    return cell
