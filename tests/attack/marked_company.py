"""What must not leak: a company in which every record carries words of its own, and who may read them, by the table of roles alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from db import clock, defaults
from db.actions import customers, follow_ups
from db.engine import transaction
from db.models import Absence, Attachment, Contact, Order, Question, SavedView, Survey, SurveyResponse, User
from db.policy import SYSTEM, Actor
from tests.conftest import ACME, everybody, found_acme

PEOPLE: dict[str, tuple[str, str | None]] = {**ACME, "lin": ("admin", None), "zoe": ("manager", None), "max": ("manager", None)}
"""Every role by first name, with its team; Zoe and Max are managers without one."""
ONE_OF_EACH = ("lin", "mia", "amy", "gil", "vic")
OWNERS = ("mia", "amy", "bo", "cy", "zoe", "max", None)
WORD = re.compile(rb"Vk\d{3}qz")


@dataclass(frozen=True)
class Secret:
    """A word that stands in one field of one record. `personal` data is masked for viewers; `only` the owner and managers handle some things."""

    word: str
    owner: str | None
    personal: bool = False
    private: bool = False
    absence: bool = False
    deleted: bool = False


def may_read(who: str, secret: Secret) -> bool:
    """By the table of roles in the README: who is asking, and whose record it is."""
    if who not in PEOPLE:
        return False
    role, team = PEOPLE[who]
    if secret.private:
        return who == secret.owner
    if role == "viewer":
        return not (secret.personal or secret.absence or secret.deleted)
    if role == "agent" and secret.deleted:
        return False
    if role == "admin" or who == secret.owner:
        return True
    mates = team is not None and secret.owner is not None and PEOPLE[secret.owner][1] == team
    return role in {"manager", "agent"} and (secret.owner is None or mates)


@dataclass
class Company:
    """actors by first name; customers: whose (or nobody's) -> id of the customer; files: whose -> id of the file kept with it."""

    actors: Mapping[str, Actor]
    secrets: dict[bytes, Secret] = field(default_factory=dict)
    customers: dict[str | None, int] = field(default_factory=dict)
    follow_ups: dict[str | None, int] = field(default_factory=dict)
    orders: dict[str | None, int] = field(default_factory=dict)

    def word(self, owner: str | None, **marks: bool) -> str:
        word = f"Vk{len(self.secrets):03d}qz"
        self.secrets[word.encode()] = Secret(word, owner, **marks)
        return word

    def leaked(self, who: str, data: bytes) -> list[str]:
        """The words in these bytes that are not for them."""
        return sorted(secret.word for found in set(WORD.findall(data)) if not may_read(who, secret := self.secrets[found]))


def found_company() -> Company:
    """Fill the database of REGULARS_DATABASE_URL."""
    found_acme()
    with transaction(SYSTEM, "setup") as session:
        defaults.add_options(session)
        session.add_all(User(user_name=name, name=name.title(), role=PEOPLE[name][0]) for name in PEOPLE if name not in ACME)
    company = Company(vars(everybody()))
    with transaction(SYSTEM, "setup") as session:
        survey = Survey(name="How was it?")
        session.add(survey)
        session.flush()
        session.add(Question(survey_id=survey.id, key="all", text="All in all?"))
    for owner in OWNERS:
        _records(company, owner)
    return company


def _records(company: Company, owner: str | None) -> None:
    owner_id, now = company.actors[owner].id if owner else None, clock.now()
    say, tell = (lambda: company.word(owner)), (lambda: company.word(owner, personal=True))
    with transaction(SYSTEM, "customer.create") as session:
        values: dict[str, Any] = {"name": f"House {say()}", "owner_id": owner_id, "tier": "A", "status": "active", "city": say(), "address": tell(), "im": tell(),
                                  "email": f"{tell()}@example.com", "occupation": tell(), "preferences": tell(), "notes": say()}
        customer_id = company.customers[owner] = customers.create(session, values).id
        session.add(Contact(customer_id=customer_id, name=say(), position=say(), im=tell(), email=f"{tell()}@example.com", notes=say()))
        done = {"customer_id": customer_id, "method": "call", "subject": say(), "content": say(), "rating": 1, "rating_reason": say(), "owner_id": owner_id}
        follow_ups.log(session, {**done, "done_at": now - timedelta(days=2)})
        late = follow_ups.plan(session, {"customer_id": customer_id, "subject": say(), "due_on": clock.today() - timedelta(days=1), "owner_id": owner_id})
        company.follow_ups[owner] = late.id
        order = Order(customer_id=customer_id, code=say(), ordered_on=clock.today(), amount=700, place=say(), signatory=tell(), notes=say())
        answer = SurveyResponse(customer_id=customer_id, sheet=say(), question_id=1, score=1, comment=say(), answered_at=now, manager_id=owner_id)
        session.add_all([order, answer])
        session.flush()
        company.orders[owner] = order.id
        customers.attach(session, customer_id, f"{say()}.txt", "text/plain", f"{say()} in a file".encode())
        gone = customers.create(session, {"name": company.word(owner, deleted=True), "owner_id": owner_id})
        gone.deleted_at = now
    if owner:
        _own_things(company, owner)


def _own_things(company: Company, owner: str) -> None:
    with transaction(SYSTEM, "setup") as session:
        user_id = company.actors[owner].id
        session.add(SavedView(noun="customer", name=company.word(owner, private=True), user_id=user_id, state={}))
        session.add(Absence(user_id=user_id, starts_on=clock.today(), ends_on=clock.today(), note=company.word(owner, absence=True)))


def file_of(company: Company, owner: str | None, session: Any) -> int:
    """The id of the file that is kept with this owner's customer."""
    return int(session.query(Attachment.id).filter(Attachment.customer_id == company.customers[owner]).scalar())
