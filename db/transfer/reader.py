"""The guarded reader: any file a person may send becomes a Table or a clear message, within bounds of time and memory."""

from __future__ import annotations

import codecs
import re
from itertools import islice

from db.errors import Invalid, Message
from db.transfer.kinds import is_called_workbook, no_workbook, refuse_other_kinds
from db.transfer.progress import Progress
from db.transfer.table import Table, lines, open_lines
from db.transfer.workbook import sheet_as_csv

MAX_BYTES = 20 * 1024 * 1024
CHUNK = 1 << 20
DELIMITERS = ",;\t"


def read(name: str, content: bytes, progress: Progress | None = None) -> Table:
    """The table in a CSV or XLSX file, told by its bytes: names lie. Raises Invalid saying what is wrong and in which row, Cancelled when asked to stop."""
    try:
        return _read(name, content, progress or Progress())
    except Invalid as invalid:
        raise Invalid({key: Message("{file}: {what}", {"file": name[-60:], "what": what}) for key, what in invalid.problems.items()}) from invalid


def _read(name: str, content: bytes, progress: Progress) -> Table:
    progress.begin("read")
    if not content.strip(b"\r\n\t \xef\xbb\xbf"):
        raise Invalid.because("The file is empty.")
    if len(content) > MAX_BYTES:
        raise Invalid.because("The file is larger than {limit} MB.", limit=MAX_BYTES // 2**20)
    refuse_other_kinds(name, content)
    if content.startswith(b"PK\x03\x04"):
        return open_lines(sheet_as_csv(content, progress), "utf-8", ",", progress, from_workbook=True)
    if is_called_workbook(name) and not _is_table(content):
        raise no_workbook(name)
    encoding = encoding_of(content)
    progress.begin("read", content.count(b"\n"))
    return open_lines(content, encoding, delimiter_of(content, encoding), progress)


def _is_table(content: bytes) -> bool:
    """Whether text begins with a heading of several columns and a row of as many, so that it may be read although it is called otherwise."""
    try:
        encoding = encoding_of(content)
        filled = (cells for _, cells in lines(content, encoding, delimiter_of(content, encoding)) if any(cells))
        widths = [len(cells) for cells in islice(filled, 2)]
    except Invalid:
        return False
    return len(widths) == 2 and widths[0] == widths[1] > 1


def encoding_of(content: bytes) -> str:
    """UTF-8, UTF-16 or GB18030. Raises Invalid with the row where reading fails."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = ["utf-16"]
    else:
        head = content[:2000]
        wide = max(("utf-16-le", head[1::2].count(0)), ("utf-16-be", head[0::2].count(0)), key=lambda pair: pair[1])
        candidates = [wide[0]] if wide[1] * 5 > len(head) else ["utf-8-sig", "gb18030"]
    failed_at = -1
    for candidate in candidates:
        position = _first_failure(content, candidate)
        if position is None:
            return candidate
        failed_at = max(failed_at, position)
    raise Invalid.because("Row {row} is no text in UTF-8, GB18030 or UTF-16: the file is damaged or is no table.", row=content.count(b"\n", 0, failed_at) + 1)


def _first_failure(content: bytes, encoding: str) -> int | None:
    decoder = codecs.getincrementaldecoder(encoding)()
    for start in range(0, len(content), CHUNK):
        try:
            decoder.decode(content[start : start + CHUNK], final=start + CHUNK >= len(content))
        except UnicodeError as error:
            return start + max(getattr(error, "start", 0), 0)
    return None


def delimiter_of(content: bytes, encoding: str) -> str:
    """The separator that the heading row uses most, outside quotation marks."""
    text = content[:65_536].decode(encoding, errors="ignore").lstrip("\ufeff")
    first = next((line for line in text.splitlines() if line.strip()), "")
    bare = re.sub(r'"[^"]*"', "", first)
    return max(DELIMITERS, key=bare.count)
