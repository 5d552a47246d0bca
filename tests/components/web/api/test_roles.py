"""Who may do what through the interface is what the policy says, role by role, verb by verb, noun by noun."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from components.web.api.resources import RESOURCES
from db import clock
from db.models import Contact, Customer, FollowUp, Option, Order, OrderLine, Product, ProductLine, SurveyResponse
from db.policy import RULES, Scope
from tests.db.queries import company
from tests.db.queries.company import add, survey
from tests.houses import filled_once

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
ROLES = {"ada": "admin", "mia": "manager", "amy": "rep", "gil": "agent", "vic": "viewer"}
ALLOWED = {"read": 200, "create": 201, "update": 200, "delete": 204}


@pytest.fixture
@filled_once
def house(acme) -> SimpleNamespace:
    """Records of Amy's, in the North, and of Cy's, in the South; a body that makes one more of each noun and one that changes it."""
    product, (asked, [question]) = add(Product(code="G1", name="Tea", price=8))[0], survey(("csat", 1, 5))
    line, option = add(ProductLine(name="Teas"))[0], add(Option(list_key="source", key="fair", name_en="Fair"))[0]
    shared = {"product": product, "product_line": line, "option": option, "survey": asked, "question": question, "user": acme.bo.id}
    north, south = (_of(owner, product, question) for owner in (acme.amy, acme.cy))
    new = {
        "customer": {"name": "New"}, "contact": {"customer_id": north["customer"], "name": "New"},
        "follow_up": {"customer_id": north["customer"], "subject": "New", "due_on": "2027-01-04"},
        "order": {"customer_id": north["customer"], "ordered_on": "2026-01-02"}, "product": {"name": "New"},
        "order_line": {"order_id": north["order"], "product_id": product}, "survey_response": {"customer_id": north["customer"], "question_id": question, "score": 5},
    }
    other = {"customer": {"city": "Ningbo"}, "contact": {"position": "Buyer"}, "follow_up": {"subject": "Other"}, "order": {"notes": "Other"}, "product": {"price": "8"},
             "order_line": {"quantity": 2}, "survey_response": {"comment": "Other"}}
    return SimpleNamespace(north=north | shared, south=south | shared, new=new, other=other)


def _of(owner: Any, product: int, question: int) -> dict[str, int]:
    """A customer of the owner's with one of everything."""
    customer = company.customer(owner)
    made = {
        "contact": Contact(customer_id=customer, name="Lin Yue"), "order": Order(customer_id=customer, code=f"O{customer}", ordered_on=date(2026, 1, 1)),
        "follow_up": FollowUp(customer_id=customer, subject="Call", due_on=clock.today(), owner_id=owner.id),
        "survey_response": SurveyResponse(customer_id=customer, sheet="s", question_id=question, score=4, answered_at=clock.now()),
    }
    ids = dict(zip(made, add(*made.values()), strict=True))
    line = add(OrderLine(customer_id=customer, order_id=ids["order"], product_id=product, price=5))[0]
    return {**ids, "customer": customer, "order_line": line}


def tried(ask: Any, who: Any, verb: str, path: str, house: Any, ids: dict[str, int]) -> int:
    noun = RESOURCES[path].noun
    address = f"{path}/{ids[noun]}"
    asked = {"read": ("GET", address, None), "create": ("POST", path, house.new.get(noun, {})), "update": ("PATCH", address, house.other.get(noun, {})),
             "delete": ("DELETE", address, None)}
    return int(ask(who, *asked[verb]).status_code)


@pytest.mark.parametrize("name", ROLES)
def test_every_verb_on_every_noun_is_allowed_or_refused_as_the_policy_says(acme, house, ask, name):
    who, rules = getattr(acme, name), RULES[ROLES[name]]
    steps = [(verb, path) for verb in ("read", "create", "update") for path in RESOURCES] + [("delete", path) for path in reversed(RESOURCES)]
    for verb, path in steps:  # what hangs on a customer or an order is deleted before it
        resource = RESOURCES[path]
        allowed = rules.get((resource.noun, verb), Scope.NONE) > Scope.NONE
        expected = 405 if verb not in resource.verbs else ALLOWED[verb] if allowed else 403
        assert tried(ask, who, verb, path, house, house.north) == expected, (verb, path)


@pytest.mark.parametrize("name", ROLES)
def test_rows_beyond_the_role_s_reach_do_not_exist_for_it(acme, house, ask, name):
    who, rules = getattr(acme, name), RULES[ROLES[name]]
    for path in ("customers", "contacts", "follow-ups", "orders", "order-lines", "survey-answers"):
        noun = RESOURCES[path].noun
        sees = rules[noun, "read"] == Scope.ALL
        assert tried(ask, who, "read", path, house, house.south) == (200 if sees else 404), path
        listed = [item["id"] for item in ask(who, "GET", path).json()["items"]]
        assert (house.south[noun] in listed) == sees
        for verb in ("update", "delete"):
            if rules.get((noun, verb), Scope.NONE) not in {Scope.ALL, Scope.NONE}:
                assert tried(ask, who, verb, path, house, house.south) == 404, (verb, path)


def test_an_account_manager_enters_customers_for_nobody_else(acme, house, ask):
    made = ask(acme.amy, "POST", "customers", {"name": "Mine"}).json()
    assert made["owner_id"] == acme.amy.id
    for method, path in (("POST", "customers"), ("PATCH", f"customers/{made['id']}")):
        refused = ask(acme.amy, method, path, {"name": "Cy's", "owner_id": acme.cy.id})
        assert (refused.status_code, refused.json()["error"]["fields"][0]["field"]) == (422, "owner_id")
    assert ask(acme.amy, "POST", f"customers/{made['id']}/assign", {"owner_id": acme.bo.id}).status_code == 403
    assert ask(acme.mia, "POST", f"customers/{made['id']}/assign", {"owner_id": acme.bo.id}).json()["owner_id"] == acme.bo.id
    assert ask(acme.mia, "POST", f"customers/{made['id']}/assign", {"owner_id": acme.cy.id}).status_code == 403
    assert ask(acme.amy, "POST", "contacts", {"customer_id": house.south["customer"], "name": "Spy"}).status_code == 403


def test_a_viewer_gets_personal_data_masked_and_cannot_find_out_by_searching_or_sorting(acme, ask):
    add(Customer(code="K1", name="Blue Kiln", phone="0798 5550 0103", email="lin@kiln.example", gender="female", birthday=date(1990, 5, 1)))
    seen = ask(acme.vic, "GET", "customers").json()["items"][0]
    assert (seen["name"], seen["phone"], seen["email"], seen["gender"], seen["birthday"]) == ("Blue Kiln", "079 **** 0103", "l****@kiln.example", "****", None)
    assert ask(acme.ada, "GET", "customers").json()["items"][0]["phone"] == "0798 5550 0103"
    assert ask(acme.vic, "GET", "customers?q=5550").json()["total"] == 0
    for asked in ("sort=phone", "gender=female", "phone=0798", "birthday_from=1990-01-01"):
        assert ask(acme.vic, "GET", f"customers?{asked}").status_code == 422


def test_colleagues_are_known_by_name_and_role_alone(acme, ask):
    people = ask(acme.vic, "GET", "users?sort=id").json()["items"]
    assert {"Ada", "Amy"} <= {person["name"] for person in people}
    assert not {"user_name", "email", "weekly_hours"} & people[0].keys()
