"""Tables as a phone shows them: what stands in the first line, what a tap opens, and that nobody's words become markup."""

from __future__ import annotations

import re
from datetime import date

from components import figure_sheet, phone_rows, workload_table
from components.phone_rows import PhoneRow


def words(row: PhoneRow) -> list[str]:
    return [text for text in re.split(r"<[^>]+>", phone_rows.markup([row])) if text]


def test_words_of_users_stay_words():
    row = PhoneRow("<img src=x onerror=alert(1)>", "<b>", note="<i>", hint="&", more={"<u>": "<s>"}, way=('/customer?id=1"><script>', "<q>"))
    assert set(re.findall(r"<(\w+)", phone_rows.markup([row]))) == {"div", "details", "summary", "b", "small", "dl", "dt", "dd", "p", "a"}


def test_a_row_with_more_opens_and_one_without_is_the_link_itself():
    assert words(PhoneRow("Amy", "¥80", note="Year before: ¥40", hint="+100.0%", more={"Orders placed": "2"}, way=("/customer?id=3", "Open"))) == [
        "Amy", "¥80", "Year before: ¥40", "+100.0%", "Orders placed", "2", "Open"]
    assert '<a href="/customer?id=3">Star</a>' in phone_rows.markup([PhoneRow("Star", "09:30", way=("/customer?id=3", "Star"))])


def test_the_workload_of_one_leads_with_load_and_what_is_late():
    cells = {"Account manager": "Amy", "Customers": 12, "Load": 30, "Still open": 5, "Overdue": 2, "Available, h": 91.24, "Utilisation, %": float("nan"), "Away until": date(2026, 12, 1)}
    row = workload_table.phone_row(cells)
    assert (row.title, row.figure, row.note) == ("Amy", "Load: 30", "Still open: 5 · Overdue: 2")
    assert row.more == {"Customers": "12", "Available, h": "91.2", "Utilisation, %": "–", "Away until": "2026-12-01"}


def test_a_row_behind_a_figure_says_whether_it_counts(monkeypatch):
    monkeypatch.setattr(figure_sheet, "address", lambda page, **params: f"/{page}?id={params['id']}")
    row = figure_sheet.phone_row({"customer": "Star", "date": "2026-03-01", "value": 4.0, "note": None, "counted": True}, 7)
    assert row == PhoneRow("Star", "4", note="2026-03-01 · In the numerator", way=("/customer?id=7", "Star"))
