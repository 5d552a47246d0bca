"""Survey answers: a sheet a row, or an answer a row."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Set
from typing import Any

from db.errors import Invalid
from db.session import CrmSession
from db.transfer.items import Item
from db.transfer.reading import Readers
from db.transfer.shape import Shape
from db.validation import Refused


class SurveyShape(Shape):
    """One row a sheet, with a column per question; or one row an answer, with the columns question and score."""

    fills = frozenset({"sheet", "manager_id", "question_id", "score"})

    def __init__(self, session: CrmSession, noun: str, readers: Readers, mapped: Set[str]) -> None:
        super().__init__(session, noun, readers, mapped)
        self.sheets: dict[Any, str] = {}

    def build(self, item: Item, values: dict[str, Any]) -> None:
        answers = {key: values.pop(key) for key in [key for key in values if isinstance(key, int)]}
        if "question_id" in values and "score" in values:
            question_id = values.pop("question_id")
            try:
                answers[question_id] = self.readers.score(question_id, values.pop("score"))
            except Refused as refused:
                raise Invalid({"score": refused.message}) from refused
        if not answers:
            raise Refused("Please answer at least one question.")
        self.fill_person(values, "manager_id")
        values.setdefault("sheet", self._sheet(values, len(answers) > 1))
        item.mains += [{**values, "question_id": question_id, "score": score} for question_id, score in answers.items()]

    def _sheet(self, values: Mapping[str, Any], whole: bool) -> str:
        """Answers of one customer at one moment belong together; a row with several answers is a sheet of its own."""
        moment = object() if whole else (values.get("customer_id"), values.get("answered_at"))
        return self.sheets.setdefault(moment, uuid.uuid4().hex[:12])
