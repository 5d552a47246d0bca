"""Each colleague's day by e-mail on working mornings, through a real mail server on this machine."""

from __future__ import annotations

import email
import email.policy
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select

from db import clock, doctor, jobs
from db.actions import account
from db.engine import reading, transaction
from db.errors import Unavailable
from db.mail import server
from db.models import Absence, JobRun, Organisation, User
from db.policy import SYSTEM
from tests.browser import free_port
from tests.db.queries import company
from tests.db.queries.company import add, done, planned
from tests.houses import filled_once

WEDNESDAY = datetime(2026, 3, 18, 0, 30, tzinfo=UTC)
"""Half past eight in Shanghai."""
DIGEST = (jobs.job_named("digest"),)


ON_ONE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
"""What asks nothing of the database that the others do not ask of both."""


class Postbox:
    """Takes every letter, but for addresses that it does not know."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.unknown: set[str] = set()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.unknown:
            return "550 nobody here by that name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.letters.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"

    def take(self) -> list[EmailMessage]:
        letters, self.letters = self.letters, []
        return letters


@pytest.fixture
def postbox(monkeypatch):
    box = Postbox()
    port = free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    for name, value in {"REGULARS_SMTP_HOST": "127.0.0.1", "REGULARS_SMTP_PORT": str(port), "REGULARS_SMTP_SECURITY": "none",
                        "REGULARS_SMTP_FROM": "Regulars <crm@example.com>"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("REGULARS_PUBLIC_URL", "https://crm.example.com/")
    yield box
    controller.stop()


@pytest.fixture
@filled_once
def house(acme):
    with transaction(SYSTEM, "setup") as session:
        for name in ("ada", "mia", "amy", "bo"):
            session.get_one(User, getattr(acme, name).id).email = f"{name}@example.com"
        session.get_one(User, acme.bo.id).language = "zh"
    with clock.frozen(WEDNESDAY):
        acme.mill = company.customer(acme.amy, name="Old <Mill> & Sons", status="active", tier="A")
        harbour = company.customer(acme.bo, name="港口面包房", status="active")
        add(planned(acme.mill, "2026-03-16", acme.amy), planned(acme.mill, "2026-03-18", acme.amy), planned(harbour, "2026-03-18", acme.bo),
            done(acme.mill, "2026-03-10T04:00", acme.amy, rating=1), done(harbour, "2026-03-17T04:00", acme.bo))
    return acme


def morning(at: datetime = WEDNESDAY) -> list[str | None]:
    """Run the job; returns how each run ended."""
    with clock.frozen(at):
        return [item.run.problem for item in jobs.run_due(jobs=DIGEST)]


def parts(letter: EmailMessage) -> tuple[str, str]:
    return letter.get_body(("plain",)).get_content(), letter.get_body(("html",)).get_content()


def test_each_with_something_to_do_gets_the_day_in_their_language(house, postbox):
    assert morning() == [None]
    amy_s, bo_s = sorted(postbox.take(), key=lambda letter: letter["To"])
    assert (amy_s["To"], amy_s["From"], amy_s["Subject"]) == ("amy@example.com", "Regulars <crm@example.com>", "Your day: 1 due, 1 overdue")
    text, html = parts(amy_s)
    for words in ("Good morning, Amy. This is your 18 Mar.", "Overdue (1)", "Due today (1)", "Unhappy (1)", "Rated 1 of 5 on 10 Mar", "https://crm.example.com/account"):
        assert words in text, words
    assert f"https://crm.example.com/customer?id={house.mill}" in text
    assert "- Old <Mill> & Sons · Call" in text
    assert "Old &lt;Mill&gt; &amp; Sons" in html
    assert "港口" not in text
    assert bo_s["Subject"] == "今日工作：到期1项，逾期0项"
    assert "港口面包房" in parts(bo_s)[0]
    assert 'lang="zh"' in parts(bo_s)[1]


def test_once_a_day_and_only_on_working_mornings(house, postbox):
    sent = {}
    for name, at in {"before seven": "2026-03-17T22:59", "at seven": "2026-03-17T23:00", "again": "2026-03-18T02:00", "in the evening": "2026-03-19T10:00",
                     "next day": "2026-03-20T00:00", "Saturday": "2026-03-21T00:30"}.items():
        morning(datetime.fromisoformat(at).replace(tzinfo=UTC))
        sent[name] = len(postbox.take())
    assert sent == {"before seven": 0, "at seven": 2, "again": 0, "in the evening": 0, "next day": 2, "Saturday": 0}


@ON_ONE
def test_a_holiday_is_no_working_day(house, postbox):
    with transaction(SYSTEM, "organisation.update") as session:
        session.scalars(select(Organisation)).one().holidays = ["2026-03-18"]
    assert morning() == []


def test_who_switched_it_off_or_is_away_or_gone_gets_none(house, postbox):
    with transaction(house.amy, "user.digest") as session:
        account.set_digest(session, False)
    add(Absence(user_id=house.bo.id, starts_on=date(2026, 3, 16), ends_on=date(2026, 3, 18)))
    assert morning() == [None]
    assert postbox.take() == []
    with transaction(house.amy, "user.digest") as session:
        account.set_digest(session, True)
    with transaction(SYSTEM, "user.deactivate") as session:
        session.get_one(User, house.amy.id).active = False
    morning(WEDNESDAY + timedelta(days=1))
    assert [letter["To"] for letter in postbox.take()] == ["bo@example.com"]


def test_whoever_was_not_reached_is_tried_again_and_nobody_gets_it_twice(house, postbox, caplog):
    postbox.unknown = {"bo@example.com"}
    assert morning() == ["Unavailable: No e-mail could be sent to Bo."]
    assert [letter["To"] for letter in postbox.take()] == ["amy@example.com"]
    assert [run.job for run in jobs.troubles()] == ["digest"]
    postbox.unknown = set()
    assert morning(WEDNESDAY + timedelta(minutes=30)) == []
    assert morning(WEDNESDAY + timedelta(minutes=61)) == [None]
    assert [letter["To"] for letter in postbox.take()] == ["bo@example.com"]
    assert jobs.troubles() == []


@ON_ONE
@pytest.mark.parametrize(("setting", "said"), [(("REGULARS_SMTP_PORT", "9"), "refused"), (("REGULARS_SMTP_SECURITY", "ssl"), "REGULARS_SMTP_SECURITY must be")])
def test_a_mail_server_that_is_not_there_or_set_up_wrongly_stops_no_other_job(house, postbox, monkeypatch, caplog, setting, said):
    monkeypatch.setenv(*setting)
    did = []
    other = jobs.Job("other", "Other", lambda _session: "2026-03-18", lambda _workspace, period: did.append(period))
    with clock.frozen(WEDNESDAY):
        ended = [item.run.problem for item in jobs.run_due(jobs=(*DIGEST, other))]
    assert [said in (problem or "") for problem in ended] == [True, False]
    assert did == ["2026-03-18"]


@ON_ONE
def test_without_a_mail_server_nothing_is_due(house, monkeypatch):
    monkeypatch.delenv("REGULARS_SMTP_HOST", raising=False)
    assert morning() == []


@pytest.mark.parametrize(("name", "value"), [("REGULARS_SMTP_SECURITY", "ssl"), ("REGULARS_SMTP_PORT", "smtp"), ("REGULARS_SMTP_FROM", "nobody")])
def test_a_wrong_setting_is_named(monkeypatch, name, value):
    monkeypatch.setenv("REGULARS_SMTP_HOST", "mail.example.com")
    monkeypatch.setenv("REGULARS_SMTP_FROM", "crm@example.com")
    monkeypatch.setenv(name, value)
    with pytest.raises(Unavailable, match=name):
        server()


@ON_ONE
def test_the_doctor_looks_at_the_mail_server(database, monkeypatch):
    def findings() -> list[tuple[str, str]]:
        return [(finding.level, finding.text) for finding in doctor.examine() if "mail" in finding.text or "SMTP" in finding.text]

    assert findings() == []
    monkeypatch.setenv("REGULARS_SMTP_HOST", "mail.example.com")
    monkeypatch.setenv("REGULARS_SMTP_FROM", "crm@example.com")
    assert findings() == [("good", "Letters go out through mail.example.com, port 587.")]
    monkeypatch.setenv("REGULARS_SMTP_FROM", "nobody")
    assert [level for level, _ in findings()] == ["bad"]


@ON_ONE
def test_whoever_cares_for_data_is_told_whose_is_due(house, postbox):
    old = company.customer(house.mia, kind="person", created_at=datetime(2020, 1, 1, tzinfo=UTC))
    add(planned(old, "2026-03-18", house.mia))
    morning()
    letters = {letter["To"]: parts(letter)[0] for letter in postbox.take()}
    assert "Personal data of 1 customer is due for a look." in letters["mia@example.com"]
    assert "Personal data" not in letters["amy@example.com"]


def test_old_marks_of_sent_letters_are_cleared(house, postbox):
    morning()
    morning(WEDNESDAY + timedelta(days=9))
    with reading(SYSTEM) as session:
        assert {run.period[:10] for run in session.scalars(select(JobRun).where(JobRun.job == "digest_sent"))} == {"2026-03-27"}
