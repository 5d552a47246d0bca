"""What a cell's words stand for: the code of an option, the id of a record, the value of a field."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any

from db.choices import options
from db.fields import DATED, Field, Kind, field_of
from db.language import LANGUAGES, speaking, t
from db.models import FollowUp, SurveyResponse
from db.session import CrmSession
from db.transfer.cells import prepared, split
from db.transfer.columns import Column
from db.transfer.day_order import year_first
from db.transfer.links import Directory, directory, fold, scales
from db.validation import Refused, clean

SCORE, WRITTEN_AT = field_of(SurveyResponse, "score"), field_of(FollowUp, "done_at")

Translate = Callable[[str, str], str | None]


class Readers:
    """Loaded once per file: the words of every mapped choice and the names behind every mapped link."""

    def __init__(self, session: CrmSession, noun: str, columns: Iterable[Column], translate: Translate = lambda key, word: None, dates: str = "") -> None:
        """translate: a preset's words, column key and word -> code or None. dates: an order of day and month."""
        self.session, self.noun, self.translate, self.dates = session, noun, translate, dates
        fields = [column.field for column in columns if column.field]
        self.words = {field.key: _words(session, field) for field in fields if field.kind == Kind.CHOICE}
        self.codes: Mapping[str, dict[str, str]] = {key: {code: code for code in words.values()} for key, words in self.words.items()}
        self._directories: dict[str, Directory] = {}

    def directory(self, noun: str) -> Directory:
        if noun not in self._directories:
            self._directories[noun] = directory(self.session, noun)
        return self._directories[noun]

    @cached_property
    def scales(self) -> Mapping[int, tuple[int, int]]:
        return scales(self.session)

    def read(self, column: Column, text: str, values: Mapping[str, Any]) -> Any:
        """The cell's value for validation; links and choices are resolved. Raises Refused."""
        if column.part == "tags":
            return self._tags(text)
        if column.part == "name_part":
            return text
        if column.part == "author":
            people = self.directory("user")
            return people.find(text) if people.knows(text) else text
        if column.part == "written":
            return clean(WRITTEN_AT, prepared(Kind.INSTANT, text))
        if column.part == "answer":
            return self.score(column.question_id, text)
        assert column.field is not None
        if column.field.kind == Kind.CHOICE:
            return self._code(column.field, text)
        if column.field.kind == Kind.LINK:
            return self._link(column.field, text, values)
        return prepared(column.field.kind, year_first(text, self.dates) if column.field.kind in DATED else text)

    def _code(self, field: Field, text: str) -> str:
        words = self.words[field.key]
        code = words.get(text) or words.get(text.casefold())
        if code is None and (meant := self.translate(field.key, text)) in words:
            code = meant
        if code is None:
            raise Refused("“{value}” is not one of the options.", value=text[:60])
        return code

    def _link(self, field: Field, text: str, values: Mapping[str, Any]) -> Any:
        if field.target == self.noun:
            return text
        if field.target != "contact":
            return self.directory(field.target).find(text)
        return self.directory("contact").find((values.get("customer_id"), text)) if values.get("customer_id") else None

    def _tags(self, text: str) -> list[int]:
        known = self.directory("tag")
        return list(dict.fromkeys(known.find(name) for name in ([text] if known.knows(text) else split(text))))

    def score(self, question_id: int, text: Any) -> int:
        """An answer on the scale of its question."""
        score: int = clean(SCORE, text)
        low, high = self.scales[question_id]
        if not low <= score <= high:
            raise Refused("This answer is outside the scale.")
        return score


def _words(session: CrmSession, field: Field) -> dict[str, str]:
    """Every word in either language, and the code itself -> code; the code wins where they clash."""
    words: dict[str, str] = {}
    for option in options(session).get(field.options, []) if field.options else ():
        words.update({name: option.key for name in _spoken(option.name_en, option.name_zh)})
    for code, english in field.choices.items():
        words.update({name: code for name in _spoken(english)})
    codes = set(words.values())
    return {fold(word): code for word, code in words.items()} | words | {code: code for code in codes}


def _spoken(english: str, chinese: str | None = None) -> set[str]:
    names = {english, chinese or english}
    for language in LANGUAGES:
        with speaking(language):
            names.add(t(english))
    return names
