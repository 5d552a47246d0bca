"""Three hundred files that are broken or built to harm, from declared recipes: a base file and what is done to it."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable, Iterator

from tests.db.transfer.hostile import BOOK, MAIN, NAME_ROW, one, sheet, workbook, written

File = tuple[str, bytes]
TABLE = "name,city,birthday,owner\r\nHarbour Bakery,Ningbo,1980-02-29,amy\r\n\"North, Mill\",杭州,,bo\r\n"
SAVED = written(["name", "city", "birthday"], ["Harbour Bakery", "Ningbo", "1980-02-29"], ["North Mill", "Hangzhou", None])
KINDS = {
    "pdf": b"%PDF-1.7\n", "png": b"\x89PNG\r\n\x1a\n", "jpg": b"\xff\xd8\xff\xe0", "gif": b"GIF89a", "elf": b"\x7fELF\x02", "exe": b"MZ\x90\x00", "gz": b"\x1f\x8b\x08",
    "rar": b"Rar!\x1a\x07", "7z": b"7z\xbc\xaf\x27\x1c", "xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "html": b"<!doctype html><table>", "xml": b"<?xml version='1.0'?><a/>",
    "json": b'{"name": ["A", "B"]}', "rtf": b"{\\rtf1\\ansi hello}", "sqlite": b"SQLite format 3\x00", "mp3": b"ID3\x04\x00", "bz2": b"BZh91AY", "tar": b"a.txt" + b"\0" * 95,
    "py": b"import os\nos.system('x')\n", "parquet": b"PAR1\x15\x04", "svg": b"<svg onload='x'/>", "eml": b"From: a@b.example\nTo: c\n\nhello",
}
CELLS = {  # what stands in the second row of a workbook, as spreadsheet XML
    "no such string": '<c r="A2" t="s"><v>99</v></c>', "a negative string": '<c r="A2" t="s"><v>-1</v></c>', "a string that is no number": '<c r="A2" t="s"><v>x</v></c>',
    "an unknown type": '<c r="A2" t="zz"><v>1</v></c>', "a number that is none": '<c r="A2"><v>abc</v></c>', "not a number": '<c r="A2"><v>NaN</v></c>',
    "infinity": '<c r="A2"><v>INF</v></c>', "a huge number": '<c r="A2"><v>1e400</v></c>', "many digits": f'<c r="A2"><v>{"9" * 400}</v></c>',
    "a boolean of 7": '<c r="A2" t="b"><v>7</v></c>', "a boolean word": '<c r="A2" t="b"><v>maybe</v></c>', "a date before all": '<c r="A2" t="d"><v>0000-00-00</v></c>',
    "a date of words": '<c r="A2" t="d"><v>yesterday</v></c>', "an error": '<c r="A2" t="e"><v>#REF!</v></c>', "an unknown error": '<c r="A2" t="e"><v>#GETTING_DATA</v></c>',
    "no value": '<c r="A2"/>', "an empty text": '<c r="A2" t="inlineStr"><is/></c>', "no address": '<c t="inlineStr"><is><t>A</t></is></c>',
    "an address of nothing": '<c r="" t="inlineStr"><is><t>A</t></is></c>', "a bad address": '<c r="2A" t="inlineStr"><is><t>A</t></is></c>',
    "a row of zero": '<c r="A0" t="inlineStr"><is><t>A</t></is></c>', "the last column": '<c r="XFD2"><v>1</v></c>', "beyond the last column": '<c r="ZZZZ2"><v>1</v></c>',
    "a style that is not there": '<c r="A2" s="9999"><v>1</v></c>', "a negative style": '<c r="A2" s="-5"><v>1</v></c>', "a formula": '<c r="A2"><f>1+1</f></c>',
    "a formula that calls out": '<c r="A2" t="str"><f>WEBSERVICE("http://x.example")</f><v>A</v></c>', "a shared formula": '<c r="A2"><f t="shared" si="0"/><v>2</v></c>',
    "an array formula": '<c r="A2"><f t="array" ref="A2:A9999999">1</f><v>2</v></c>', "a script": '<c r="A2" t="inlineStr"><is><t>&lt;script&gt;</t></is></c>',
    "an entity": '<c r="A2" t="inlineStr"><is><t>&nope;</t></is></c>', "a control character": '<c r="A2" t="inlineStr"><is><t>&#1;</t></is></c>',
    "an escaped control": '<c r="A2" t="inlineStr"><is><t>_x0000_</t></is></c>', "a text turned round": '<c r="A2" t="inlineStr"><is><t>\u202eevil</t></is></c>',
    "the same cell twice": '<c r="A2"><v>1</v></c><c r="A2"><v>2</v></c>', "cells backwards": '<c r="C2"><v>1</v></c><c r="A2"><v>2</v></c>',
    "nested cells": '<c r="A2"><c r="A2"><v>1</v></c></c>', "rich text": '<c r="A2" t="inlineStr"><is><r><t>Har</t></r><r><t>bour</t></r></is></c>',
    "a phonetic text": '<c r="A2" t="inlineStr"><is><t>海</t><rPh sb="0" eb="1"><t>hai</t></rPh></is></c>',
}
AROUND = {  # what stands around the rows: (before, after)
    "a dimension that lies": ("", '<dimension ref="A1:XFD1048576"/>'), "overlapping merges": ("", '<mergeCells><mergeCell ref="A1:C3"/><mergeCell ref="B2:D4"/></mergeCells>'),
    "a merge of everything": ("", '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'), "a merge of nothing": ("", '<mergeCells><mergeCell ref=""/></mergeCells>'),
    "a link to a file": ("", '<hyperlinks><hyperlink ref="A1" location="/etc/passwd"/></hyperlinks>'),
    "rules without end": ("", '<conditionalFormatting sqref="A1:XFD1048576">' + "<cfRule/>" * 1000 + "</conditionalFormatting>"),
    "an inner document type": ('<!DOCTYPE x [<!ENTITY a "b">]>', ""), "an outer document type": ('<!DOCTYPE x SYSTEM "http://x.example/x.dtd">', ""),
    "an instruction": ("<?xml-stylesheet href='x.xsl'?>", ""), "a parameter entity": ('<!DOCTYPE x [<!ENTITY % p SYSTEM "/etc/passwd"> %p;]>', ""),
    "a billion laughs": ('<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>', ""),
    "a comment without end": ("<!-- ", ""), "a hidden section": ("", "<![CDATA[ <row/> ]]>"),
}
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030", "gbk", "big5", "shift_jis", "euc_kr", "koi8_r", "cp1252", "utf-7")
PARTS = ("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml", "xl/styles.xml")
INSERTS = {
    "a NUL": b"\0", "a lone quote": b'"', "a carriage return": b"\r", "a vertical tab": b"\x0b", "a high byte": b"\xff", "half a character": b"\xe6\xb5",
    "a formula": b"=cmd|' /C calc'!A0", "a mark": b"\xef\xbb\xbf", "a line of separators": b"\r\n,,,,,,,,,\r\n", "an escape": b"\x1b[31m",
}


def recipes() -> Iterator[tuple[str, Callable[[], File]]]:
    """Name and maker of every file."""
    yield from _tables()
    yield from _wrong_kinds()
    yield from _workbooks()
    yield from _archives()


def _csv(content: bytes) -> Callable[[], File]:
    return lambda: ("broken.csv", content)


def _tables() -> Iterator[tuple[str, Callable[[], File]]]:
    whole = TABLE.encode()
    for cut in range(1, len(whole), 7):
        yield f"a table cut after {cut} bytes", _csv(whole[:cut])
    for name in ENCODINGS:
        yield f"a table in {name}", _csv(TABLE.encode(name, errors="replace"))
        yield f"a table in {name} cut in the middle", _csv(TABLE.encode(name, errors="replace")[:61])
    for what, piece in INSERTS.items():
        for place in (0, 12, 40, len(whole)):
            yield f"{what} at {place}", _csv(whole[:place] + piece + whole[place:])
    for seed in range(30):
        yield f"a table with changed bytes, {seed}", _csv(_changed(whole, seed, 6))
    for separator in ("|", ";", "\t", "~", " ", "\u3001"):
        yield f"separated by {separator!r}", _csv(TABLE.replace(",", separator).encode())
    for columns in (201, 5000, 1_000_000):
        yield f"{columns} columns", lambda columns=columns: ("broken.csv", b",".join([b"c"] * columns) + b"\n")
    for length in (33_000, 200_000):
        yield f"a heading of {length} characters", lambda length=length: ("broken.csv", b"n" * length + b"\nA\n")


def _wrong_kinds() -> Iterator[tuple[str, Callable[[], File]]]:
    noise = random.Random(11).randbytes(3000)
    for kind, start in KINDS.items():
        yield f"a {kind} file named csv", lambda start=start: ("broken.csv", start + noise)
        yield f"a {kind} file named xlsx, short", lambda start=start: ("broken.xlsx", start)


def _workbooks() -> Iterator[tuple[str, Callable[[], File]]]:
    for what, cell in CELLS.items():
        yield f"a workbook with {what}", lambda cell=cell: ("broken.xlsx", workbook(sheet(f'{NAME_ROW}<row r="2">{cell}</row>')))
    for what, (before, after) in AROUND.items():
        yield f"a workbook with {what}", lambda before=before, after=after: ("broken.xlsx", workbook(sheet(one("A"), after=after, before=before)))
    for what, book in {
        "no sheets": BOOK.replace('<sheet name="S" sheetId="1" r:id="rId1"/>', ""), "a sheet that is not there": BOOK.replace("rId1", "rId9"),
        "a very hidden sheet": BOOK.replace('name="S"', 'name="S" state="veryHidden"'), "the years of 1904": BOOK.replace("<sheets>", '<workbookPr date1904="1"/><sheets>'),
        "no workbook": "<x/>", "no XML": "workbook", "an empty workbook part": "",
    }.items():
        yield f"a workbook with {what}", lambda book=book: ("broken.xlsx", workbook(sheet(one("A")), book=book))
    for name in ("utf-16", "utf-32", "utf-7", "cp037"):
        yield f"a sheet in {name}", lambda name=name: ("broken.xlsx", workbook(sheet(one("A")).replace('"1.0"', f'"1.0" encoding="{name}"').encode(name)))
    yield "tags in tags", lambda: ("broken.xlsx", workbook(f'<?xml version="1.0"?><worksheet xmlns="{MAIN}">' + "<a>" * 20_000 + "</a>" * 20_000 + "</worksheet>"))
    yield "a row far below", lambda: ("broken.xlsx", workbook(sheet(NAME_ROW + '<row r="999999"><c r="A999999"><v>1</v></c></row>')))


def _archives() -> Iterator[tuple[str, Callable[[], File]]]:
    for cut in range(1, 20):
        yield f"a workbook cut at {cut}/20", lambda cut=cut: ("broken.xlsx", SAVED[: len(SAVED) * cut // 20])
    for seed in range(30):
        yield f"a workbook with changed bytes, {seed}", lambda seed=seed: ("broken.xlsx", b"PK\x03\x04" + _changed(SAVED[4:], seed, 12))
    for part in PARTS:
        yield f"a workbook without {part}", lambda part=part: ("broken.xlsx", _repacked(part, None))
        yield f"a workbook with rubbish for {part}", lambda part=part: ("broken.xlsx", _repacked(part, b"\0rubbish"))
        yield f"a workbook with an unclosed {part}", lambda part=part: ("broken.xlsx", _repacked(part, b"<a><b>"))
    for name in ("../../etc/passwd", "/etc/cron.d/x", "C:\\x.exe", "xl/worksheets/sheet2.xml", "x" * 300):
        yield f"a workbook that also holds {name[:30]}", lambda name=name: ("broken.xlsx", _repacked(name, b"<x/>"))
    yield "a zip in a zip", lambda: ("broken.xlsx", _repacked("xl/worksheets/sheet1.xml", SAVED))
    yield "a workbook after a program", lambda: ("broken.xlsx", b"MZ" + SAVED)
    yield "a workbook before rubbish", lambda: ("broken.xlsx", SAVED + b"rubbish" * 1000)


def _changed(content: bytes, seed: int, count: int) -> bytes:
    chance, changed = random.Random(seed), bytearray(content)
    for _ in range(count):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _repacked(name: str, content: bytes | None) -> bytes:
    """The saved workbook with one part left out, replaced or added."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(SAVED)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in source.namelist():
            if member != name:
                archive.writestr(member, source.read(member))
        if content is not None:
            archive.writestr(name, content)
    return target.getvalue()
