"""A table that was read from a file: headings and rows of text, iterated as often as needed, never held as objects."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from db.errors import Invalid
from db.transfer.cells import plain
from db.transfer.progress import Progress

MAX_ROWS = 200_000
MAX_COLUMNS = 200
MAX_CELL = 32_000
STEP = 2000
Row = tuple[int, list[str]]


@dataclass(frozen=True)
class Table:
    """The file's rows as CSV. Row numbers are those that a spreadsheet shows; the heading row has one too.

    from_workbook: short rows are whole, since empty cells are left out, and texts stand as they are; in a CSV file short rows
    are damaged, and an apostrophe may disarm a formula.
    """

    headings: tuple[str, ...]
    row_count: int
    heading_row: int
    content: bytes
    encoding: str = "utf-8"
    delimiter: str = ","
    from_workbook: bool = False

    def rows(self) -> Iterator[Row]:
        """Number and cells of every row that is not blank. Raises Invalid where the file is damaged."""
        for number, cells in lines(self.content, self.encoding, self.delimiter):
            if number > self.heading_row and any(cells):
                yield number, self._whole(cells)

    def _whole(self, cells: list[str]) -> list[str]:
        width = len(self.headings)
        while len(cells) > width and not cells[-1]:
            cells.pop()
        return cells + [""] * (width - len(cells)) if self.from_workbook else [plain(cell) for cell in cells]


def lines(content: bytes, encoding: str, delimiter: str) -> Iterator[Row]:
    """Every line with its number, cells stripped."""
    text = io.TextIOWrapper(io.BytesIO(content), encoding=encoding, newline="")
    reader = csv.reader(_without_nul(text), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, 1):
            yield number, [cell.strip() for cell in cells]
    except csv.Error as error:
        raise _unreadable(number + 1, str(error)) from error


def _without_nul(text: Iterator[str] | io.TextIOWrapper) -> Iterator[str]:
    for number, line in enumerate(text, 1):
        if "\0" in line:
            raise Invalid.because("Row {row} holds a NUL character: the file is damaged or is no table.", row=number)
        yield line


def _unreadable(row: int, reason: str) -> Invalid:
    if "field larger" in reason:
        return Invalid.because("Row {row} has a cell of more than {limit} characters.", row=row, limit=MAX_CELL)
    return Invalid.because("Row {row} cannot be read: a quotation mark is not closed, or text follows it.", row=row)


def open_lines(content: bytes, encoding: str, delimiter: str, progress: Progress, from_workbook: bool = False) -> Table:
    """Look through the whole file once: headings, number of rows, damage. Raises Invalid, Cancelled."""
    found = lines(content, encoding, delimiter)
    heading_row, headings = next(((number, cells) for number, cells in found if any(cells)), (0, []))
    if not headings:
        raise Invalid.because("The file is empty.")
    _check_headings(headings)
    count = 0
    for number, cells in found:
        count += any(cells)
        if number % STEP == 0:
            progress.tell(number)
        if count > MAX_ROWS:
            raise Invalid.because("The file has more than {limit} rows; please split it.", limit=f"{MAX_ROWS:,}")
    if not count:
        raise Invalid.because("The file has a heading row, but no rows below it.")
    return Table(tuple(headings), count, heading_row, content, encoding, delimiter, from_workbook)


def _check_headings(headings: list[str]) -> None:
    while not headings[-1]:
        headings.pop()
    if len(headings) > MAX_COLUMNS:
        raise Invalid.because("The file has more than {limit} columns.", limit=MAX_COLUMNS)
    for position, heading in enumerate(headings):
        if any(ord(character) < 32 and character not in "\n\r\t" for character in heading):
            raise Invalid.because("This file is no table: its first row holds control characters.")
        if heading and heading in headings[:position]:
            raise Invalid.because("The heading “{heading}” stands over two columns: {first} and {second}.", heading=heading[:60],
                                  first=headings.index(heading) + 1, second=position + 1)
    headings[:] = [heading or f"({position})" for position, heading in enumerate(headings, 1)]
