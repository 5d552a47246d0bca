"""Ask customers to answer a survey, and note whose answer came back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select

from db import clock, records
from db.actions import customers
from db.choices import fields_for
from db.errors import Invalid
from db.models import Customer, SurveyInvitation
from db.policy import require
from db.session import CrmSession

AT_ONCE = 10_000
OPEN = ("sent", "partial")
SHARED = {"survey_id", "channel", "wave", "sent_on"}
"""What the invitations of a wave have in common."""


def invite(session: CrmSession, customer_ids: Iterable[int], survey_id: int | None, wave: str, channel: str | None = None, sent_on: date | None = None) -> int:
    """Note that these customers were sent a survey; each once a wave, and nobody who withdrew consent or wants no surveys. Returns how many were invited now.

    sent_on: today unless another day is given. Raises Invalid for a wave without a name and for more than 10,000 customers.
    """
    require(session.actor, "create", "survey_invitation")
    wanted = list(dict.fromkeys(customer_ids))
    if not wave.strip():
        raise Invalid.because("Please name the wave, such as 2026-Q4.", "wave")
    if len(wanted) > AT_ONCE:
        raise Invalid.because("At most 10,000 customers at once; please narrow the choice.")
    asked = {"survey_id": survey_id, "wave": wave.strip(), "channel": channel, "sent_on": sent_on or clock.today()}
    shared = records.validated(session, "survey_invitation", asked, [field for field in fields_for(session, "survey_invitation") if field.key in SHARED])
    invited = set(session.scalars(select(SurveyInvitation.customer_id).where(SurveyInvitation.survey_id == survey_id, SurveyInvitation.wave == shared["wave"])))
    invited |= set(session.scalars(select(SurveyInvitation.customer_id).where(SurveyInvitation.state == "declined")))
    fresh = [customer for customer in customers.chosen(session, wanted) if customer.id not in invited and _may_be_asked(customer)]
    session.add_all(SurveyInvitation(customer_id=customer.id, **shared) for customer in fresh)
    session.flush()
    return len(fresh)


def _may_be_asked(customer: Customer) -> bool:
    return customer.consent_withdrawn_on is None or customer.consent_withdrawn_on > clock.today()


def waiting(session: CrmSession, customer_id: int, survey_id: int, day: date) -> SurveyInvitation | None:
    """The customer's latest open invitation to the survey."""
    found = select(SurveyInvitation).where(
        SurveyInvitation.customer_id == customer_id, SurveyInvitation.survey_id == survey_id, SurveyInvitation.state.in_(OPEN), SurveyInvitation.sent_on <= day
    )
    return session.scalars(found.order_by(SurveyInvitation.sent_on.desc(), SurveyInvitation.id.desc()).limit(1)).first()


def settle(session: CrmSession, invitation: SurveyInvitation | None, day: date, complete: bool) -> None:
    """An answer came back: its invitation, if there is one, becomes answered, or partly answered."""
    if invitation is not None:
        invitation.state, invitation.answered_on = "answered" if complete else "partial", day
        session.flush()
