"""The rows that were refused, as a file: the same columns and the reason, to be mended and imported again."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

from db.errors import Message
from db.language import sentences, t
from db.transfer.cells import safe
from db.transfer.mapping import REASON
from db.transfer.table import Table


def file_of(table: Table, problems: Mapping[int, Mapping[str, Message]], titles: Mapping[str, str]) -> bytes:
    """The reason stands in the first column, so that it is in place for rows that are too long as well."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, quoting=csv.QUOTE_ALL)
    writer.writerow([t(REASON), *(safe(heading) for heading in table.headings)])
    for number, cells in table.rows():
        if number in problems:
            writer.writerow([reason(problems[number], titles), *(safe(cell) for cell in cells)])
    return target.getvalue().encode("utf-8-sig")


def reason(messages: Mapping[str, Message], titles: Mapping[str, str]) -> str:
    """All that is wrong with a row, in the reader's language."""
    return sentences(t("{label}: {value}", label=titles[key], value=message) if key in titles else str(message) for key, message in messages.items())
