"""Links by which customers answer a survey without signing in: one an invitation, good once and for a while."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from db import clock, language
from db.actions import signing, surveys
from db.actions.invitations import OPEN
from db.engine import reading, transaction
from db.errors import CrmError, Gone, Message
from db.models import Contact, Customer, Question, Survey, SurveyInvitation
from db.policy import SYSTEM, require
from db.session import CrmSession

PURPOSE = "answer"
GOOD_FOR = timedelta(days=60)
AT_ONCE = 10_000


class Answered(CrmError):
    message = Message("This survey was answered already. Thank you!")


class Declined(CrmError):
    message = Message("You told us that you want no surveys. We will not ask again.")


class Over(CrmError):
    message = Message("This survey is over. Thank you for your interest!")


@dataclass(frozen=True)
class Sheet:
    """What a customer is asked."""

    organisation: str
    survey: str
    intro: str
    questions: list[Question]


@dataclass(frozen=True)
class Link:
    """One open invitation with the end of its address."""

    code: str
    customer: str
    person: str
    email: str
    survey: str
    wave: str
    token: str


def token_of(invitation: SurveyInvitation) -> str:
    """The end of the invitation's address; always the same, so that it can be shown again."""
    return f"{invitation.id}-{signing.sign(PURPOSE, _signed(invitation))}"


def _signed(invitation: SurveyInvitation) -> str:
    return f"{invitation.id}.{invitation.customer_id}.{invitation.survey_id}"


def sheet(token: str) -> Sheet:
    """Raises Gone for a link that is not ours, Answered, Declined or Over for one that has had its time."""
    with reading(SYSTEM) as session:
        invitation = _invitation(session, token)
        survey = session.get_one(Survey, invitation.survey_id)
        return Sheet(session.organisation.name, survey.name, survey.intro or "", surveys.questions_of(session, survey.id))


def _invitation(session: CrmSession, token: str) -> SurveyInvitation:
    """The open invitation of a link; in a transaction nobody else can use it meanwhile."""
    number, _, signature = token.partition("-")
    wanted = select(SurveyInvitation).where(SurveyInvitation.id == (int(number) if number.isascii() and number.isdecimal() and len(number) < 10 else 0))
    found = session.scalars(wanted.with_for_update() if session.writes else wanted).first()
    if found is None or not signing.is_signed(PURPOSE, _signed(found), signature):
        raise Gone
    _check_open(session, found)
    return found


def _check_open(session: CrmSession, invitation: SurveyInvitation) -> None:
    survey = session.get(Survey, invitation.survey_id)
    if session.get(Customer, invitation.customer_id) is None or survey is None:
        raise Gone
    if invitation.state == "declined":
        raise Declined
    if invitation.state not in OPEN or invitation.answered_on is not None:
        raise Answered if invitation.answered_on is not None else Over
    if not survey.active or clock.today() > invitation.sent_on + GOOD_FOR:
        raise Over


def answer(token: str, scores: Mapping[int, int | None], comment: str) -> None:
    """The customer's sheet, saved as a colleague would enter it. Raises Invalid, and what `sheet` raises."""
    with transaction(SYSTEM, "survey.answer") as session:
        invitation = _invitation(session, token)
        common: dict[str, Any] = {"comment": comment, "channel": invitation.channel, "contact_id": invitation.contact_id}
        with language.speaking(session.organisation.language):
            surveys.answer(session, invitation.customer_id, invitation.survey_id, scores, invitation, **common)


def decline(token: str) -> None:
    """The customer wants no surveys: this one ends, and nobody invites again. Raises what `sheet` raises."""
    with transaction(SYSTEM, "survey_invitation.decline") as session:
        _invitation(session, token).state = "declined"


def open_links(session: CrmSession) -> list[Link]:
    """The links of the open invitations that the actor sees, the latest first, to be sent by mail or message. Raises Forbidden."""
    require(session.actor, "export", "survey_invitation")
    invited = select(SurveyInvitation, Customer, Contact, Survey.name).join(Customer, Customer.id == SurveyInvitation.customer_id)
    joined = invited.join(Survey, Survey.id == SurveyInvitation.survey_id).outerjoin(Contact, Contact.id == SurveyInvitation.contact_id)
    waiting = (SurveyInvitation.state == "sent", SurveyInvitation.sent_on >= clock.today() - GOOD_FOR, Survey.active)
    rows = session.execute(joined.where(*waiting).order_by(SurveyInvitation.id.desc()).limit(AT_ONCE))
    sign = signing.signer(PURPOSE)
    return [
        Link(customer.code, customer.name, contact.name if contact else "", (contact.email if contact else None) or customer.email or "", survey,
             invitation.wave or "", f"{invitation.id}-{sign(_signed(invitation))}")
        for invitation, customer, contact, survey in rows
    ]
