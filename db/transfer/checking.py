"""Every row against the declaration, before anything is written: records to write, or the reasons why not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field as member
from typing import Any

from db import records
from db.choices import fields_for
from db.errors import Invalid, Message
from db.fields import Kind
from db.matching import Signs
from db.pinyin import spellings
from db.policy import Scope
from db.session import CrmSession
from db.transfer.columns import Column
from db.transfer.duplicates import Duplicates
from db.transfer.existing import Existing, Known
from db.transfer.handling import Handling
from db.transfer.items import Item
from db.transfer.presets import presets
from db.transfer.reading import Readers
from db.transfer.shapes import shape_of
from db.transfer.uniqueness import Uniqueness
from db.validation import Refused, clean

Messages = dict[int, dict[str, Message]]
"""Row number -> column key ('' for the whole row) -> message."""
LOOSE = {Kind.CHOICE, Kind.LINK}


@dataclass
class Checked:
    """What a file holds. left: how many rows mean a record that stays as it is ('skip', 'unchanged') or that there is none of ('missing');
    signs: what new customers are compared by, see `match_keys.signs_are_known`."""

    items: list[Item] = member(default_factory=list)
    problems: Messages = member(default_factory=dict)
    warnings: Messages = member(default_factory=dict)
    emptied: Messages = member(default_factory=dict)
    left: Counter[str] = member(default_factory=Counter)
    signs: Mapping[tuple[Any, ...], Signs] = member(default_factory=dict)


class Checker:
    """The rows of one noun. given: fields that are filled in though no column holds them; in_sheet: rows may name a record that a row above makes."""

    def __init__(
        self, session: CrmSession, noun: str, columns: Sequence[tuple[int, Column]], handling: Handling, given: Set[str] = frozenset(), in_sheet: bool = False
    ) -> None:
        self.session, self.noun, self.handling = session, noun, handling
        self.prefix = f"{noun}." if in_sheet else ""
        self.columns = sorted(columns, key=lambda pair: pair[1].key != "customer_id")
        self.readers = Readers(session, noun, [column for _, column in columns], self._translate, handling.dates)
        mapped = {column.key for _, column in columns if not column.part} | given
        self.shape = shape_of(session, noun, self.readers, mapped)
        self.unique = Uniqueness(session, noun)
        self.existing = Existing(session, noun, handling, in_sheet)
        self.duplicates = Duplicates(session) if noun == "customer" else None
        wanted = mapped | self.shape.fills
        known = {field.key: field for field in fields_for(session, noun) if field.editable}
        self.fields = [field for field in known.values() if field.key in wanted or field.required]
        self.key_fields = [known[key] for key in sorted({field for _, key in self.existing.keys for field in key.fields}) if key in known]
        self.updated: dict[int, Item] = {}
        within = session.row_scope("create", noun)
        self.owners = session.visible_owners(within) | {None} if noun == "customer" and within == Scope.TEAM else None

    @property
    def checkers(self) -> list[Checker]:
        return [self]

    def take(self, number: int, cells: list[str], found: Checked) -> None:
        """Keep what a row becomes. Raises Invalid with all its problems."""
        values: dict[Any, Any] = {}
        item, problems = self.read(number, cells, values, found)
        self.judge(item, values, problems)
        self.claim(item)
        self.keep(item, found)

    def read(self, number: int, cells: list[str], values: dict[Any, Any], found: Checked) -> tuple[Item, dict[str, Message]]:
        problems: dict[str, Message] = {}
        for position, column in self.columns:
            if text := cells[position]:
                try:
                    values[column.question_id or column.key] = self.readers.read(column, text, values)
                except Refused as refused:
                    loose = self.handling.lenient and column.field is not None and column.field.kind in LOOSE and not column.required
                    (found.emptied.setdefault(number, {}) if loose else problems)[self.prefix * loose + column.key] = refused.message
        return Item([number], self.noun), problems

    def judge(self, item: Item, values: dict[Any, Any], problems: dict[str, Message]) -> None:
        """Let the item become what its values say. Raises Invalid."""
        try:
            self.shape.ready(item, values)
            known = self.existing.find(self._keys(values)) if self.key_fields else None
            if known is not None and not (isinstance(known, Item) and self.shape.joins_itself):
                self._meet(item, known, values, problems)
            elif self.handling.mode == "update":
                item.verb = "missing"
            else:
                self.shape.build(item, values)
        except Refused as refused:
            problems.setdefault("", refused.message)
        except Invalid as invalid:
            problems.update({key: message for key, message in invalid.problems.items() if key not in problems})
        if not problems or item.mains:
            self._validate(item, problems)
        if problems:
            raise Invalid(problems)

    def _translate(self, key: str, word: str) -> str | None:
        preset = presets().get(self.handling.preset)
        return preset.code(self.prefix + key, word) if preset else None

    def _keys(self, values: Mapping[Any, Any]) -> dict[str, Any]:
        """The values by which the row's record is looked for, as they are kept."""
        found = {}
        for field in self.key_fields:
            try:
                found[field.key] = clean(field, values[field.key], self.readers.codes.get(field.key)) if field.key in values else None
            except Refused:
                found[field.key] = None
        return found

    def _meet(self, item: Item, known: Known, values: dict[Any, Any], problems: dict[str, Message]) -> None:
        """The row means a record that exists, or will by a row above."""
        earlier = known if isinstance(known, Item) else self.updated.get(known)
        if self.handling.mode == "skip" and isinstance(known, int):
            item.verb, item.id = "skip", known
            problems.clear()
        elif earlier is not None:
            item.joins = earlier
            self.shape.build_update(item, values)
        else:
            assert isinstance(known, int)
            item.verb, item.id = "update", known
            self.shape.build_update(item, values)

    def _validate(self, item: Item, problems: dict[str, Message]) -> None:
        partly = item.verb == "update" or item.joins is not None
        fields = [field for field in self.fields if field.key not in problems] if problems else self.fields
        for position, raw in enumerate(item.mains):
            try:
                given = [field for field in fields if field.key in raw] if partly else fields
                item.mains[position] = values = records.validated(self.session, self.noun, raw, given, self.readers.codes)
                if self.owners is not None and "owner_id" in values and values["owner_id"] not in self.owners:
                    raise Invalid.because("This colleague is not in your team.", "owner_id")
            except Invalid as invalid:
                problems.update(invalid.problems)

    def claim(self, item: Item) -> None:
        """Take what may be had once. Raises Invalid."""
        if item.joins is not None and item.mains:
            told, keys = item.joins.mains[0], {field.key for field in self.key_fields}
            differing = {key for key, value in item.mains[0].items() if key not in keys and value not in (None, "") and told.get(key, value) != value}
            if differing:
                raise Invalid(dict.fromkeys(sorted(differing), Message("Differs from row {row}, which means the same record.", {"row": item.joins.rows[0]})))
        elif item.verb == "update" and item.id is not None:
            self.updated[item.id] = item
        elif item.verb == "create":
            for values in item.mains:
                self.unique.claim(values)
            if self.noun == "customer":
                spellings(item.mains[0]["name"])
            if self.key_fields and item.mains:
                self.existing.remember(item.mains[0], item)

    def keep(self, item: Item, found: Checked) -> None:
        if item.verb in {"skip", "missing"}:
            found.left[item.verb] += 1
        elif item.joins is not None or item.verb == "create":
            self.shape.keep(item, found.items)
        else:
            found.items.append(item)
        if self.duplicates and item.verb == "create" and item.joins is None and (doubts := self.duplicates.of(item.mains[0], item.rows[0])):
            found.warnings[item.rows[0]] = doubts
