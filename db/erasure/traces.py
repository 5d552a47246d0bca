"""By what a person is known, and where those words stand outside the person's own records."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import phonenumbers
from sqlalchemy import ColumnElement, String, Text, and_, cast, delete, false, func, or_, select, update

from db import journal
from db.batches import batches
from db.dialect import position_of, within_json
from db.erasure.removal import LOOSE
from db.fields import fields_of
from db.models import NOUNS, Change, ChangePayload, ChangeRow, Contact, Customer
from db.policy import ACCOUNT
from db.session import UNGUARDED, CrmSession

MARK = "•••"
IDENTIFYING = ("name", "phone", "mobile", "email", "im", "address", "credit_code")
SWEPT = (*ACCOUNT, "saved_view", "absence", "tag", "product", "product_line", "survey")
NAMED_FOR_THEMSELVES = {"product", "product_line", "survey"}
"""Of these only the long texts are looked through."""
IDENTITY_OF_OTHERS = {*IDENTIFYING, "code", "website"}
"""Of other customers and contacts these stay, though they were the same: they are theirs."""
REFERENCES = {"code", "digest", "media_type", "sheet", "wave", "status", "noun"}
SHORTEST = 4
TELEPHONE = re.compile(r"[+\d][\d\s().-]{6,}")
"""Also found where it stands inside a longer row of digits."""


@dataclass(frozen=True)
class Traces:
    """Names are redacted as whole words, and not with people who bear the same; numbers and addresses everywhere."""

    names: frozenset[str]
    numbers: frozenset[str]

    @classmethod
    def of(cls, values: Iterable[tuple[str, Any]]) -> Traces:
        """values: pairs of a field's key and what stands or stood in it."""
        known = [(key, str(value).strip()) for key, value in values if key in IDENTIFYING and value]
        names = {value for key, value in known if key == "name" and (len(value) >= SHORTEST or (len(value) > 1 and not value.isascii()))}
        numbers = {variant for key, value in known if key != "name" for variant in _variants(value) if len(variant) > SHORTEST}
        return cls(frozenset(names), frozenset(numbers))

    def redacted(self, text: str, names: bool = True) -> str:
        for words in sorted(self.numbers | (self.names if names else frozenset()), key=len, reverse=True):
            text = self.expression(words).sub(MARK, text)
        return text

    def expression(self, words: str) -> re.Pattern[str]:
        edge = (r"(?<![A-Za-z0-9])", r"(?![A-Za-z0-9])") if words.isascii() and not TELEPHONE.fullmatch(words) else ("", "")
        return re.compile(f"{edge[0]}{re.escape(words)}{edge[1]}", re.NOFLAG if self.is_one_word(words) else re.IGNORECASE)

    def is_one_word(self, words: str) -> bool:
        """A name such as Grace or Mark is taken as written: in small letters it is a word like others."""
        return words in self.names and words.isalpha()


def _variants(value: str) -> set[str]:
    """A telephone number is also written without its spaces and without its country."""
    bare = re.sub(r"[\s().-]", "", value)
    if not re.fullmatch(r"\+?\d{6,}", bare):
        return {value}
    try:
        national = {str(phonenumbers.parse(bare, "CN").national_number)}
    except phonenumbers.NumberParseException:
        national = set()
    return {value, bare, *national}


def sweep(session: CrmSession, traces: Traces) -> int:
    """Redact the words wherever else they stand, and forget the journal's values that hold them; returns how many records were redacted."""
    spared = _namesakes(session, traces)
    count = sum(_redact(session, noun, traces, spared) for noun in SWEPT)
    held = [_mentions(session, column, traces, ChangeRow.customer_id, spared, in_json=True) for column in (ChangePayload.before, ChangePayload.after)]
    rows = select(ChangeRow.id).join(ChangePayload, ChangePayload.change_row_id == ChangeRow.id).where(ChangeRow.noun.in_(SWEPT), or_(*held))
    found = list(session.scalars(rows, execution_options=UNGUARDED))
    for ids in batches(found, 500):
        session.execute(delete(ChangePayload).where(ChangePayload.change_row_id.in_(ids)), execution_options=LOOSE)
    return count


def forget_notes(session: CrmSession, traces: Traces, codes: Iterable[str]) -> None:
    """Take the notes of changes away that tell of the person, such as a file's name, or a code that people made up of a name."""
    words = Traces(traces.names | frozenset(codes), traces.numbers)
    held = _mentions(session, Change.note, words, None, frozenset(), in_json=False)
    rows = session.execute(select(Change.id, Change.note).where(held), execution_options=UNGUARDED)
    found = [id_ for id_, note in rows if words.redacted(note or "") != note]
    for ids in batches(found, 500):
        session.execute(update(Change).where(Change.id.in_(ids)).values(note=None, note_salt=None), execution_options=LOOSE)


def _namesakes(session: CrmSession, traces: Traces) -> frozenset[int]:
    """Customers that bear the same name, or have a contact who does: with them the name stays."""
    wanted = [name.lower() for name in traces.names]
    customers = session.scalars(select(Customer.id).where(func.lower(Customer.name).in_(wanted)), execution_options=UNGUARDED).all()
    of_contacts = session.scalars(select(Contact.customer_id).where(func.lower(Contact.name).in_(wanted)), execution_options=UNGUARDED).all()
    return frozenset((*customers, *of_contacts))


def _mentions(session: CrmSession, column: Any, traces: Traces, customer: Any, spared: frozenset[int], in_json: bool) -> ColumnElement[bool]:
    assert session.bind is not None
    dialect, text = session.bind.dialect.name, cast(column, Text)

    def holds(words: frozenset[str]) -> ColumnElement[bool]:
        forms = {word: within_json(dialect, word) if in_json else word for word in words}
        exact = [position_of(text, form) > 0 for form in forms.values()]
        return or_(false(), *exact, *(position_of(func.lower(text), form.lower()) > 0 for word, form in forms.items() if not traces.is_one_word(word)))

    named = holds(traces.names)
    if customer is not None and spared:
        named = and_(named, or_(customer.is_(None), customer.not_in(spared)))
    return or_(holds(traces.numbers), named)


def _redact(session: CrmSession, noun: str, traces: Traces, spared: frozenset[int]) -> int:
    model: Any = NOUNS[noun]
    customer = model.id if noun == "customer" else getattr(model, "customer_id", None)
    texts, kept_as_json = _free_texts(noun), [key for key in ("custom", "state") if hasattr(model, key)]
    if not texts and not kept_as_json:
        return 0
    held = [_mentions(session, getattr(model, key), traces, customer, spared, key in kept_as_json) for key in (*texts, *kept_as_json)]
    rows = session.execute(select(model).where(or_(*held)), execution_options={**UNGUARDED, "with_deleted": True}).scalars().all()
    return sum(_rewrite(session, record, (*texts, *kept_as_json), traces, spared) for record in rows)


def _free_texts(noun: str) -> list[str]:
    others = IDENTITY_OF_OTHERS if noun in {"customer", "contact"} else set()
    fields = [field for field in fields_of(NOUNS[noun]) if not field.choices and not field.options and field.key not in REFERENCES | others]
    long = (Text,) if noun in NAMED_FOR_THEMSELVES else (String, Text)
    return [field.key for field in fields if isinstance(getattr(NOUNS[noun], field.key).type, long)]


def _rewrite(session: CrmSession, record: Any, keys: Iterable[str], traces: Traces, spared: frozenset[int]) -> bool:
    noun, customer = type(record).__tablename__, record.id if isinstance(record, Customer) else getattr(record, "customer_id", None)
    names = customer not in spared
    values = {key: after for key in keys if (before := getattr(record, key)) and (after := _redacted(before, traces, names)) != before}
    if values:
        statement = update(type(record)).where(type(record).id == record.id).values(**values, version=record.version + 1)
        session.execute(statement, execution_options=LOOSE)
        journal.record_erasure(session, noun, record.id, customer)
    session.expunge(record)
    return bool(values)


def _redacted(value: Any, traces: Traces, names: bool) -> Any:
    if isinstance(value, str):
        return traces.redacted(value, names)
    if isinstance(value, dict):
        return {key: _redacted(part, traces, names) for key, part in value.items()}
    return [_redacted(part, traces, names) for part in value] if isinstance(value, list | tuple) else value


def same_elsewhere(session: CrmSession, traces: Traces, but: set[tuple[str, int]], limit: int = 20) -> Iterator[tuple[str, int, str]]:
    """Other customers and contacts with the same number or address: noun, id, title. What is theirs stays."""
    for noun, model in (("customer", Customer), ("contact", Contact)):
        columns = [getattr(model, key) for key in IDENTIFYING if key != "name" and hasattr(model, key)]
        rows = session.execute(select(model.id, model.name).where(or_(*(column.in_(traces.numbers) for column in columns))).order_by(model.id).limit(limit))
        yield from ((noun, id_, name) for id_, name in rows if (noun, id_) not in but)


def told(payload: Any) -> Iterator[tuple[str, Any]]:
    """The pairs of key and value of a payload's two sides."""
    for side in (payload.before, payload.after):
        yield from (json.loads(json.dumps(side or {}))).items()
