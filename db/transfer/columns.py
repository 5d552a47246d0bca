"""The columns that a noun's file may have: the declared fields, and for some nouns what hangs on the record."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from db.choices import fields_for
from db.fields import Field, field_of
from db.language import LANGUAGES, current, speaking, t
from db.models import NOUNS, FollowUp, OrderLine, Question, Survey
from db.policy import Actor, may
from db.session import CrmSession

IMPORTABLE = ("customer", "contact", "follow_up", "order", "survey_response", "product", "product_line", "order_line", "survey", "question",
              "survey_invitation", "tag", "target", "team", "user", "sheet")
SHEET = ("customer", "contact", "follow_up", "order")
"""What a sheet for everything may hold, in the order of writing."""
TITLES = {"sheet": "Customers with contacts, follow-ups and orders"}
LINE = ("product_id", "quantity", "price", "discount", "cost")
TAGS = "tags"
FIRST, LAST = "first_name", "last_name"
AUTHOR, WRITTEN = "author", "written_at"
"""Of old notes: who wrote them and when, as far as the house they come from knew."""
ENDINGS = ("_id", "_at", "_on")
"""Of field keys; people leave them out."""
FILLED = {("contact", "name"): "last_name", ("order", "ordered_on"): "starts_on", ("follow_up", "subject"): "content",
          ("survey_response", "sheet"): "customer_id",
          ("order_line", "customer_id"): "order_id", ("survey_response", "question_id"): "answers", ("survey_response", "score"): "answers"}
"""Required fields that the import fills from another column when they have none of their own."""


@dataclass(frozen=True, eq=False)
class Column:
    """noun, own: in a sheet for everything, the noun and its own column; also: further folded names.

    part: '' a field of the record, 'line' of its order line, 'tags', 'name_part', 'author' and 'written' of an old note,
    or 'answer' to the question of that id.
    """

    key: str
    labels: tuple[str, str]
    field: Field | None = None
    part: str = ""
    question_id: int = 0
    required: bool = False
    noun: str = ""
    own: Column | None = None
    also: frozenset[str] = frozenset()

    @property
    def title(self) -> str:
        return self.labels[tuple(LANGUAGES).index(current())]

    @property
    def names(self) -> set[str]:
        """Everything a heading may call it, folded."""
        return {folded(name) for name in (self.key, self.key[:-3] if self.key.endswith(ENDINGS) else "", *self.labels)} - {""} | self.also


def folded(heading: str) -> str:
    """A heading without case, spaces and punctuation, full-width letters made plain."""
    return "".join(character for character in unicodedata.normalize("NFKC", heading).casefold() if character.isalnum())


def columns_of(session: CrmSession, noun: str) -> tuple[Column, ...]:
    if noun == "sheet":
        return tuple(column for part in SHEET for column in _in_sheet(session, part))
    own = [_column(field) for field in fields_for(session, noun) if field.editable]
    return (*own, *_attached(session, noun))


def _in_sheet(session: CrmSession, noun: str) -> Iterator[Column]:
    nouns = words(NOUNS[noun].words[0])
    for column in columns_of(session, noun):
        if column.key not in {"customer_id", "contact_id"}:
            labels = f"{nouns[0]}: {column.labels[0]}", f"{nouns[1]}：{column.labels[1]}"
            required, also = noun == "customer" and column.required, frozenset(column.names) if noun == "customer" else frozenset()
            yield Column(f"{noun}.{column.key}", labels, column.field, column.part, column.question_id, required, noun, column, also)


def title_of(noun: str) -> str:
    """What a file of this noun holds, in the reader's words."""
    return t(TITLES[noun] if noun in TITLES else NOUNS[noun].words[1])


def may_import(actor: Actor, noun: str) -> bool:
    return noun in IMPORTABLE and all(may(actor, "import", part) for part in (SHEET if noun == "sheet" else (noun,)))


def _column(field: Field, part: str = "") -> Column:
    required = not part and field.required and (field.noun, field.key) not in FILLED
    return Column(field.key, _both(field), field, part, required=required)


def _both(field: Field) -> tuple[str, str]:
    labels = []
    for language in LANGUAGES:
        with speaking(language):
            labels.append(field.title)
    return labels[0], labels[1]


def words(text: str) -> tuple[str, str]:
    """A sentence of the catalogue in both languages."""
    labels = []
    for language in LANGUAGES:
        with speaking(language):
            labels.append(t(text))
    return labels[0], labels[1]


def _attached(session: CrmSession, noun: str) -> Iterator[Column]:
    if noun == "customer":
        yield Column(TAGS, words("Tags"), part="tags")
    elif noun == "contact":
        yield Column(FIRST, words("First name"), part="name_part")
        yield Column(LAST, words("Last name"), part="name_part")
    elif noun == "follow_up":
        yield Column(AUTHOR, words("Written by"), part="author")
        yield Column(WRITTEN, words("Written at"), field_of(FollowUp, "done_at"), part="written")
    elif noun == "order":
        yield from (_column(field_of(OrderLine, key), "line") for key in LINE)
    elif noun == "survey_response":
        yield from _answers(session)


def _answers(session: CrmSession) -> Iterator[Column]:
    """One column per question; its key, or survey/key where two surveys share the key."""
    asked = select(Question, Survey.name).join(Survey, Survey.id == Question.survey_id)
    rows = session.execute(asked.order_by(Survey.id, Question.position, Question.id)).all()
    taken = {key for key in NOUNS["survey_response"].__mapper__.column_attrs.keys()}  # noqa: SIM118  a collection without __iter__ of keys
    keys = [question.key for question, _ in rows]
    for question, survey in rows:
        plain = keys.count(question.key) == 1 and question.key not in taken
        yield Column(question.key if plain else f"{survey}/{question.key}", (question.text, question.text), part="answer", question_id=question.id)
