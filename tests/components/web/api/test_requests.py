"""What the interface does with good requests, and how it refuses the others."""

from __future__ import annotations

import json
import shlex
from datetime import date, timedelta
from urllib.parse import quote

import pytest
from jsonschema import Draft202012Validator
from sqlalchemy import func, select

from components.web.api import bearer
from components.web.api.description import examples
from components.web.api.resources import RESOURCES
from db import clock, records
from db.actions import access_tokens
from db.engine import reading, transaction
from db.models import AccessToken, Change, Customer, FollowUp, Option, Order, Survey, SurveyInvitation, SurveyResponse
from db.policy import SYSTEM
from db.undo import undo
from tests.components.web.api.conftest import token_of
from tests.db.queries import company
from tests.db.queries.company import add, invitation, survey
from tests.door import cookie_of

SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def count(model) -> int:
    with reading(SYSTEM) as session:
        return session.scalar(select(func.count(model.id))) or 0


def fields(answer) -> dict[str, str]:
    return {field["field"]: field["message"] for field in answer.json()["error"]["fields"]}


def test_a_lead_comes_in_as_one_change_that_names_its_token_and_can_be_undone(acme, interface, ask):
    secret = token_of(acme.amy, name="Website form")
    made = ask(secret, "POST", "customers", {"name": "Blue Kiln", "kind": "company", "potential_value": "1200.50", "customer_since": "2026-03-01"})
    assert made.status_code == 201
    assert made.headers["location"] == f"/api/v1/customers/{made.json()['id']}"
    assert (made.json()["code"], made.json()["status"], made.json()["potential_value"], made.json()["customer_since"]) == ("C-0001", "lead", "1200.50", "2026-03-01")
    with reading(SYSTEM) as session:
        change = session.scalars(select(Change).order_by(Change.id.desc())).first()
    assert (change.action, change.actor_id, change.note) == ("customer.create", acme.amy.id, "API · Website form")
    undo(acme.amy, change.id)
    assert ask(secret, "GET", f"customers/{made.json()['id']}").status_code == 404


def test_a_list_is_paged_filtered_sorted_and_searched_by_the_server(acme, ask):
    with transaction(acme.ada, "customer.create") as session:
        for number in range(5):
            records.create(session, "customer", {"name": f"Tea House {number}", "tier": "AB"[number % 2], "owner_id": acme.amy.id, "customer_since": date(2026, 1, 1 + number)})
    first = ask(acme.amy, "GET", "customers?limit=2&sort=name").json()
    second = ask(acme.amy, "GET", first["next"].removeprefix("/api/v1/")).json()
    third = ask(acme.amy, "GET", second["next"].removeprefix("/api/v1/")).json()
    assert [item["name"] for page in (first, second, third) for item in page["items"]] == [f"Tea House {number}" for number in range(5)]
    assert (first["total"], third["page"], third["next"]) == (5, 3, None)

    def names(asked: str) -> list[str]:
        return [item["name"][-1] for item in ask(acme.amy, "GET", f"customers?sort=-name&{asked}").json()["items"]]

    assert names("tier=A") == ["4", "2", "0"]
    assert names("tier=A&tier=B&customer_since_from=2026-01-03&customer_since_to=2026-01-04") == ["3", "2"]
    assert names("q=House 3") == ["3"]
    assert names(f"owner_id={acme.bo.id}") == []


CANNOT_BE_ASKED = ("page=0", "page=x", "limit=201", "limit=²", "sort=notes", "sort=password_hash", "colour=red", "tier=Z", "owner_id=1e3", "q=%00", "q=a%E2%80%AEb",
                                   "customer_since_from=soon", "name_from=a", "owner_id=99999999999", "q=" + "x" * 201)


@SQLITE
def test_a_list_that_cannot_be_asked_for_says_which_parameter(acme, ask):
    for asked in CANNOT_BE_ASKED:
        answer = ask(acme.amy, "GET", f"customers?{asked}")
        assert (answer.status_code, list(fields(answer))) == (422, [asked.split("=")[0]]), asked


@SQLITE
def test_all_wrong_fields_are_told_at_once_in_the_reader_s_language(acme, ask):
    body = {"tier": "Z", "email": "nobody", "nickname": "x", "last_contact_at": "2026-01-01", "phone": {"a": 1}, "owner_id": True}
    english, chinese = (ask(acme.ada, "POST", "customers", body, accept_language=language) for language in ("en-GB", "zh-CN,zh;q=0.9"))
    assert english.status_code == chinese.status_code == 422
    assert fields(english) == {
        "name": "Please fill in this field.", "tier": "“Z” is not one of the options.", "email": "This is not an e-mail address; it should look like name@example.com.",
        "nickname": "There is no such field.", "last_contact_at": "This field cannot be set here.", "phone": "This value has the wrong shape.",
        "owner_id": "This value has the wrong shape.",
    }
    assert fields(chinese)["nickname"] == "没有这个字段。"
    assert [field["title"] for field in chinese.json()["error"]["fields"] if field["field"] == "email"] == ["电子邮箱"]
    assert count(Customer) == 0


def test_invisible_and_broken_characters_are_refused(acme, interface):
    headers = {"authorization": f"Bearer {token_of(acme.amy)}", "content-type": "application/json"}
    for bad, status in (("\\u0000", 422), ("\\u202e", 422), ("\\ufeff", 422), ("\\ud800", 400)):
        answer = interface.post("/api/v1/customers", content=f'{{"name": "a{bad}b"}}'.encode(), headers=headers)
        assert answer.status_code == status, bad
    assert count(Customer) == 0


NO_OBJECT = (
    (b"name=x", "application/x-www-form-urlencoded", 415), (b"{}", "", 415), (b"{}", "text/plain", 415), (b"{", "application/json", 400), (b"[1]", "application/json", 422),
    (b'{"name": NaN}', "application/json", 400), (b"\xff\xfe", "application/json", 400), (b"[" * 200_000, "application/json", 400),
    (b'{"name": "' + b"x" * 1_100_000 + b'"}', "application/json", 413), (b'{"potential_value": ' + b"9" * 6000 + b"}", "application/json", 400),
)


@SQLITE
def test_a_body_that_is_no_json_object_of_a_sensible_size_is_refused(acme, interface):
    secret = token_of(acme.amy)
    for sent, type_, status in NO_OBJECT:
        answer = interface.post("/api/v1/customers", content=sent, headers={"authorization": f"Bearer {secret}", "content-type": type_})
        assert (answer.status_code, bool(answer.json()["error"]["message"])) == (status, True), sent[:40]


NASTY = ["²", 10**30, "1e400", "14:30+05:00", "9" * 25]


def test_no_value_in_any_field_breaks_anything(acme, ask):
    known = {"customer_id": company.customer(acme.ada), "question_id": company.question("csat", 1, 5), "subject": "x", "due_on": "2027-01-04", "name": "x"}
    for value in NASTY:
        for resource in (found for found in RESOURCES.values() if "create" in found.verbs):
            body = {field.key: known.get(field.key, value) for field in resource.declared() if field.editable}
            assert ask(acme.ada, "POST", resource.path, body).status_code in {201, 422}, (resource.path, body)
        for asked in ("customers?owner_id=", "follow-ups?due_on_from=", "follow-ups?rating="):
            assert ask(acme.ada, "GET", f"{asked}{quote(str(value))}").status_code in {200, 422}, asked


def test_the_same_field_changed_by_two_is_a_conflict_with_both_values_and_other_fields_merge(acme, ask):
    id_ = ask(acme.amy, "POST", "customers", {"name": "Kiln", "city": "Ningbo"}).json()["id"]
    ask(acme.amy, "PATCH", f"customers/{id_}", {"city": "Hangzhou"})
    refused = ask(acme.amy, "PATCH", f"customers/{id_}", {"version": 1, "city": "Wuxi", "tier": "A"})
    assert refused.status_code == 409
    assert [(field["field"], field["yours"], field["theirs"]) for field in refused.json()["error"]["fields"]] == [("city", "Wuxi", "Hangzhou")]
    merged = ask(acme.amy, "PATCH", f"customers/{id_}", {"version": 1, "tier": "A"}).json()
    assert (merged["city"], merged["tier"]) == ("Hangzhou", "A")
    assert ask(acme.amy, "PATCH", f"customers/{id_}", {"version": refused.json()["error"]["version"], "city": "Wuxi"}).json()["city"] == "Wuxi"
    assert ask(acme.amy, "PATCH", f"customers/{id_}", {"version": "1", "city": "x"}).status_code == 422


def test_a_request_sent_again_with_its_key_saves_once_and_is_answered_with_the_first_record(acme, ask):
    first, again = (ask(acme.amy, "POST", "customers", {"name": "Kiln"}, idempotency_key="form-1") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert ask(acme.bo, "POST", "customers", {"name": "Kiln"}, idempotency_key="form-1").status_code == 201
    assert count(Customer) == 2
    refused = ask(acme.amy, "POST", "customers", {"name": ""}, idempotency_key="form-2")
    assert refused.status_code == 422
    assert ask(acme.amy, "POST", "customers", {"name": "Mended"}, idempotency_key="form-2").status_code == 201
    for _ in range(2):
        assert ask(acme.amy, "DELETE", f"customers/{first.json()['id']}", idempotency_key="gone").status_code == 204
    assert ask(acme.amy, "DELETE", f"customers/{first.json()['id']}").status_code == 404


@SQLITE
def test_a_follow_up_is_planned_completed_with_its_next_step_and_an_unhappy_one_opens_a_recovery(acme, ask):
    customer, tomorrow = company.customer(acme.amy), str(clock.today() + timedelta(days=1))
    planned = ask(acme.amy, "POST", "follow-ups", {"customer_id": customer, "subject": "Call", "due_on": tomorrow}).json()
    assert (planned["status"], planned["owner_id"]) == ("planned", acme.amy.id)
    assert ask(acme.amy, "POST", f"follow-ups/{planned['id']}/snooze", {"due_on": "2020-01-01"}).status_code == 422
    step = {"subject": "Quote", "due_on": tomorrow}
    done = ask(acme.amy, "POST", f"follow-ups/{planned['id']}/complete", {"content": "Late again", "rating": 1, "next_step": step}).json()
    assert (done["status"], done["rating"]) == ("done", 1)
    with reading(acme.amy) as session:
        after = session.execute(select(FollowUp.subject, FollowUp.recovery).where(FollowUp.status == "planned").order_by(FollowUp.id)).all()
    assert [tuple(row) for row in after] == [("Win back: rated 1 of 5", True), ("Quote", False)]
    assert fields(ask(acme.amy, "POST", "follow-ups", {"customer_id": customer})) == {"due_on": "A planned follow-up needs a due date."}
    logged = ask(acme.amy, "POST", "follow-ups", {"customer_id": customer, "status": "done", "content": "Met at the fair"}).json()
    assert (logged["subject"], logged["done_at"][-1]) == ("Met at the fair", "Z")
    for bad in ({"next_step": 7}, {"next_step": {"colour": "red"}}, {"customer_id": 7}):
        assert ask(acme.amy, "POST", f"follow-ups/{planned['id']}/complete", bad).status_code == 422
    assert ask(acme.amy, "POST", f"follow-ups/{planned['id']}/explode", {}).status_code == 404


def test_a_survey_sheet_answers_the_invitation_and_an_unhappy_answer_opens_a_recovery(acme, ask):
    customer, (asked, [first, second]) = company.customer(acme.amy), survey(("csat", 1, 5), ("nps", 0, 10))
    add(invitation(customer, asked, str(clock.today())))
    sheet = {"customer_id": customer, "survey_id": asked, "scores": {str(first): 2, str(second): 9}, "comment": "Slow"}
    made = ask(acme.amy, "POST", "survey-answers/sheet", sheet, idempotency_key="s1")
    assert made.status_code == 201
    assert [(item["score"], item["manager_id"]) for item in made.json()["items"]] == [(2, acme.amy.id), (9, acme.amy.id)]
    assert ask(acme.amy, "POST", "survey-answers/sheet", sheet, idempotency_key="s1").json() == made.json()
    with reading(acme.amy) as session:
        assert session.scalars(select(SurveyInvitation.state)).one() == "answered"
        assert session.scalar(select(func.count(FollowUp.id)).where(FollowUp.recovery)) == 1
    for bad in ({"scores": {str(first): 9}}, {"scores": {"x": 1}}, {"scores": [1]}, {"scores": {str(first): True}}, {"survey_id": None}, {"customer_id": 10**12}, {"x": 1}):
        assert ask(acme.amy, "POST", "survey-answers/sheet", sheet | bad).status_code == 422, bad
    assert count(SurveyResponse) == 2


@SQLITE
def test_a_stranger_is_told_to_bring_a_token_and_nothing_else(acme, interface):
    asked = [("GET", "customers"), ("POST", "customers"), ("DELETE", "customers/1"), ("GET", "nothing")]
    for header in (None, "", "Bearer", "Bearer rgl_guess", "Basic YWRhOng=", "bearer  "):
        for method, path in asked:
            answer = interface.request(method, f"/api/v1/{path}", headers={"authorization": header} if header is not None else {})
            assert (answer.status_code, answer.json()["error"]["code"]) == (401, "unauthorized"), header
            assert answer.headers["www-authenticate"] == "Bearer"


@SQLITE
def test_a_cookie_counts_for_nothing_here_and_a_token_counts_for_nothing_elsewhere(acme, interface):
    interface.cookies.set("regulars", cookie_of(acme.ada))
    assert interface.get("/api/v1/customers").status_code == 401
    interface.cookies.clear()
    for path in ("/media/x", "/_stcore/metrics", "/api/v1x", "/api/v2"):
        assert interface.get(path, headers={"authorization": f"Bearer {token_of(acme.ada)}"}).status_code == 401


@SQLITE
def test_a_revoked_token_a_closed_account_and_a_reading_token_are_refused_at_once(acme, ask):
    reader, revoked, closed = token_of(acme.amy, read_only=True), token_of(acme.mia), token_of(acme.bo)
    assert ask(reader, "GET", "customers").status_code == 200
    assert ask(reader, "POST", "customers", {"name": "x"}).status_code == 403
    assert ask(revoked, "GET", "customers").status_code == 200
    with transaction(acme.mia, "access_token.revoke") as session:
        access_tokens.revoke(session, session.scalars(select(AccessToken.id).where(AccessToken.user_id == acme.mia.id)).one())
    assert ask(revoked, "GET", "customers").status_code == 401
    with transaction(acme.ada, "user.update") as session:
        records.update(session, "user", acme.bo.id, {"active": False})
    assert ask(closed, "GET", "customers").status_code == 401
    with reading(SYSTEM) as session:
        assert session.scalars(select(AccessToken.address).where(AccessToken.user_id == acme.amy.id)).one() == "testclient"


@SQLITE
def test_who_asks_too_often_waits_and_the_others_do_not(acme, interface, ask, monkeypatch):
    monkeypatch.setattr(bearer.PER_TOKEN, "most", 3)
    statuses = [ask(acme.amy, "GET", "customers?limit=1").status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 429, 429]
    assert 0 < int(ask(acme.amy, "GET", "customers").headers["retry-after"]) <= 61
    assert ask(acme.bo, "GET", "customers").status_code == 200
    monkeypatch.setattr(bearer.GUESSES, "most", 2)
    assert [ask("rgl_guess", "GET", "customers").status_code for _ in range(3)] == [401, 401, 429]
    assert ask(acme.bo, "GET", "customers").status_code == 200


NOT_OFFERED = (
    ("GET", "customers/0", 404), ("GET", "customers/99999999999999999999", 404), ("GET", "customers/x", 404), ("GET", "customers/²", 404), ("GET", "secrets", 404),
    ("PUT", "customers", 405), ("POST", "customers/1", 405), ("DELETE", "surveys/1", 405), ("GET", "customers/1/2/3", 404), ("OPTIONS", "customers", 405),
)


@SQLITE
def test_what_is_not_there_or_not_offered_is_said_in_json(acme, ask):
    for method, path, status in NOT_OFFERED:
        answer = ask(acme.ada, method, path)
        assert (answer.status_code, answer.json()["error"]["code"]) == (status, {404: "not_found", 405: "method_not_allowed"}[status]), path
    assert set(ask(acme.ada, "PUT", "customers").headers["allow"].split(", ")) == {"GET", "HEAD", "POST"}


@SQLITE
def test_an_unforeseen_failure_gives_a_reference_and_no_details(acme, ask, monkeypatch):
    monkeypatch.setattr("components.web.api.routes.lists.count", lambda *_: 1 / 0)
    answer = ask(acme.ada, "GET", "customers")
    assert answer.status_code == 500
    assert "ZeroDivision" not in answer.text
    assert answer.json()["error"]["message"].startswith("Something went wrong.")


@SQLITE
def test_the_description_is_whole_and_true_of_what_is_answered(acme, interface, ask):
    document = interface.get("/api/v1/openapi.json").json()
    schemas = document["components"]["schemas"]
    named = {text.rsplit("/", 1)[1] for text in _references(document)}
    assert named <= schemas.keys()
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)
    customer, (_, [question]) = company.customer(acme.amy), survey(("csat", 1, 5))
    add(Order(customer_id=customer, code="O1", ordered_on=date(2026, 1, 1), amount=5), Option(list_key="source", key="fair", name_en="Fair"), Survey(name="Second"))
    ask(acme.ada, "POST", "survey-answers", {"customer_id": customer, "question_id": question, "score": 1})
    paths = [path for path, methods in document["paths"].items() if "get" in methods and "{id}" not in path]
    assert len(paths) == 12
    for path in paths:
        answer, name = ask(acme.ada, "GET", path[1:]).json(), _answered(document["paths"][path]["get"])
        Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": document["components"]}).validate(answer)
    refused = ask(acme.ada, "POST", "customers", {}).json()
    Draft202012Validator(schemas["Error"]).validate(refused)
    assert schemas["CustomerNew"]["required"] == ["name"]
    assert schemas["Customer"]["properties"]["tier"]["enum"] == ["A", "B", "C", None]


def _references(part) -> list[str]:
    if isinstance(part, dict):
        return [part["$ref"]] if "$ref" in part else [text for value in part.values() for text in _references(value)]
    return [text for value in part for text in _references(value)] if isinstance(part, list) else []


def _answered(operation) -> str:
    return operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[1]


@SQLITE
def test_the_keys_of_a_drop_down_list_are_listed_as_the_description_says(acme, interface, ask):
    add(Option(list_key="source", key="fair", name_en="Fair"), Option(list_key="region", key="east", name_en="East"))
    assert "/api/v1/options?list_key=source" in interface.get("/api/v1/").text
    assert [item["key"] for item in ask(acme.vic, "GET", "options?list_key=source").json()["items"]] == ["fair"]


@SQLITE
def test_people_read_the_description_in_both_languages_without_scripts(acme, interface):
    english, chinese = interface.get("/api/v1"), interface.get("/api/v1", params={"lang": "zh"})
    assert "Interface for programs" in english.text
    assert "程序接口" in chinese.text
    assert 'lang="zh-CN"' in chinese.text
    for page in (english, chinese):
        assert "curl 'http://testserver/api/v1/customers?status=active" in page.text.replace("&#39;", "'").replace("&amp;", "&")
        assert "<script" not in page.text
        assert "default-src 'none'" in page.headers["content-security-policy"]


@SQLITE
def test_the_examples_of_the_description_work_as_they_stand(acme, interface):
    customer, (asked, _) = company.customer(acme.ada), survey(("csat", 1, 5), ("nps", 0, 10))
    planned = add(FollowUp(customer_id=customer, subject="Call", due_on=clock.today(), owner_id=acme.ada.id))[0]
    numbers = {"/42": f"/{customer}", "/7/": f"/{planned}/", '"customer_id": 42': f'"customer_id": {customer}', '"survey_id": 1': f'"survey_id": {asked}'}
    for example in examples("http://testserver"):
        command = example.command
        for written, real in numbers.items():
            command = command.replace(written, real)
        words = shlex.split(command.replace("TOKEN", token_of(acme.ada)).replace("\\\n", " "))
        method = words[words.index("-X") + 1] if "-X" in words else "GET"
        headers = dict(words[place + 1].split(": ", 1) for place, word in enumerate(words) if word == "-H")
        body = words[words.index("-d") + 1] if "-d" in words else None
        address = next(word for word in words if word.startswith("http"))
        answer = interface.request(method, address, headers=headers, content=body)
        assert answer.status_code in {200, 201}, (command, answer.text)
        assert body is None or json.loads(body)
