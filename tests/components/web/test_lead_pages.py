"""The lead form: what a customer sees, what becomes of it, and what machines and mischief come to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from components.change_list import describe
from components.web import lead_pages
from components.web.gate import Gate
from db import clock, history, records
from db.actions import leads, recycling
from db.engine import reading, transaction
from db.errors import Forbidden, Gone, Invalid
from db.models import Change, Contact, Customer, CustomerTag, CustomField, FollowUp, Option, Tag
from db.policy import SYSTEM
from db.queries.lists import ListQuery, page
from db.transfer.export import export
from tests.db.queries import company
from tests.db.queries.company import add
from tests.db.whole import whole

SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
FILLED = {"name": "Lin Yue", "company": "Blue Kiln", "phone": "0798 5550 0103", "email": "lin@kiln.example", "message": "A quiet machine, please", "consent": "1"}


@pytest.fixture
def outside(acme) -> Iterator[TestClient]:
    """A customer's phone before the gate; a form of Amy's stands open."""
    lead_pages.PER_ADDRESS.forget()
    lead_pages.IN_ALL.forget()
    tags = [str(id_) for id_ in add(Tag(name="Website"), Tag(name="Machines"), Tag(name="Fair"))[:2]]
    add(Option(list_key="source", key="web", name_en="Web"))
    with transaction(acme.ada, "lead_form.create") as session:
        records.create(session, "lead_form", {"name": "Website", "key": "web", "active": True, "owner_id": acme.amy.id, "source": "web", "tags": tags, "follow_up_days": 2,
                                              "title_en": "Talk to us", "title_zh": "联系我们", "shown_on": "https://www.kiln.example/page"})
    with TestClient(Starlette(routes=lead_pages.ROUTES, middleware=[Middleware(Gate)]), follow_redirects=False) as client:
        yield client


def stamp_on(page: str) -> str:
    return re.search(r'name="stamp" value="([^"]+)"', page)[1]


def opened(outside, seconds: int = 5, lang: str = "en") -> str:
    """The stamp of a form that was opened so many seconds ago."""
    with clock.frozen(datetime.now(UTC) - timedelta(seconds=seconds)):
        return leads.stamp("web")


def send(outside, stamp: str, lang: str = "en", **changed: str):
    return outside.post(f"/lead/web?lang={lang}", data={**FILLED, "stamp": stamp, **changed})


def count(model) -> int:
    with reading(SYSTEM) as session:
        return session.scalar(select(func.count(model.id))) or 0


def latest_change() -> int:
    with reading(SYSTEM) as session:
        return session.scalars(select(func.max(Change.id))).one()


@pytest.mark.parametrize("who", ["ada", "mia"])
def test_a_lead_is_taken_back_by_an_administrator_or_the_team_s_manager_and_nothing_of_it_is_left(acme, outside, who):
    stamp, before = opened(outside), whole()
    send(outside, stamp)
    lead = latest_change()
    for other in (acme.bo, acme.vic, acme.sol):
        with pytest.raises((Forbidden, Gone)):
            history.undo(other, lead)
    again = history.undo(getattr(acme, who), lead)
    assert {**whole(), "counter": None} == {**before, "counter": None}, "but for the number of the code, which is not given out again"
    history.undo(acme.ada, again)
    assert count(Customer) == 1


def test_a_filled_form_is_a_lead_of_the_chosen_owner_with_a_follow_up(acme, outside):
    answer = send(outside, opened(outside))
    assert (answer.status_code, "Thank you" in answer.text) == (200, True)
    with reading(acme.amy) as session:
        customer = session.scalars(select(Customer)).one()
        contact, follow_up = session.scalars(select(Contact)).one(), session.scalars(select(FollowUp)).one()
        change = session.scalars(select(Change).order_by(Change.id.desc())).first()
        tags = session.scalars(select(Tag.name).join(CustomerTag, CustomerTag.tag_id == Tag.id).where(CustomerTag.customer_id == customer.id)).all()
    assert (customer.name, customer.kind, customer.status, customer.source, customer.owner_id) == ("Blue Kiln", "company", "lead", "web", acme.amy.id)
    assert sorted(tags) == ["Machines", "Website"]
    assert (customer.consent_basis, customer.consent_on) == ("consent", clock.today())
    assert (contact.name, contact.phone, contact.email) == ("Lin Yue", "0798 5550 0103", "lin@kiln.example")
    assert (follow_up.subject, follow_up.status, follow_up.due_on, follow_up.owner_id) == ("New lead: Website", "planned", clock.today() + timedelta(days=2), acme.amy.id)
    assert follow_up.content == f"A quiet machine, please\n\nAgreed to: “{leads.CONSENT}”"
    assert (change.action, change.actor_id, change.note) == ("lead.receive", None, "Website")


def test_a_tag_in_the_recycle_bin_is_not_given_and_its_removal_leaves_the_form_open(acme, outside):
    with transaction(acme.ada, "tag.delete") as session:
        records.delete(session, "tag", session.scalars(select(Tag.id).where(Tag.name == "Machines")).one())
    with clock.frozen(clock.now() + timedelta(days=31)):
        assert recycling.empty_bin("default") == 1
    assert send(outside, opened(outside)).status_code == 200
    with reading(acme.amy) as session:
        assert session.scalars(select(Tag.name).join(CustomerTag, CustomerTag.tag_id == Tag.id)).all() == ["Website"]
    with reading(acme.ada) as session:
        assert list(page(session, "lead_form", ListQuery())["tags"]) == ["Website"]


def test_the_tags_of_a_form_stand_in_words_in_its_list_its_history_and_its_file(acme, outside):
    with pytest.raises(Invalid, match="not one of the options"), transaction(acme.ada, "lead_form.update") as session:
        records.update(session, "lead_form", 1, {"tags": ["1", "77"]})
    with transaction(acme.ada, "lead_form.update") as session:
        records.update(session, "lead_form", 1, {"tags": ["3"]})
    with reading(acme.ada) as session:
        assert list(page(session, "lead_form", ListQuery())["tags"]) == ["Fair"]
        assert export(session, "lead_form").decode("utf-8-sig").count('"Fair"') == 1
        change = history.changes_of(session, "lead_form", 1)[0]
    assert describe(acme.ada, change) == ["Tags: Website, Machines → Fair"]
    history.undo(acme.ada, change["id"])
    with reading(acme.ada) as session:
        assert list(page(session, "lead_form", ListQuery())["tags"]) == ["Website, Machines"]


@SQLITE
def test_a_person_without_company_is_an_individual_whom_required_fields_of_the_house_do_not_stop(acme, outside):
    add(CustomField(key="size", name_en="Size", kind="text", required=True))
    assert send(outside, opened(outside), company="", email="").status_code == 200
    with reading(acme.amy) as session:
        found = session.scalars(select(Customer)).one()
    assert (found.name, found.kind, found.phone) == ("Lin Yue", "person", "0798 5550 0103")
    assert count(Contact) == 0


def test_somebody_who_may_be_known_is_pointed_out_and_not_merged(acme, outside):
    company.customer(acme.cy, code="C-0042", name="Other Name", phone="0798 5550 0103")
    company.customer(acme.cy, code="C-0043", name="Nobody")
    send(outside, opened(outside))
    assert count(Customer) == 3
    with reading(acme.amy) as session:
        assert "May already be known: C-0042 Other Name\n" in session.scalars(select(FollowUp.content)).one()


def test_a_form_sent_twice_is_saved_once_and_thanked_for_twice(acme, outside):
    stamp = opened(outside)
    assert [send(outside, stamp).status_code for _ in range(3)] == [200, 200, 200]
    assert count(Customer) == 1


@SQLITE
def test_a_machine_gets_nowhere(acme, outside):
    too_quick = send(outside, stamp_on(outside.get("/lead/web").text))
    assert (too_quick.status_code, "That was very quick." in too_quick.text) == (422, True)
    old = send(outside, opened(outside, 13 * 3600))
    assert (old.status_code, "open for a long time" in old.text) == (422, True)
    for forged in ("", "x", "1.2.3", "²..", f"{int(clock.now().timestamp()) - 60}.abc.{'0' * 32}", opened(outside)[:-1] + "0"[:1] + "1", "9" * 5000):
        assert send(outside, forged).status_code == 422
        lead_pages.PER_ADDRESS.forget()
    assert send(outside, opened(outside), website="https://spam.example").status_code == 200
    assert count(Customer) == 0
    assert send(outside, stamp_on(old.text)).status_code == 422, "a fresh stamp has its own minimum"


@SQLITE
def test_what_is_missing_is_said_beside_the_field_and_nothing_typed_is_lost(acme, outside):
    sent = {"name": "", "company": "", "phone": "", "email": "nobody", "message": "<script>alert(1)</script> & “quoted”", "consent": ""}
    answer, chinese = send(outside, opened(outside), **sent), send(outside, opened(outside), "zh", **sent)
    assert answer.status_code == 422
    for words in ("Please fill in this field.", "This is not an e-mail address", "Please tick this box"):
        assert words in answer.text
    assert "请填写此项" in chinese.text or "请填写" in chinese.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; “quoted”" in answer.text
    assert "<script" not in answer.text
    neither = send(outside, opened(outside), phone="", email="")
    assert "Please leave a telephone number or an e-mail address." in neither.text
    for bad in ("a\0b", "a\u202eb"):
        assert "invisible control characters" in send(outside, opened(outside), name=bad).text
    assert count(Customer) == 0


@SQLITE
def test_markup_in_a_lead_stays_text_wherever_it_is_shown(acme, outside):
    send(outside, opened(outside), company='"><img src=x onerror=alert(1)>', message="<b>bold</b>")
    with reading(acme.amy) as session:
        assert session.scalars(select(Customer.name)).one() == '"><img src=x onerror=alert(1)>'


SPOKEN = (
    ("en-GB", "", "Talk to us", "Send"), ("zh-CN,zh;q=0.9", "", "联系我们", "提交"), ("zh-CN", "?lang=en", "Talk to us", "Send"), ("en", "?lang=zh", "联系我们", "提交"),
    ("en", "?lang=xx", "Talk to us", "Send"),
)


@SQLITE
def test_the_form_speaks_the_browser_s_language_or_the_one_that_is_chosen(acme, outside):
    for header, asked, heading, button in SPOKEN:
        page = outside.get(f"/lead/web{asked}", headers={"accept-language": header}).text
        assert f"<h1>{heading}</h1>" in page
        assert f'<button type="submit">{button}</button>' in page


@SQLITE
def test_a_closed_or_unknown_form_is_not_there(acme, outside):
    assert outside.get("/lead/other").status_code == 404
    with transaction(acme.ada, "lead_form.update") as session:
        records.update(session, "lead_form", 1, {"active": False})
    closed = outside.get("/lead/web", headers={"accept-language": "zh"})
    assert (closed.status_code, "表单已关闭" in closed.text) == (404, True)
    assert send(outside, opened(outside)).status_code == 404
    assert count(Customer) == 0


@SQLITE
def test_forms_in_plenty_are_held_back_per_address_and_in_all(acme, outside, monkeypatch):
    monkeypatch.setattr(lead_pages.PER_ADDRESS, "most", 2)
    answers = [send(outside, opened(outside), company=f"Kiln {number}") for number in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[2].headers["retry-after"]) > 0
    assert "Kiln 2" in answers[2].text
    lead_pages.PER_ADDRESS.forget()
    monkeypatch.setattr(lead_pages.IN_ALL, "most", 2)
    assert send(outside, opened(outside)).status_code == 429
    assert count(Customer) == 2


NO_FORM = (
    (b"{}", "application/json", 415), (b"x=" + b"y" * 70_000, "application/x-www-form-urlencoded", 413), (b"%ff=%fe", "application/x-www-form-urlencoded", 400),
    (b"&".join(b"a%d=1" % number for number in range(500)), "application/x-www-form-urlencoded", 400), (b"", "multipart/form-data; boundary=x", 415),
)


@SQLITE
def test_what_is_no_short_form_is_refused_with_a_page(acme, outside):
    for content, type_, status in NO_FORM:
        answer = outside.post("/lead/web", content=content, headers={"content-type": type_})
        assert (answer.status_code, "<h1>" in answer.text) == (status, True), content[:20]


@SQLITE
def test_only_the_named_website_shows_it_and_another_site_sends_nothing(acme, outside):
    policy = outside.get("/lead/web").headers["content-security-policy"]
    assert "frame-ancestors 'self' https://www.kiln.example" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert outside.post("/lead/web", data=FILLED, headers={"origin": "https://evil.example"}).status_code == 403
    assert outside.get("/lead/").status_code == 404
    assert outside.get("/lead/web/_stcore/metrics").status_code == 404
