"""A survey on a customer's phone: answered once, by its link alone, with what an unhappy answer sets in motion."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from components.web import answer_pages
from components.web.gate import Gate
from db import clock, history, records
from db.actions import answer_links, invitations
from db.actions.answer_links import Answered
from db.engine import reading, transaction
from db.errors import Forbidden, Invalid
from db.models import Change, Contact, FollowUp, Option, Survey, SurveyInvitation, SurveyResponse
from db.policy import SYSTEM
from db.transfer.links_file import export_links
from tests.db.queries import company
from tests.db.queries.company import add, invitation, survey
from tests.db.whole import whole

SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def asked(acme) -> SimpleNamespace:
    """Amy's customer, asked three questions a week ago."""
    add(Option(list_key="channel", key="mail", name_en="Mail"))
    customer, (survey_id, questions) = company.customer(acme.amy, name="Kiln", email="kiln@kiln.example"), survey(("csat", 1, 5), ("nps", 0, 10), ("ces", 1, 7))
    contact = add(Contact(customer_id=customer, name="Lin Yue", email="lin@kiln.example"))[0]
    made = add(invitation(customer, survey_id, str(clock.today() - timedelta(days=7)), channel="mail", contact_id=contact, wave="now"))[0]
    with reading(SYSTEM) as session:
        name = session.get_one(Survey, survey_id).name
    return SimpleNamespace(name=name, customer=customer, survey=survey_id, questions=questions, contact=contact, invitation=made, token=token(made))


def token(invitation_id: int) -> str:
    with reading(SYSTEM) as session:
        return answer_links.token_of(session.get_one(SurveyInvitation, invitation_id))


@pytest.fixture
def phone(asked) -> Iterator[TestClient]:
    answer_pages.PER_ADDRESS.forget()
    with TestClient(Starlette(routes=answer_pages.ROUTES, middleware=[Middleware(Gate)]), follow_redirects=False) as client:
        yield client


def send(phone, asked, *scores: object, comment: str = "", lang: str = "en"):
    given = {f"q{id_}": str(score) for id_, score in zip(asked.questions, scores, strict=False) if score is not None}
    return phone.post(f"/answer/{asked.token}?lang={lang}", data={**given, "comment": comment})


def state(id_: int) -> str:
    with reading(SYSTEM) as session:
        return session.get_one(SurveyInvitation, id_).state


def answers() -> list[SurveyResponse]:
    with reading(SYSTEM) as session:
        return list(session.scalars(select(SurveyResponse).order_by(SurveyResponse.id)))


def recoveries() -> list[int | None]:
    with reading(SYSTEM) as session:
        return list(session.scalars(select(FollowUp.owner_id).where(FollowUp.recovery)))


def test_a_sheet_is_saved_once_with_manager_channel_and_contact(acme, asked, phone):
    older = add(invitation(asked.customer, asked.survey, str(clock.today() - timedelta(days=2)), wave="next"))[0]
    assert send(phone, asked, 5, 9, 6, comment="Quick help").status_code == 200
    found = answers()
    assert [(row.score, row.manager_id, row.channel, row.contact_id, row.comment) for row in found] == [(score, acme.amy.id, "mail", asked.contact, "Quick help") for score in (5, 9, 6)]
    assert len({row.sheet for row in found}) == 1
    assert (state(asked.invitation), state(older)) == ("answered", "sent")
    assert recoveries() == []
    again = send(phone, asked, 1, 1, 1)
    assert (again.status_code, "answered already" in again.text) == (410, True)
    assert phone.get(f"/answer/{asked.token}").status_code == 410
    assert len(answers()) == 3


@SQLITE
@pytest.mark.parametrize(("scores", "opened"), [((2, None, None), 1), ((None, 6, None), 1), ((3, 7, 5), 0)])
def test_an_unhappy_answer_opens_a_recovery_for_the_owner(acme, asked, phone, scores, opened):
    assert send(phone, asked, *scores).status_code == 200
    assert recoveries() == [acme.amy.id] * opened


@SQLITE
def test_an_empty_or_impossible_sheet_comes_back_with_everything_typed(asked, phone):
    empty = send(phone, asked, comment="Only <b>words</b> & “more”")
    assert (empty.status_code, "Please answer at least one question." in empty.text) == (422, True)
    assert "Only &lt;b&gt;words&lt;/b&gt; &amp; “more”" in empty.text
    for bad in ("6", "0", "x", "²", "-1", "99999999", "1.5"):
        wrong = send(phone, asked, bad, 9)
        assert (wrong.status_code, "This answer is outside the scale." in wrong.text) == (422, True), bad
        assert re.search(r'value="9" checked', wrong.text)
    assert "invisible control characters" in send(phone, asked, 5, comment="a\u202eb").text
    assert "请至少" in send(phone, asked, lang="zh").text
    assert answers() == []


@SQLITE
def test_a_link_is_good_for_its_invitation_alone_and_for_sixty_days(acme, asked, phone):
    other = add(invitation(company.customer(acme.cy), asked.survey, str(clock.today())))[0]
    signature = asked.token.split("-")[1]
    for forged in (f"{other}-{signature}", f"{asked.invitation}-{'0' * 32}", f"{asked.invitation}-", str(asked.invitation), "x", "²-a", "9" * 40, f"-{signature}"):
        assert phone.get(f"/answer/{forged}").status_code == 404
    for day, status in ((60, 200), (61, 410)):
        with transaction(SYSTEM, "survey_invitation.update") as session:
            records.update(session, "survey_invitation", asked.invitation, {"sent_on": clock.today() - timedelta(days=day)})
        assert phone.get(f"/answer/{asked.token}").status_code == status
    with transaction(acme.ada, "survey_invitation.update") as session:
        records.update(session, "survey_invitation", asked.invitation, {"sent_on": clock.today()})
    with transaction(acme.ada, "customer.delete") as session:
        records.delete(session, "customer", asked.customer)
    assert phone.get(f"/answer/{asked.token}").status_code == 404


@SQLITE
def test_who_wants_no_surveys_is_not_asked_again_and_opening_the_link_alone_declines_nothing(acme, asked, phone):
    assert "Do not ask me again" in phone.get(f"/answer/{asked.token}/stop").text
    assert state(asked.invitation) == "sent"
    assert phone.post(f"/answer/{asked.token}/stop").status_code == 200
    assert state(asked.invitation) == "declined"
    assert "want no surveys" in phone.get(f"/answer/{asked.token}").text
    assert send(phone, asked, 1).status_code == 410
    other = company.customer(acme.amy)
    with transaction(acme.mia, "survey_invitation.invite") as session:
        assert invitations.invite(session, [asked.customer, other], asked.survey, "later") == 1


@SQLITE
def test_it_speaks_both_languages_and_shows_every_step_without_scripts(asked, phone):
    spoken = (("en", "", "Very satisfied"), ("zh-CN", "", "非常满意"), ("zh-CN", "?lang=en", "Extremely likely"), ("en", "?lang=zh", "非常同意"))
    for header, asked_for, words in spoken:
        page = phone.get(f"/answer/{asked.token}{asked_for}", headers={"accept-language": header})
        assert words in page.text
    assert page.text.count('type="radio"') == 5 + 11 + 7
    assert "<script" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert page.headers["referrer-policy"] == "same-origin"


@SQLITE
def test_a_long_scale_is_typed_and_markup_in_a_question_stays_text(acme, phone):
    customer, (survey_id, [question]) = company.customer(acme.amy), survey(("csat", 0, 100))
    with transaction(SYSTEM, "question.update") as session:
        records.update(session, "question", question, {"text": "<img src=x onerror=alert(1)>"})
    link = token(add(invitation(customer, survey_id, str(clock.today())))[0])
    page = phone.get(f"/answer/{link}").text
    assert "<img" not in page
    assert 'inputmode="numeric"' in page
    assert phone.post(f"/answer/{link}", data={f"q{question}": "88"}).status_code == 200


@SQLITE
def test_too_many_requests_from_one_address_wait(asked, phone, monkeypatch):
    monkeypatch.setattr(answer_pages.PER_ADDRESS, "most", 2)
    answered = [phone.get(f"/answer/{asked.token}") for _ in range(3)]
    assert [answer.status_code for answer in answered] == [200, 200, 429]
    assert int(answered[2].headers["retry-after"]) > 0


@SQLITE
def test_the_open_links_are_a_list_for_those_who_may_export(acme, asked):
    add(invitation(company.customer(acme.cy), asked.survey, str(clock.today())), invitation(company.customer(acme.amy), asked.survey, str(clock.today()), "answered"))
    with reading(acme.mia) as session:
        links = answer_links.open_links(session)
    assert [(link.customer, link.person, link.email, link.wave, link.token) for link in links] == [("Kiln", "Lin Yue", "lin@kiln.example", "now", asked.token)]
    with reading(acme.ada) as session:
        assert len(answer_links.open_links(session)) == 2
        file = export_links(session, "https://crm.example.com").decode("utf-8-sig")
    assert f'"Lin Yue","lin@kiln.example","{asked.name}","now","https://crm.example.com/answer/{asked.token}"' in file
    assert file.count("/answer/") == 2
    for actor in (acme.amy, acme.vic):
        with reading(actor) as session, pytest.raises(Forbidden):
            export_links(session, "https://crm.example.com")


def test_answers_sent_at_the_same_moment_are_saved_once(asked):
    def once(_turn: int) -> bool:
        try:
            answer_links.answer(asked.token, {asked.questions[0]: 5}, "")
        except Answered:
            return False
        return True

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(once, range(4))) == 1
    with reading(SYSTEM) as session:
        assert session.scalar(select(func.count(SurveyResponse.id))) == 1


def test_what_a_customer_answered_is_taken_back_from_the_house_as_it_was_and_a_no_is_not(asked, phone, acme):
    before = whole()
    send(phone, asked, 1, 2, 7, comment="Cold coffee")
    assert len(recoveries()) == 1
    with reading(SYSTEM) as session:
        answered = session.scalars(select(func.max(Change.id))).one()
    with pytest.raises(Forbidden):
        history.undo(acme.amy, answered)
    history.undo(acme.mia, answered)
    assert whole() == before
    answer_links.decline(asked.token)
    with pytest.raises(Invalid):
        history.undo(acme.ada, answered + 2)
    assert state(asked.invitation) == "declined"
