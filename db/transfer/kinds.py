"""What a file is that is no table, told by its bytes, and what its owner can do about it."""

from __future__ import annotations

import codecs
import re
from collections.abc import Container
from pathlib import PurePath

from db.errors import Invalid

NEITHER = "This is neither a CSV nor an XLSX file; please choose the table itself, as .xlsx or .csv."
NO_WORKBOOK = "This file is called {ending}, but is neither a workbook nor a table with rows; please save the table as .xlsx or .csv and import it again."
ANOTHER_KIND = "This is a spreadsheet of another kind ({kind}); please save it as .xlsx and import it again."
WORKBOOKS = {".xlsx", ".xlsm", ".xltx", ".xltm", ".xlsb", ".xls", ".xlt", ".et", ".ods", ".numbers"}
"""Endings by which people know a workbook."""
COMPOUND = b"\xd0\xcf\x11\xe0"
"""What Excel wrote before 2007, and what it still puts around a workbook with a password: https://learn.microsoft.com/openspecs/windows_protocols/ms-cfb."""
WEB_PAGE = re.compile(rb"\s*<(!doctype|html|\?xml|table|head|script|svg)", re.IGNORECASE)
PICTURE = re.compile(rb"\x89PNG|\xff\xd8\xff|GIF8|BM.{4}\0{4}|II\*\0|MM\0\*|RIFF.{4}WEBP|.{4}ftyp(?:hei|mif|avif)", re.DOTALL)
OTHER = (b"%PDF", b"\x7fELF", b"MZ", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf")
OPEN_DOCUMENT = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"
"""The first part of such a zip, never packed: https://docs.oasis-open.org/office/OpenDocument/v1.3/part2."""
IN_ZIP = {"xl/workbook.bin": ".xlsb", "Index/Document.iwa": ".numbers"}
"""Parts by which spreadsheets of other kinds are known."""


def refuse_other_kinds(name: str, content: bytes) -> None:
    """Raises Invalid for a file that says by its first bytes that it is neither text nor a zip with an XLSX file."""
    if content.startswith(COMPOUND):
        _refuse_compound(name, content)
    if WEB_PAGE.match(content.removeprefix(codecs.BOM_UTF8)):
        raise Invalid.because("This is a web page or XML, not a table; please save it as .xlsx or .csv.")
    if PICTURE.match(content):
        raise Invalid.because("This is a picture, not a table; please choose the table itself, as .xlsx or .csv.")
    if OPEN_DOCUMENT in content[:200]:
        raise Invalid.because(ANOTHER_KIND, kind=".ods")
    if content.startswith(OTHER):
        raise Invalid.because(NEITHER)


def _refuse_compound(name: str, content: bytes) -> None:
    if _holds(content, "EncryptedPackage"):
        raise protected()
    if is_called_workbook(name) or _holds(content, "Workbook") or _holds(content, "Book"):
        raise Invalid.because("This is an Excel file of the old kind (.xls); please save it as .xlsx and import it again.")
    raise Invalid.because(NEITHER)


def _holds(content: bytes, stream: str) -> bool:
    """Whether a compound file has a stream of this name: an entry of its directory is the name in 64 bytes, then its length."""
    name = stream.encode("utf-16-le")
    return name.ljust(64, b"\0") + (len(name) + 2).to_bytes(2, "little") in content


def refuse_other_zips(parts: Container[str]) -> None:
    """Raises Invalid for a zip with these parts that is no XLSX file."""
    if "xl/workbook.xml" in parts:
        return
    for part, kind in IN_ZIP.items():
        if part in parts:
            raise Invalid.because(ANOTHER_KIND, kind=kind)
    raise Invalid.because("This is a zip file, but no workbook; please take the table out of it and import that, as .xlsx or .csv.")


def protected() -> Invalid:
    return Invalid.because("This workbook is protected by a password; please save it as .xlsx without one and import it again.")


def is_called_workbook(name: str) -> bool:
    return PurePath(name).suffix.lower() in WORKBOOKS


def no_workbook(name: str) -> Invalid:
    """What is said of a file that is a workbook by its name alone."""
    return Invalid.because(NO_WORKBOOK, ending=PurePath(name).suffix.lower())
