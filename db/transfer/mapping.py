"""Which heading of a file means which column: suggested in either language, decided by the person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rapidfuzz import fuzz, process

from db.choices import fields_for
from db.errors import Invalid, Message
from db.session import CrmSession
from db.transfer.columns import FILLED, SHEET, Column, columns_of, folded, words
from db.transfer.handling import MODES, Handling, keys_of

CLOSE = 90
REASON = "Why refused"
"""Heading of the column that a file of refused rows has more; left out when the mended file comes back."""
CUSTOMER_NAME = "Customer name"


def suggest(columns: Sequence[Column], headings: Iterable[str]) -> dict[str, str]:
    """Heading -> column key for every heading that is recognised; the others are left out. Exact names go before similar ones."""
    known = {name: column.key for column in reversed(columns) for name in column.names}
    exact = {heading: known[folded(heading)] for heading in headings if folded(heading) in known}
    found = {heading: key for position, (heading, key) in enumerate(exact.items()) if key not in list(exact.values())[:position]}
    for heading in headings:
        similar = process.extractOne(folded(heading), known.keys(), scorer=fuzz.ratio, score_cutoff=CLOSE) if heading not in exact else None
        if similar and known[similar[0]] not in found.values():
            found[heading] = known[similar[0]]
    return found


def unknown(headings: Iterable[str], mapping: Mapping[str, str], ignored: Iterable[str] = ()) -> list[str]:
    """The headings that no column takes, without those that are left out on purpose."""
    silent = {folded(name) for name in ignored} | {folded(name) for text in (REASON, CUSTOMER_NAME) for name in words(text)}
    return [heading for heading in headings if heading not in mapping and folded(heading) not in silent]


def worked_out(session: CrmSession, noun: str) -> list[str]:
    """Names of the fields that the product works out itself; an export has them, an import leaves them out."""
    fields = (field for part in (SHEET if noun == "sheet" else (noun,)) for field in fields_for(session, part))
    return [name for field in fields if not field.editable for name in (field.key, field.title, field.label)]


def checked(session: CrmSession, noun: str, headings: Sequence[str], mapping: Mapping[str, str], handling: Handling) -> list[tuple[int, Column]]:
    """Position in the file and column, for every mapped heading. Raises Invalid for a mapping that cannot work."""
    columns = {column.key: column for column in columns_of(session, noun)}
    chosen = {heading: key for heading, key in mapping.items() if key}
    problems = {**_mistaken(headings, chosen, columns), **_lacking(noun, set(chosen.values()), columns, handling)}
    if problems:
        raise Invalid(problems)
    return [(headings.index(heading), columns[key]) for heading, key in chosen.items()]


def _mistaken(headings: Sequence[str], chosen: Mapping[str, str], columns: Mapping[str, Column]) -> dict[str, Message]:
    problems: dict[str, Message] = {}
    for heading, key in chosen.items():
        if heading not in headings or key not in columns:
            problems[heading] = Message("The column “{heading}” cannot be matched.", {"heading": heading})
        elif list(chosen.values()).count(key) > 1:
            problems[heading] = Message("Two columns of the file are matched with “{title}”.", {"title": columns[key].title})
    return problems


def _lacking(noun: str, mapped: set[str], columns: Mapping[str, Column], handling: Handling) -> dict[str, Message]:
    if handling.mode not in MODES or (handling.mode != "create" and not (handling.by and set(handling.by) <= keys_of(noun, mapped).keys())):
        return {"": Message("No column of the file says which record a row means.")}
    if handling.mode == "update":
        return {}
    lacking = [column for column in columns.values() if not _is_fed(noun, column, mapped, columns)]
    return {column.key: Message("No column of the file is matched with “{title}”, which every row needs.", {"title": column.title}) for column in lacking}


def _is_fed(noun: str, column: Column, keys: Iterable[str], columns: Mapping[str, Column]) -> bool:
    keys = set(keys)
    source = FILLED.get((noun, column.key)) if not column.part and column.field and column.field.required else None
    if source is None:
        return not column.required or column.key in keys
    return column.key in keys or source in keys or (source == "answers" and any(columns[key].part == "answer" for key in keys if key in columns))
