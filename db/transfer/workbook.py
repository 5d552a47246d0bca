"""An XLSX file is a zip of XML that may be built to harm: everything is measured before it is opened."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from openpyxl import load_workbook

from db.errors import CrmError, Invalid
from db.transfer.kinds import protected, refuse_other_zips
from db.transfer.progress import Progress
from db.transfer.table import MAX_CELL, MAX_COLUMNS, STEP

MAX_BYTES = 10 * 2**20
MAX_MEMBERS = 200
MAX_UNPACKED = 64 * 2**20
MAX_RATIO = 200
MAX_PLAIN_PART = 2 * 2**20
MAX_ROWS = 50_000
MAX_CELLS = 1_500_000
MAX_STRINGS = 1_000_000
NEAR_COLUMNS = 702
"""The columns A to ZZ; what lies further is counted as `far`."""
SHOWN_DIGITS = 15
"""What spreadsheet programs show of a number; the rest is the residue of binary fractions."""
PLAIN_PARTS = ("xl/workbook", "xl/styles", "xl/theme", "xl/_rels", "_rels", "docProps", "[Content")
CHUNK = 1 << 20
OVERLAP = 64
PERCENT = re.compile(rb'numFmtId="(?:9|10)"|formatCode="[^"]*%')
ERROR = re.compile(rb"""\bt=["']e["']""")

COUNTED = {
    "doctype": re.compile(rb"<!(?:DOCTYPE|ENTITY)|<\x00!\x00D|\x00<\x00!\x00D"), "tag": re.compile(rb"<"), "row": re.compile(rb"<(?:\w+:)?row[\s/>]"),
    "cell": re.compile(rb"<(?:\w+:)?c[\s/>]"), "string": re.compile(rb"<(?:\w+:)?si[\s/>]"), "far": re.compile(rb"""\br=["'][A-Z]{3,}\d|\br=["']\d{6,}["']"""),
    "unsolved": re.compile(rb"<(?:\w+:)?f(?:\s[^<>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)(?:<(?:\w+:)?v\s*(?:/>|></(?:\w+:)?v>))?</(?:\w+:)?c>"),
}


def sheet_as_csv(content: bytes, progress: Progress) -> bytes:
    """The first sheet as UTF-8 CSV, row for row. Raises Invalid for whatever is no harmless workbook, Cancelled."""
    if len(content) > MAX_BYTES:
        raise Invalid.because("The workbook is larger than {limit} MB; please save it as .csv.", limit=MAX_BYTES // 2**20)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _measure(archive)
        return _written(content, progress)
    except CrmError:
        raise
    except Exception as error:  # a damaged workbook can make the library fail in any way
        raise Invalid.because("This workbook is damaged and cannot be read; please open it in a spreadsheet program and save it again.") from error


def _measure(archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    unpacked, packed = sum(member.file_size for member in members), sum(member.compress_size for member in members)
    if any(member.flag_bits & 1 for member in members):
        raise protected()
    refuse_other_zips(archive.namelist())
    if len(members) > MAX_MEMBERS or len(set(archive.namelist())) < len(members) or unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * max(packed, 1):
        raise Invalid.because("This workbook is built to unpack to far more than it says; it is not opened.")
    for member in members:
        if member.filename.endswith((".xml", ".rels")):
            _inspect(archive, member)


def _inspect(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    found = _counts(archive, member)
    if found["doctype"]:
        raise Invalid.because("This workbook holds a document type declaration; it is not opened.")
    if member.filename.startswith("xl/worksheets/") and member.filename.endswith(".xml"):
        _check_sheet(found)
    elif member.filename == "xl/sharedStrings.xml":
        if found["string"] > MAX_STRINGS or found["tag"] > 8 * MAX_STRINGS:
            raise _too_large()
    elif member.file_size > MAX_PLAIN_PART and member.filename.startswith(PLAIN_PARTS):
        raise _too_large()


def _check_sheet(found: dict[str, int]) -> None:
    if found["cell"] > NEAR_COLUMNS * max(found["row"], 1):
        raise _too_large()
    if found["row"] > MAX_ROWS + 100 or found["cell"] > MAX_CELLS or found["far"] or found["tag"] > 100_000 + 4 * found["row"] + 8 * found["cell"]:
        raise _too_large()
    if found["unsolved"]:
        raise Invalid.because("This workbook holds formulas whose results were never worked out; please open it in a spreadsheet program and save it again.")


def _too_large() -> Invalid:
    return Invalid.because("A sheet may have at most {rows} rows and {columns} columns, empty formatted ones included; please save it as .csv.",
                           rows=f"{MAX_ROWS:,}", columns=MAX_COLUMNS)


def _counts(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> dict[str, int]:
    """How often each pattern stands in a part, read in pieces; pieces overlap at a tag, so that none is missed."""
    found = dict.fromkeys(COUNTED, 0)
    with archive.open(member) as part:
        rest = b""
        while piece := part.read(CHUNK):
            text = rest + piece
            cut = max(text.rfind(b"<", 0, len(text) - OVERLAP), 0) if len(piece) == CHUNK else len(text)
            for name, pattern in COUNTED.items():
                found[name] += sum(1 for _ in pattern.finditer(text, 0, cut)) if name != "tag" else text.count(b"<", 0, cut)
            rest = text[cut:]
        for name, pattern in COUNTED.items():
            found[name] += sum(1 for _ in pattern.finditer(rest))
    return found


def _written(content: bytes, progress: Progress) -> bytes:
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    sheet = next((sheet for sheet in book.worksheets if sheet.sheet_state == "visible"), None)
    if sheet is None:
        raise Invalid.because("This workbook has no visible sheet.")
    sheet.reset_dimensions()
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    for number, cells in enumerate(_rows(sheet, _needs_a_look(content)), 1):
        writer.writerow([_text(cell, number, position) for position, cell in enumerate(cells, 1)])
        if number % STEP == 0:
            progress.tell(number)
    book.close()
    return target.getvalue().encode()


def _needs_a_look(content: bytes) -> bool:
    """Whether the values alone do not tell what the cells say: there are percents or errors."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        percents = "xl/styles.xml" in names and PERCENT.search(archive.read("xl/styles.xml")) is not None
        return percents or any(ERROR.search(archive.read(name)) for name in names if name.endswith(".xml"))


class SpreadsheetError(str):
    """What a formula that failed left in its cell; the same words typed are a text."""


def _shown(cell: Any) -> Any:
    """A cell that shows 50% holds 0.5."""
    value = cell.value
    if cell.data_type == "e":
        return SpreadsheetError(value)
    percent = isinstance(value, int | float) and not isinstance(value, bool) and "%" in (cell.number_format or "")
    return f"{round(value * 100, 8):.8f}".rstrip("0").rstrip(".") + "%" if percent else value


def _rows(sheet: Any, needs_a_look: bool) -> Iterator[tuple[Any, ...]]:
    for number, row in enumerate(sheet.iter_rows(values_only=not needs_a_look), 1):
        cells = [_shown(cell) for cell in row] if needs_a_look else row
        last = max((position for position, cell in enumerate(cells, 1) if cell not in (None, "")), default=0)
        if last > MAX_COLUMNS or (last and number > MAX_ROWS + 1):
            raise _too_large()
        yield tuple(cells[:last])


def _text(cell: Any, row: int, column: int) -> str:
    """What the cell says, in the form that the import reads: ISO dates, plain numbers."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return format(Decimal(f"{cell:.{SHOWN_DIGITS}g}"), "f")
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, date | time | timedelta):
        return str(cell)
    text = str(cell)
    if len(text) > MAX_CELL:
        raise Invalid.because("Row {row}, column {column} has more than {limit} characters.", row=row, column=column, limit=MAX_CELL)
    if isinstance(cell, SpreadsheetError):
        raise Invalid.because("Row {row}, column {column} holds the spreadsheet error {error}.", row=row, column=column, error=text)
    return text.replace("\0", "")
