"""Enter the answers of one sheet."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from db import clock, records
from db.actions import follow_ups
from db.errors import Invalid, Message
from db.language import t
from db.models import Customer, Question, SurveyResponse
from db.session import CrmSession


def questions_of(session: CrmSession, survey_id: int) -> list[Question]:
    return list(session.scalars(select(Question).where(Question.survey_id == survey_id).order_by(Question.position, Question.id)))


def answer(session: CrmSession, customer_id: int, survey_id: int, scores: Mapping[int, int | None], **common: Any) -> list[SurveyResponse]:
    """The answers of one sheet: question id -> score. A blank is no answer; a value off the scale is refused.

    common: comment, channel, contact_id, product_id, answered_at. An unhappy sheet opens a recovery follow-up.
    """
    asked = {question.id: question for question in questions_of(session, survey_id)}
    given = {id_: score for id_, score in scores.items() if score is not None}
    if not given:
        raise Invalid.because("Please answer at least one question.")
    _check_scales(asked, given)
    customer = session.get(Customer, customer_id)
    shared = {
        "customer_id": customer_id,
        "sheet": uuid.uuid4().hex[:12],
        "answered_at": clock.now(),
        "manager_id": customer.owner_id if customer else None,
        **common,
    }
    saved = [records.create(session, "survey_response", {**shared, "question_id": id_, "score": score}) for id_, score in given.items()]
    if any(_unhappy(asked[id_], score) for id_, score in given.items()):
        follow_ups.plan(
            session,
            {
                "customer_id": customer_id,
                "owner_id": shared["manager_id"] or session.actor.id,
                "subject": t("Win back: unhappy in a survey"),
                "due_on": clock.today() + timedelta(days=follow_ups.RECOVERY_DAYS),
            },
        )
    return saved  # type: ignore[return-value]


def _check_scales(asked: Mapping[int, Question], given: Mapping[int, int]) -> None:
    problems = {}
    for id_, score in given.items():
        question = asked.get(id_)
        if question is None or not question.scale_min <= score <= question.scale_max:
            problems[f"q{id_}"] = Message("This answer is outside the scale.")
    if problems:
        raise Invalid(problems)


def _unhappy(question: Question, score: int) -> bool:
    """The lowest two fifths of the scale; for the recommendation question the detractors."""
    if question.kind == "nps":
        return score <= question.scale_max - 4
    return (score - question.scale_min) * 5 < (question.scale_max - question.scale_min + 1) * 2
