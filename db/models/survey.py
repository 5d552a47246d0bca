from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped

from db import clock
from db.base import OfCustomer, Record, newest_first, only
from db.fields import Field, derived, field

SURVEY_KINDS = {"csat": "CSAT", "nps": "NPS", "ces": "CES"}
INVITATION_STATES = {"sent": "Sent", "undeliverable": "Undeliverable", "answered": "Answered in full", "partial": "Partly answered",
                     "declined": "Wants no surveys"}


def is_unhappy(score: Any, minimum: Any, maximum: Any) -> Any:
    """The lowest two fifths of a scale, as a condition of columns or of numbers."""
    return (score - minimum) * 5 < (maximum - minimum + 1) * 2


class Survey(Record):
    __tablename__ = "survey"
    words = ("Survey", "Surveys")
    prefix = "S"

    name: Mapped[str] = field(String(200), unique=True, ui=Field(listed=True, searchable=True))
    intro: Mapped[str | None] = field(Text, ui=Field(label="Introduction", max_length=5000))
    active: Mapped[bool] = field(default=True, ui=Field(label="In use", listed=True, filterable=True))


class Question(Record):
    __tablename__ = "question"
    words = ("Question", "Questions")
    prefix = "Q"
    title_key = "text"

    survey_id: Mapped[int] = field(ForeignKey("survey.id"), ui=Field(listed=True, filterable=True))
    key: Mapped[str] = field(String(40), ui=Field(label="Key", listed=True))
    text: Mapped[str] = field(String(500), ui=Field(label="Wording", listed=True))
    kind: Mapped[str] = field(String(10), default="csat", ui=Field(choices=SURVEY_KINDS, listed=True))
    scale_min: Mapped[int] = field(default=1, ui=Field(label="Scale from", minimum=-10, maximum=100, listed=True))
    scale_max: Mapped[int] = field(default=5, ui=Field(label="Scale to", minimum=-10, maximum=100, listed=True))
    position: Mapped[int] = field(default=0, ui=Field(minimum=0, maximum=1000))

    __table_args__ = (Index("ix_question_survey", "survey_id", "position"),)


class SurveyResponse(OfCustomer, Record):
    """One answer to one question; the answers of one sheet share `sheet`."""

    __tablename__ = "survey_response"
    words = ("Survey answer", "Survey answers")
    prefix = "R"
    title_key = "sheet"

    sheet: Mapped[str] = field(String(40), ui=Field())
    question_id: Mapped[int] = field(ForeignKey("question.id"), ui=Field(listed=True, filterable=True))
    score: Mapped[int] = field(ui=Field(listed=True))
    comment: Mapped[str | None] = field(Text, ui=Field(listed=True, max_length=5000))
    unhappy: Mapped[bool] = field(default=False, ui=Field(label="Customer is unhappy", filterable=True, hint="Opens a recovery follow-up, whatever the score."))
    channel: Mapped[str | None] = field(String(40), ui=Field(options="channel", listed=True, filterable=True))
    contact_id: Mapped[int | None] = field(ForeignKey("contact.id"), ui=Field())
    product_id: Mapped[int | None] = field(ForeignKey("product.id"), ui=Field(filterable=True))
    manager_id: Mapped[int | None] = field(ForeignKey("user.id"), ui=Field(label="Manager at the time", filterable=True))
    answered_at: Mapped[datetime] = field(ui=Field(label="Answered", listed=True, past=True))

    answered_on: Mapped[date | None] = derived()
    """Derived: the local day of `answered_at`."""

    def derive(self) -> None:
        self.answered_on = clock.local(self.answered_at).date() if self.answered_at else None

    __table_args__ = (
        Index("ix_survey_response_deleted", "deleted_at"),
        Index("ix_survey_response_account_deleted", "account_owner_id", "deleted_at"),
        newest_first("ix_survey_response_answered", "answered_at"),
        Index("ix_survey_response_customer", "customer_id", "answered_on"),
        Index("ix_survey_response_question", "question_id", "answered_on", "score", "manager_id", "customer_id", "deleted_at"),
        Index("ix_survey_response_account", "account_owner_id", "question_id", "answered_on", "score", "manager_id", "customer_id", "deleted_at"),
        Index("ix_survey_response_comment", "question_id", "score", "answered_on", **only("comment IS NOT NULL")),
        Index("ix_survey_response_sheet", "sheet"),
    )


class SurveyInvitation(OfCustomer, Record):
    """A survey sent to a customer: whether it arrived, and whether it came back complete."""

    __tablename__ = "survey_invitation"
    words = ("Survey invitation", "Survey invitations")
    prefix = "SI"
    title_key = "id"

    survey_id: Mapped[int] = field(ForeignKey("survey.id"), ui=Field(listed=True, filterable=True))
    contact_id: Mapped[int | None] = field(ForeignKey("contact.id"), ui=Field())
    channel: Mapped[str | None] = field(String(40), ui=Field(options="channel", listed=True, filterable=True))
    wave: Mapped[str | None] = field(
        String(40), ui=Field(listed=True, filterable=True, hint="Invitations of one round, such as 2026-Q4; a customer counts once in each.")
    )
    sent_on: Mapped[date] = field(ui=Field(label="Sent on", listed=True, filterable=True, past=True))
    state: Mapped[str] = field(String(20), default="sent", ui=Field(label="Status", choices=INVITATION_STATES, listed=True, filterable=True))
    answered_on: Mapped[date | None] = field(ui=Field(label="Answered", listed=True, past=True))

    __table_args__ = (
        Index("ix_survey_invitation_deleted", "deleted_at"),
        Index("ix_survey_invitation_account_deleted", "account_owner_id", "deleted_at"),
        Index("ix_survey_invitation_customer", "customer_id", "sent_on"),
        Index("ix_survey_invitation_sent", "sent_on", "channel", "state", "account_owner_id", "deleted_at"),
        Index("ix_survey_invitation_account", "account_owner_id", "sent_on", "channel", "state", "deleted_at"),
    )
