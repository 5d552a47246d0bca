"""A small company's records, entered through transactions as the product does."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from db.engine import transaction
from db.models import Customer, FollowUp, Order, Question, Survey, SurveyInvitation, SurveyResponse
from db.policy import SYSTEM

_numbers = count(1)


def customer(owner: Any = None, **values: Any) -> int:
    with transaction(SYSTEM, "customer.create") as session:
        name = f"Customer {next(_numbers)}"
        record = Customer(**{"code": name, "name": name, "owner_id": owner.id if owner else None, **values})
        session.add(record)
        session.flush()
        return record.id


def add(*records: Any) -> list[int]:
    with transaction(SYSTEM, "records.create") as session:
        session.add_all(records)
        session.flush()
        return [record.id for record in records]


def purchase(customer_id: int, day: str, amount: float = 10, **values: Any) -> Order:
    return Order(customer_id=customer_id, code=f"O{next(_numbers)}", ordered_on=date.fromisoformat(day), amount=amount, **values)


def contract(customer_id: int, start: str, end: str | None = None, monthly: float = 0, **values: Any) -> Order:
    day = date.fromisoformat(start)
    ended = date.fromisoformat(end) if end else None
    return Order(customer_id=customer_id, code=f"O{next(_numbers)}", kind="contract", ordered_on=day, starts_on=day, ended_on=ended, monthly_amount=monthly, **values)


def done(customer_id: int, at: str, owner: Any = None, **values: Any) -> FollowUp:
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    return FollowUp(customer_id=customer_id, subject="Call", status="done", done_at=moment, owner_id=owner.id if owner else None, **values)


def planned(customer_id: int, due: str | None, owner: Any = None) -> FollowUp:
    return FollowUp(customer_id=customer_id, subject="Call", due_on=date.fromisoformat(due) if due else None, owner_id=owner.id if owner else None,
                    created_at=datetime(2024, 1, 1, tzinfo=UTC))


def question(kind: str, low: int, high: int, key: str = "q") -> int:
    survey = Survey(name=f"Survey {next(_numbers)}")
    add(survey)
    return add(Question(survey_id=survey.id, key=key, text=key, kind=kind, scale_min=low, scale_max=high))[0]


def answers(customer_id: int, question_id: int, scores: Iterable[int], at: str = "2024-03-10T04:00", manager: Any = None, **values: Any) -> list[int]:
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    return add(*(SurveyResponse(customer_id=customer_id, sheet=f"S{next(_numbers)}", question_id=question_id, score=score, answered_at=moment,
                                manager_id=manager.id if manager else None, **values) for score in scores))


def invitation(customer_id: int, survey_id: int, sent_on: str, state: str = "sent", answered_on: str | None = None, **values: Any) -> SurveyInvitation:
    return SurveyInvitation(customer_id=customer_id, survey_id=survey_id, sent_on=date.fromisoformat(sent_on), state=state,
                            answered_on=date.fromisoformat(answered_on) if answered_on else None, **values)


def survey(*kinds: tuple[str, int, int]) -> tuple[int, list[int]]:
    """A survey with a question of each kind and scale."""
    made = add(Survey(name=f"Survey {next(_numbers)}"))[0]
    return made, add(*(Question(survey_id=made, key=f"q{number}", text=f"Question {number}", kind=kind, scale_min=low, scale_max=high, position=number)
                       for number, (kind, low, high) in enumerate(kinds, 1)))
