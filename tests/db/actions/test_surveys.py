"""Sheets: what an unhappy one sets in motion, and whose invitation they answer."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from db import clock, history
from db.actions import invitations, surveys
from db.engine import reading, transaction
from db.errors import CrmError, Invalid
from db.models import FollowUp, SurveyInvitation
from db.policy import SYSTEM
from tests.db.queries import company
from tests.db.queries.company import add, invitation, survey


def enter(actor, customer: int, survey_id: int, scores: dict[int, int | None], **common) -> int | None:
    with transaction(actor, "survey.answer") as session:
        surveys.answer(session, customer, survey_id, scores, **common)
    return session.info["change_id"]


def recoveries(actor) -> list[tuple[str, int | None, date | None]]:
    with reading(actor) as session:
        rows = select(FollowUp.subject, FollowUp.owner_id, FollowUp.due_on).where(FollowUp.recovery, FollowUp.status == "planned").order_by(FollowUp.id)
        return [tuple(row) for row in session.execute(rows)]


def states(actor=SYSTEM) -> list[tuple[int, str, date | None]]:
    with reading(actor) as session:
        rows = select(SurveyInvitation.customer_id, SurveyInvitation.state, SurveyInvitation.answered_on).order_by(SurveyInvitation.id)
        return [tuple(row) for row in session.execute(rows)]


@pytest.mark.parametrize(("score", "unhappy", "opened"), [(2, False, 1), (3, False, 0), (5, True, 1), (1, True, 1)])
def test_a_low_score_or_an_unhappy_mark_opens_one_dated_recovery_for_the_owner(acme, score, unhappy, opened):
    customer, (asked, [question]) = company.customer(acme.amy), survey(("csat", 1, 5))
    enter(acme.mia, customer, asked, {question: score}, unhappy=unhappy)
    assert recoveries(acme.mia) == [("Win back: unhappy in a survey", acme.amy.id, clock.today() + timedelta(days=2))] * opened


def test_an_answer_marked_later_opens_the_recovery_once(acme):
    customer, (asked, [question]) = company.customer(acme.amy), survey(("csat", 1, 5))
    with transaction(acme.amy, "survey.answer") as session:
        answer = surveys.answer(session, customer, asked, {question: 4})[0].id
    for unhappy in (True, False, True):
        with transaction(acme.amy, "survey_response.update") as session:
            surveys.correct(session, answer, {"unhappy": unhappy})
    assert len(recoveries(acme.amy)) == 1


def test_a_whole_sheet_answers_the_invitation_a_part_of_it_does_not_and_undo_opens_it_again(acme):
    customer, (asked, [first, second]) = company.customer(acme.amy), survey(("csat", 1, 5), ("nps", 0, 10))
    today = clock.today()
    add(invitation(customer, asked, str(today - timedelta(days=9)), wave="old"), invitation(customer, asked, str(today - timedelta(days=3)), wave="new"))
    enter(acme.amy, customer, asked, {first: 4, second: None})
    assert states() == [(customer, "sent", None), (customer, "partial", today)]
    change = enter(acme.amy, customer, asked, {first: 4, second: 9})
    assert states()[1] == (customer, "answered", today)
    history.undo(acme.amy, change)
    assert states()[1] == (customer, "partial", today)


def test_a_sheet_answers_no_other_survey_no_other_customer_and_nothing_sent_later(acme):
    customer, other, (asked, [question]), (another, _) = company.customer(acme.amy), company.customer(acme.amy), survey(("csat", 1, 5)), survey(("csat", 1, 5))
    today = clock.today()
    add(invitation(other, asked, str(today)), invitation(customer, another, str(today)), invitation(customer, asked, str(today + timedelta(days=1))),
        invitation(customer, asked, str(today), "undeliverable"))
    enter(acme.amy, customer, asked, {question: 4})
    assert [state for _, state, _ in states()] == ["sent", "sent", "sent", "undeliverable"]


def invite(actor, customers: list[int], survey_id: int, wave: str = "2026-Q4") -> int:
    with transaction(actor, "survey_invitation.invite") as session:
        return invitations.invite(session, customers, survey_id, wave)


def test_a_customer_is_invited_once_a_wave_and_nobody_who_withdrew_consent(acme):
    asked, _ = survey(("csat", 1, 5))
    mine, second, withdrawn, of_others = company.customer(acme.amy), company.customer(acme.amy), company.customer(acme.amy, consent_withdrawn_on=date(2024, 1, 1)), company.customer(acme.cy)
    assert invite(acme.amy, [mine, withdrawn, of_others], asked) == 1
    assert invite(acme.amy, [mine, second, mine], asked) == 1
    assert invite(acme.amy, [mine], asked, "2027-Q1") == 1
    assert [customer for customer, _, _ in states()] == [mine, second, mine]


def test_a_wave_has_a_name_and_viewers_invite_nobody(acme):
    asked, _ = survey(("csat", 1, 5))
    customer = company.customer(acme.amy)
    with pytest.raises(Invalid) as refused:
        invite(acme.amy, [customer], asked, "  ")
    assert list(refused.value.problems) == ["wave"]
    with pytest.raises(CrmError):
        invite(acme.vic, [customer], asked)
    assert states() == []
