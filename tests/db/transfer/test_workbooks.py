from __future__ import annotations

import io
from datetime import date, datetime

from openpyxl import Workbook

from db.transfer.reader import read
from tests.db.transfer.hostile import BOOK, MAIN, NAME_ROW, one, sheet, workbook, written


def cells(content: bytes) -> list[list[str]]:
    return [row for _, row in read("x.xlsx", content).rows()]


def test_numbers_dates_and_texts_are_read_as_people_see_them():
    row = [7, 7.5, "007", True, date(2024, 3, 1), datetime(2024, 3, 1, 14, 30), None, "海源", 13912345678, 0.1 + 0.2, 1 / 3, 1e-7]
    assert cells(written([f"h{n}" for n in range(12)], row)) == [
        ["7", "7.5", "007", "true", "2024-03-01", "2024-03-01 14:30:00", "", "海源", "13912345678", "0.3", "0.333333333333333", "0.0000001"],
    ]


def test_percent_cells_hold_what_they_show():
    book = Workbook()
    book.active.append(["discount", "share"])
    book.active.append([0.5, 0.07])
    for cell, form in zip(book.active[2], ("0%", "0.0%"), strict=True):
        cell.number_format = form
    target = io.BytesIO()
    book.save(target)
    assert cells(target.getvalue()) == [["50%", "7%"]]


def test_rows_keep_the_numbers_that_the_spreadsheet_shows():
    table = read("x.xlsx", written([], ["name", "city"], [], ["A"], [None, None], ["B", "Ningbo"]))
    assert table.row_count == 2
    assert list(table.rows()) == [(4, ["A", ""]), (6, ["B", "Ningbo"])]


def test_the_first_visible_sheet_is_read():
    book = Workbook()
    book.active.sheet_state = "hidden"
    book.active.append(["secret"])
    shown = book.create_sheet("Data")
    for row in (["name"], ["A"]):
        shown.append(row)
    target = io.BytesIO()
    book.save(target)
    assert cells(target.getvalue()) == [["A"]]


def test_a_worked_out_formula_gives_its_result():
    row = '<row r="2"><c r="A2" t="str"><f>UPPER("a")</f><v>A</v></c></row>'
    assert cells(workbook(sheet(NAME_ROW + row))) == [["A"]]


def test_names_lie_and_the_bytes_tell():
    assert cells(workbook(sheet(one("A")))) == [row for _, row in read("x.csv", workbook(sheet(one("A")))).rows()] == [["A"]]
    for name, text in (("x.xlsx", "name,city\nA,B\n"), ("x.xls", "name\tcity\nA\tB\n"), ("X.XLSX", "\nname;city\n\nA;B\nC;D;E\n")):
        assert next(row for _, row in read(name, text.encode("gb18030")).rows()) == ["A", "B"]


def test_apostrophes_of_a_workbook_are_part_of_the_text():
    assert cells(written(["name"], ["'=quoted"])) == [["'=quoted"]]


def test_a_gap_of_many_empty_rows_is_passed_over():
    row = '<row r="40000"><c r="A40000" t="inlineStr"><is><t>A</t></is></c></row>'
    assert list(read("x.xlsx", workbook(sheet(NAME_ROW + row))).rows()) == [(40000, ["A"])]


def test_days_are_those_that_the_spreadsheet_shows_in_either_way_of_counting():
    """2024-03-01 is day 45352 since 1900 and day 43890 since 1904."""
    styles = f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'.encode()
    for serial, book in ((45352, BOOK), (43890, BOOK.replace("<sheets>", '<workbookPr date1904="1"/><sheets>'))):
        row = f'<row r="2"><c r="A2" s="1"><v>{serial}</v></c></row>'
        assert cells(workbook(sheet(NAME_ROW + row), book=book, **{"xl__styles.xml": styles})) == [["2024-03-01"]]


def test_of_merged_cells_the_first_holds_the_value():
    rows = [["region", "name"], ["East", "A"], [None, "B"]]
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.active.merge_cells("A2:A3")
    target = io.BytesIO()
    book.save(target)
    assert cells(target.getvalue()) == [["East", "A"], ["", "B"]]
