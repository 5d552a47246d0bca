"""Enter the answers of one sheet, and what an unhappy one sets in motion."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import select

from db import clock, records
from db.actions import follow_ups, invitations
from db.errors import Invalid, Message
from db.language import t
from db.models import Customer, FollowUp, Question, SurveyInvitation, SurveyResponse
from db.models.survey import is_unhappy
from db.session import CrmSession


def questions_of(session: CrmSession, survey_id: int) -> list[Question]:
    return list(session.scalars(select(Question).where(Question.survey_id == survey_id).order_by(Question.position, Question.id)))


def answer(session: CrmSession, customer_id: int, survey_id: int, scores: Mapping[int, int | None], invitation: SurveyInvitation | None = None,
           **common: Any) -> list[SurveyResponse]:
    """The answers of one sheet: question id -> score. A blank is no answer; a value off the scale is refused.

    common: comment, channel, contact_id, product_id, answered_at, unhappy. A sheet with a low score, or marked as unhappy,
    opens a recovery follow-up; the invitation, else the customer's open one to the survey, becomes answered, or partly answered.
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
    rows = [{**shared, "question_id": id_, "score": score} for id_, score in given.items()]
    saved = [cast(SurveyResponse, records.create(session, "survey_response", row)) for row in rows]
    day = clock.local(saved[0].answered_at).date()
    invitations.settle(session, invitation or invitations.waiting(session, customer_id, survey_id, day), day, complete=given.keys() == asked.keys())
    if saved[0].unhappy or any(_unhappy(asked[id_], score) for id_, score in given.items()):
        _recover(session, saved[0])
    return saved


def enter(session: CrmSession, values: Mapping[str, Any]) -> SurveyResponse:
    """One answer by itself: the fields of the noun. It sets in motion what a sheet does."""
    given = dict(values)
    question = session.get(Question, given.pop("question_id", None) or 0)
    score, customer_id = given.pop("score", None), given.pop("customer_id", None)
    if question is None or score is None or customer_id is None:
        empty = {"question_id": question, "score": score, "customer_id": customer_id}
        raise Invalid({key: Message("Please fill in this field.") for key, value in empty.items() if value is None})
    return answer(session, customer_id, question.survey_id, {question.id: score}, **given)[0]


def correct(session: CrmSession, id_: int, values: Mapping[str, Any], version: int | None = None) -> SurveyResponse:
    """Change an answer; one that is marked as unhappy only now opens the recovery follow-up, unless one is open."""
    before = cast(SurveyResponse, records.get(session, "survey_response", id_)).unhappy
    record = cast(SurveyResponse, records.update(session, "survey_response", id_, values, version))
    if record.unhappy and not before and not _recovering(session, record.customer_id):
        _recover(session, record)
    return record


def _recover(session: CrmSession, record: SurveyResponse) -> None:
    follow_ups.recover(session, record.customer_id, t("Win back: unhappy in a survey"), record.contact_id)


def _recovering(session: CrmSession, customer_id: int) -> bool:
    open_ = select(FollowUp.id).where(FollowUp.customer_id == customer_id, FollowUp.status == "planned", FollowUp.recovery)
    return session.scalar(open_.limit(1)) is not None


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
    return bool(is_unhappy(score, question.scale_min, question.scale_max))
