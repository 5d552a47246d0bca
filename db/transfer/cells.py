"""One cell on its way in or out: formulas made harmless and brought back, dates as spreadsheets write them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from db.fields import DATED, Kind

STARTS = "=+-@\t\r\0＝＋－＠"
LIVE = re.compile(f"'*[{re.escape(STARTS)}]")
DOUBTFUL = frozenset(f"'{STARTS}")
"""What such a text begins with: most texts begin otherwise."""
PLAIN_NUMBER = re.compile(r"-\d+(\.\d+)?")
SEPARATORS = re.compile('[;,；，、"]')
NAME = re.compile(r'\s*"((?:[^"]|"")+)"|([^;,；，、"]+)')
CONTROL = re.compile("[\u0000-\u0008\u000b\u000c\u000e-\u001f]")
WRITTEN_INSTANT = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?[ T]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?")


def safe(text: str) -> str:
    """The text with an apostrophe before anything that a spreadsheet would run as a formula; `plain` takes it off again."""
    return f"'{text}" if text[:1] in DOUBTFUL and LIVE.match(text) and not PLAIN_NUMBER.fullmatch(text) else text


def plain(text: str) -> str:
    return text[1:] if text.startswith("'") and LIVE.match(text) else text


def joined(names: Iterable[str]) -> str:
    """Names in one cell; `split` takes them apart again."""
    return "; ".join('"' + name.replace('"', '""') + '"' if SEPARATORS.search(name) else name for name in names)


def split(text: str) -> list[str]:
    found = (quoted.replace('""', '"') if quoted else bare.strip() for quoted, bare in NAME.findall(text))
    return [name for name in found if name]


def without_controls(text: str) -> str:
    return CONTROL.sub("", text)


def prepared(kind: Kind, text: str) -> str:
    """A date or time as spreadsheets write it, in the form that validation reads."""
    found = WRITTEN_INSTANT.fullmatch(unicodedata.normalize("NFKC", text)) if kind in DATED else None
    if found is None or (kind == Kind.INSTANT and "." in text):
        return text
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
    written = f"{year:04d}-{month:02d}-{day:02d}"
    return written if kind == Kind.DATE else f"{written}T{hour:02d}:{minute:02d}:{second:02d}"
