"""Where scores are kept: survey answers of one kind on one scale, or the rating inside follow-ups."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, literal, select

from db.dialect import month_of
from db.models import Customer, FollowUp, Question, SurveyResponse
from db.queries.filters import AnySelect, Filters, about, ask, attribute_of, channel_of, happened, lookup
from db.queries.periods import Period
from db.session import CrmSession

CES_SCALE = (1, 7)
Histogram = dict[Any, dict[int, int]]
"""By group how often each score was given."""
GROUPS = ("month", "manager", "product", "channel", "tier", "region", "industry", "kind", "question")


@dataclass(frozen=True)
class Answers:
    """model.score on a scale from `minimum` to `maximum`, given on `day`, credited to `person`."""

    model: Any
    score: Any
    day: Any
    person: Any
    minimum: int
    maximum: int
    conditions: tuple[ColumnElement[bool], ...]
    question_ids: tuple[int, ...] = ()

    def given(self, period: Period, filters: Filters) -> list[ColumnElement[bool]]:
        """The conditions of an answer that counts in the period."""
        within = (self.day >= period.start, self.day < period.end)
        return [*self.conditions, *within, happened(self.model), *about(self.model, filters, self.person)]


def rated_follow_ups() -> Answers:
    """The satisfaction noted by the manager after a follow-up: not asked by a survey, so a kind of its own."""
    conditions = (FollowUp.status == "done", FollowUp.rating.is_not(None))
    return Answers(FollowUp, FollowUp.rating, FollowUp.done_on, FollowUp.owner_id, 1, 5, conditions)


def survey_answers(session: CrmSession, kind: str, question_ids: tuple[int, ...] = ()) -> Answers | None:
    """The answers to the given questions, else to all of the kind; only those on the commonest scale, since scales do not compare."""
    asked = [row for row in questions(session, kind) if not question_ids or row.id in question_ids]
    if kind == "ces":
        asked = [row for row in asked if (row.scale_min, row.scale_max) == CES_SCALE]
    if not asked:
        return None
    scales = Counter((row.scale_min, row.scale_max) for row in asked)
    (low, high), _ = scales.most_common(1)[0]
    ids = tuple(row.id for row in asked if (row.scale_min, row.scale_max) == (low, high))
    column = SurveyResponse.question_id
    condition = column == ids[0] if len(ids) == 1 else column.in_(ids)
    return Answers(SurveyResponse, SurveyResponse.score, SurveyResponse.answered_on, SurveyResponse.manager_id, low, high, (condition,), ids)


def questions(session: CrmSession, kind: str | None = None) -> list[Question]:
    """The questions in the order of their surveys."""
    statement = select(Question).order_by(Question.survey_id, Question.position, Question.id)
    return list(session.scalars(statement.where(Question.kind == kind) if kind else statement))


def left_out(session: CrmSession, answers: Answers, kind: str, period: Period, filters: Filters) -> int:
    """Answers of the kind on other scales."""
    others = [row.id for row in questions(session, kind) if row.id not in answers.question_ids]
    if not others:
        return 0
    within = (SurveyResponse.question_id.in_(others), SurveyResponse.answered_on >= period.start, SurveyResponse.answered_on < period.end)
    counted = select(func.count(SurveyResponse.id)).where(*within, happened(SurveyResponse), *about(SurveyResponse, filters, SurveyResponse.manager_id))
    return int(ask(session, counted).scalar_one())


def answer_counts(session: CrmSession, period: Period, filters: Filters) -> dict[int, int]:
    """How many answers each CSAT question got, on whatever scale: question id -> n."""
    ids = [row.id for row in questions(session, "csat")]
    within = (SurveyResponse.question_id.in_(ids), SurveyResponse.answered_on >= period.start, SurveyResponse.answered_on < period.end)
    meant = (happened(SurveyResponse), *about(SurveyResponse, filters, SurveyResponse.manager_id))
    counted = select(SurveyResponse.question_id, func.count()).where(*within, *meant)
    return lookup(session, counted.group_by(SurveyResponse.question_id)) if ids else {}


def histogram(session: CrmSession, answers: Answers, period: Period, filters: Filters, by: str = "") -> Histogram:
    """How often each score was given, per group; without groups all of it is in the group ''."""
    found: Histogram = {}
    for group, score, n in ask(session, _histogram(answers, period, filters, by)):
        found.setdefault(group, {})[score] = int(n)
    return found


def _histogram(answers: Answers, period: Period, filters: Filters, by: str) -> AnySelect:
    if by == "month":
        return _by_month(answers, period, filters)
    group = _column(answers, by) if by else None
    columns = [(literal("") if group is None else group).label("group"), answers.score.label("score"), func.count().label("n")]
    statement = select(*columns).select_from(answers.model).where(*answers.given(period, filters))
    return statement.group_by(answers.score) if group is None else statement.group_by(group, answers.score)


def _by_month(answers: Answers, period: Period, filters: Filters) -> AnySelect:
    """Days first, in the order of the index, so that few dates are cut into months."""
    daily = select(answers.day.label("day"), answers.score.label("score"), func.count().label("n")).select_from(answers.model)
    days = daily.where(*answers.given(period, filters)).group_by(answers.day, answers.score).subquery()
    month = month_of(days.c.day)
    return select(month.label("group"), days.c.score, func.sum(days.c.n).label("n")).group_by(month, days.c.score)


def _column(answers: Answers, by: str) -> Any:
    own = {"manager": answers.person, "product": getattr(answers.model, "product_id", None), "channel": channel_of(answers.model),
           "question": getattr(answers.model, "question_id", None)}
    return own[by] if by in own else attribute_of(answers.model, by)


def behind(answers: Answers, period: Period, filters: Filters, counted: Any) -> AnySelect:
    """One row an answer: customer, date, score, comment, manager; `counted` marks those of the numerator."""
    comment = answers.model.rating_reason if answers.model is FollowUp else answers.model.comment
    columns = (Customer.id.label("customer_id"), Customer.name.label("customer"), answers.day.label("date"), answers.score.label("value"),
               answers.person.label("manager_id"), comment.label("note"))
    joined = select(*columns, counted.label("counted")).join(Customer, Customer.id == answers.model.customer_id)
    return joined.where(*answers.given(period, filters)).order_by(answers.day.desc(), answers.model.id.desc())
