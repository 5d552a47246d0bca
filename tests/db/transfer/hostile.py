"""Files that are damaged or built to harm, and what is said about each."""

from __future__ import annotations

import io
import os
import random
import struct
import zipfile
from pathlib import Path

from openpyxl import Workbook

CONTENT_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
    '<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
)
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ROOT = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
BOOK_RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
BOOK = f'<?xml version="1.0"?><workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>'
NAME_ROW = '<row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c></row>'


def sheet(rows: str, after: str = "", before: str = "") -> str:
    return f'<?xml version="1.0"?>{before}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{after}</worksheet>'


def workbook(sheet_xml: str | bytes, strings: str = f'<sst xmlns="{MAIN}"/>', book: str = BOOK, packed: bool = True, **more: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as archive:
        archive.writestr("[Content_Types].xml", CONTENT_TYPES)
        archive.writestr("_rels/.rels", ROOT)
        archive.writestr("xl/workbook.xml", book)
        archive.writestr("xl/_rels/workbook.xml.rels", BOOK_RELATIONS)
        archive.writestr("xl/worksheets/sheet1.xml", sheet_xml)
        archive.writestr("xl/sharedStrings.xml", strings)
        for name, content in more.items():
            archive.writestr(name.replace("__", "/"), content)
    return target.getvalue()


def written(*rows: list[object]) -> bytes:
    """A workbook as a spreadsheet program saves it."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def one(value: str) -> str:
    return NAME_ROW + f'<row r="2"><c r="A2" t="inlineStr"><is><t>{value}</t></is></c></row>'


def with_lie_about_size() -> bytes:
    """The zip directory says 10 bytes where there are many."""
    content = bytearray(workbook(sheet(one("x" * 30_000))))
    at = content.rindex(b"xl/worksheets/sheet1.xml") - 46
    content[at + 24 : at + 28] = struct.pack("<I", 10)
    return bytes(content)


def encrypted_zip() -> bytes:
    content = bytearray(workbook(sheet(one("x"))))
    at = content.rindex(b"xl/workbook.xml") - 46
    content[at + 8 : at + 10] = struct.pack("<H", 1)
    return bytes(content)


def zipped(name: str, text: str) -> bytes:
    """A zip with one part, not packed."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(name, text)
    return target.getvalue()


def kept(name: str) -> bytes:
    """A file of another program: `old.xls` was written by xlwt, `protected.xlsx` was given the password 'secret' by msoffcrypto-tool."""
    return (Path(__file__).parent / "files" / name).read_bytes()


RANDOM = random.Random(7).randbytes(50_000)
MANY_TAGS = "<x/>" * 2_000_000
BOMB = sheet(NAME_ROW + f'<row r="2"><c r="A2" t="inlineStr"><is><t>{"x" * 30_000_000}</t></is></c></row>')

DAMAGED: dict[str, tuple[str, bytes, str]] = {
    "nothing at all": ("x.csv", b"", "empty"),
    "only a byte order mark": ("x.csv", b"\xef\xbb\xbf", "empty"),
    "only blank lines": ("x.csv", b"\r\n\r\n   \r\n", "empty"),
    "only separators": ("x.csv", b",,,\n,,,\n", "empty"),
    "only headings": ("x.csv", b"name,city\n", "no rows"),
    "only headings in a workbook": ("x.xlsx", written(["name", "city"]), "no rows"),
    "an empty workbook": ("x.xlsx", written(), "empty"),
    "binary rubbish": ("x.csv", RANDOM, "damaged|no table|neither"),
    "binary rubbish named xlsx": ("x.xlsx", RANDOM, "called .xlsx, but is neither a workbook nor a table"),
    "a picture": ("x.csv", b"\x89PNG\r\n\x1a\n" + RANDOM, "a picture, not a table"),
    "a picture named xlsx": ("x.xlsx", b"\xff\xd8\xff\xe0" + RANDOM, "a picture, not a table"),
    "a picture of a phone": ("x.xlsx", b"\0\0\0\x24ftypheic" + RANDOM, "a picture, not a table"),
    "a sentence named xlsx": ("x.xlsx", b"Dear Ann, here is the list.\n", "called .xlsx, but is neither a workbook nor a table"),
    "a letter named xlsx": ("Letter.XLSX", b"Dear Ann, here\nis the list that you asked for.\nYours, Bo\n", "called .xlsx, but is neither a workbook nor a table"),
    "a list of words named xls": ("x.xls", b"bread\ncake\n", "called .xls, but is neither a workbook nor a table"),
    "a PDF": ("x.csv", b"%PDF-1.7\n" + RANDOM, "neither a CSV nor an XLSX"),
    "a program": ("x.xlsx", b"MZ" + RANDOM, "neither a CSV nor an XLSX"),
    "a gzip file": ("x.csv", b"\x1f\x8b\x08\x00" + RANDOM, "neither a CSV nor an XLSX"),
    "an old Excel file": ("x.xls", kept("old.xls"), r"of the old kind \(\.xls\); please save it as \.xlsx"),
    "an old Excel file named xlsx": ("x.xlsx", kept("old.xls"), r"of the old kind \(\.xls\); please save it as \.xlsx"),
    "an old Excel file named csv": ("x.csv", kept("old.xls"), r"of the old kind \(\.xls\); please save it as \.xlsx"),
    "an old Excel file that is damaged": ("x.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + RANDOM, "of the old kind"),
    "an old file of another program": ("x.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + RANDOM, "neither a CSV nor an XLSX"),
    "a workbook with a password": ("x.xlsx", kept("protected.xlsx"), "protected by a password"),
    "a workbook with a password named csv": ("x.csv", kept("protected.xlsx"), "protected by a password"),
    "a spreadsheet of LibreOffice": ("x.xlsx", zipped("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), r"another kind \(\.ods\)"),
    "a binary workbook": ("x.xlsb", zipped("xl/workbook.bin", "x"), r"another kind \(\.xlsb\)"),
    "a spreadsheet of Numbers": ("x.xlsx", zipped("Index/Document.iwa", "x"), r"another kind \(\.numbers\)"),
    "a web page": ("x.xls", b"<html><table><tr><td>name</td></tr></table></html>", "web page"),
    "a web page with a mark": ("x.csv", b"\xef\xbb\xbf<!DOCTYPE html><html></html>", "web page"),
    "a NUL": ("x.csv", b"name,city\nA,B\nC\0,D\n", "Row 3 holds a NUL"),
    "headings twice": ("x.csv", b"name,city,name\nA,B,C\n", "“name” stands over two columns: 1 and 3"),
    "headings twice in a workbook": ("x.xlsx", written(["name", "name"], ["A", "B"]), "stands over two columns"),
    "an open quotation mark": ("x.csv", b'name,city\n"A,B\nC,D\n', "Row 2 cannot be read|Row 3 cannot be read"),
    "text after a quotation": ("x.csv", b'name,city\nA,"B"C\n', "Row 2 cannot be read"),
    "a cell of 5 MB": ("x.csv", b"name,city\nA," + b"x" * 5_000_000 + b"\n", "Row 2 has a cell of more than"),
    "a quotation of 5 MB": ("x.csv", b'name,city\nA,"' + b"x\n" * 2_500_000 + b'"\n', "has a cell of more than"),
    "a cell of 5 MB in a workbook": ("x.xlsx", workbook(sheet(one(random.Random(1).randbytes(2_500_000).hex()))), "Row 2, column 1 has more than"),
    "too large": ("x.csv", b"name\n" + b"A\n" * 11_000_000, "larger than 20 MB"),
    "too many rows": ("x.csv", b"name\n" + b"A\n" * 200_001, "more than 200,000 rows"),
    "too many columns": ("x.csv", (",".join(f"c{n}" for n in range(300)) + "\n" + "1," * 299 + "1\n").encode(), "more than 200 columns"),
    "too many columns in a workbook": ("x.xlsx", written([f"c{n}" for n in range(300)], list(range(300))), "at most 50,000 rows and 200 columns"),
    "neither UTF-8 nor GB18030": ("x.csv", b"name,city\nA,B\nC\xff\xff,D\n", "Row 3 is no text"),
    "cut UTF-16": ("x.csv", "name\nÄ\n".encode("utf-16") + b"\xd8", "is no text"),
    "control characters in the headings": ("x.csv", b"na\x01me,city\nA,B\n", "control characters"),
    "a zip that is no workbook": ("x.xlsx", zipped("readme.txt", "hello"), "no workbook"),
    "a cut workbook": ("x.xlsx", workbook(sheet(one("x")))[:-200], "damaged"),
    "a workbook without a sheet": ("x.xlsx", workbook(sheet(one("x")), book=BOOK.replace("<sheets>", "<!--").replace("</sheets>", "-->")), "damaged|no visible sheet"),
    "a workbook with broken XML": ("x.xlsx", workbook(sheet(one("x"))[:-20]), "damaged"),
    "a workbook whose strings are missing": ("x.xlsx", workbook(sheet(NAME_ROW + '<row r="2"><c r="A2" t="s"><v>99</v></c></row>')), "damaged"),
    "a far away cell": ("x.xlsx", workbook(sheet(NAME_ROW + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')), "at most 50,000 rows"),
    "a far away column": ("x.xlsx", workbook(sheet(NAME_ROW + '<row r="2"><c r="XFD2"><v>1</v></c></row>')), "200 columns"),
    "many empty rows": ("x.xlsx", workbook(sheet(NAME_ROW + "<row/>" * 1_000_000), packed=False), "at most 50,000 rows"),
    "many tags": ("x.xlsx", workbook(sheet(NAME_ROW + MANY_TAGS), packed=False), "at most 50,000 rows"),
    "many empty cells": ("x.xlsx", workbook(sheet(NAME_ROW + "<row>" + "<c/>" * 2_000_000 + "</row>"), packed=False), "at most 50,000 rows"),
    "a wide row of empty cells": ("x.xlsx", workbook(sheet(NAME_ROW + "<row>" + "<c/>" * 500_000 + "</row>"), packed=False), "200 columns|no rows"),
    "merged cells without end": (
        "x.xlsx", workbook(sheet(one("x"), after="<mergeCells>" + '<mergeCell ref="A1:B2"/>' * 400_000 + "</mergeCells>"), packed=False), "at most 50,000 rows",
    ),
    "a zip bomb": ("x.xlsx", workbook(BOMB), "unpack to far more"),
    "a bomb of many parts": ("x.xlsx", workbook(sheet(one("x")), **{f"xl__media__{n}.xml": b"x" * 1_000_000 for n in range(80)}), "unpack to far more"),
    "many members": ("x.xlsx", workbook(sheet(one("x")), **{f"xl__media__{n}": b"x" for n in range(300)}), "unpack to far more"),
    "a lie about the size": ("x.xlsx", with_lie_about_size(), "damaged"),
    "an encrypted zip": ("x.xlsx", encrypted_zip(), "protected by a password"),
    "an entity bomb": (
        "x.xlsx", workbook(sheet(one("&b;"), before='<!DOCTYPE w [<!ENTITY a "xxxxxxxxxx"><!ENTITY b "&a;&a;&a;">]>')), "document type declaration",
    ),
    "an entity that reads a file": ("x.xlsx", workbook(sheet(one("&e;"), before='<!DOCTYPE w [<!ENTITY e SYSTEM "file:/etc/passwd">]>')), "document type declaration"),
    "a document type in UTF-16": (
        "x.xlsx", workbook(sheet(one("x"), before='<!DOCTYPE w [<!ENTITY a "x">]>').replace('"1.0"', '"1.0" encoding="UTF-16"').encode("utf-16")), "document type declaration",
    ),
    "formulas never worked out": ("x.xlsx", written(["name"], ["=1+1"]), "never worked out"),
    "a spreadsheet error": ("x.xlsx", workbook(sheet(NAME_ROW + '<row r="2"><c r="A2" t="e"><v>#REF!</v></c></row>')), "error #REF!"),
    "too many strings": ("x.xlsx", workbook(sheet(one("x")), strings=f'<sst xmlns="{MAIN}">' + "<si/>" * 1_100_000 + "</sst>", packed=False), "at most 50,000 rows"),
    "a huge style sheet": ("x.xlsx", workbook(sheet(one("x")), **{"xl__styles.xml": os.urandom(1_200_000).hex().encode()}), "at most 50,000 rows"),
}
