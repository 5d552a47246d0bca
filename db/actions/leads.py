"""What somebody wrote into a lead form becomes a lead: a customer, a contact, and a follow-up for the owner."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

from sqlalchemy import select

from db import clock, language, records
from db.actions import follow_ups, signing
from db.choices import custom_fields
from db.engine import reading, transaction
from db.errors import CrmError, Gone, Invalid, Message
from db.fields import Field, Kind
from db.language import t
from db.models import Customer, CustomerTag, LeadForm, Tag
from db.policy import SYSTEM
from db.queries.lists import customer_matches
from db.session import CrmSession

PURPOSE = "lead"
QUICKEST = timedelta(seconds=3)
"""Nobody fills the form in faster than that."""
LONGEST = timedelta(hours=12)
ASKED = (
    Field(key="name", required=True, max_length=200), Field(key="company", max_length=200), Field(key="phone", kind=Kind.PHONE, max_length=40),
    Field(key="email", kind=Kind.EMAIL, max_length=200), Field(key="message", kind=Kind.LONG_TEXT, max_length=4000),
)
CONSENT = "You may keep what I wrote here and contact me about it. I can withdraw this at any time."


class TooQuick(CrmError):
    message = Message("That was very quick. Please look it over and send it once more.")


class Stale(CrmError):
    message = Message("This form was open for a long time. Please send it once more.")


@dataclass(frozen=True)
class View:
    """A form as one language sees it."""

    key: str
    organisation: str
    title: str
    intro: str
    consent: str
    shown_on: str


def view(key: str, speaking: str) -> View:
    """Raises Gone for a form that is not there or not open."""
    with reading(SYSTEM) as session:
        form, house = _open(session, key), session.organisation.name
        with language.speaking(speaking):
            consent, title = form.said("consent", speaking) or t(CONSENT), form.said("title", speaking) or t("How can we reach you?")
            return View(form.key, house, title, form.said("intro", speaking), consent, form.shown_on or "")


def _open(session: CrmSession, key: str) -> LeadForm:
    form = session.scalars(select(LeadForm).where(LeadForm.key == key, LeadForm.active)).first()
    if form is None:
        raise Gone
    return form


def stamp(key: str) -> str:
    """What a form carries to be sent once: when it was opened, a name of its own, and the signature of both."""
    opened = f"{int(clock.now().timestamp())}.{secrets.token_urlsafe(12)}"
    return f"{opened}.{signing.sign(PURPOSE, f'{key}.{opened}')}"


def _nonce(key: str, stamp: str) -> str:
    """The stamp's own name. Raises Stale for one that is not ours or too old, TooQuick for one that is too fresh."""
    at, _, rest = stamp.partition(".")
    nonce, _, signature = rest.partition(".")
    if not (at.isascii() and at.isdecimal() and len(at) < 12 and signing.is_signed(PURPOSE, f"{key}.{at}.{nonce}", signature)):
        raise Stale
    age = clock.now().timestamp() - int(at)
    if age > LONGEST.total_seconds():
        raise Stale
    if age < QUICKEST.total_seconds():
        raise TooQuick
    return nonce


def receive(key: str, stamp: str, sent: Mapping[str, str], speaking: str) -> None:
    """Save a lead. Raises Invalid, TooQuick, Stale, Gone, and AlreadyDone where this form was sent before."""
    nonce = _nonce(key, stamp)
    with transaction(SYSTEM, "lead.receive", request_key=f"lead:{nonce}") as session:
        form = _open(session, key)
        lead = _checked(session, sent)
        with language.speaking(session.organisation.language):
            _enter(session, form, lead, view(key, speaking).consent)
        session.info["note"] = form.name


def _checked(session: CrmSession, sent: Mapping[str, str]) -> dict[str, Any]:
    problems: dict[str, Message] = {}
    lead: dict[str, Any] = {}
    try:
        lead = records.validated(session, "customer", {field.key: sent.get(field.key, "") for field in ASKED}, ASKED)
    except Invalid as invalid:
        problems = invalid.problems
    if not sent.get("phone", "").strip() and not sent.get("email", "").strip():
        problems.setdefault("phone", Message("Please leave a telephone number or an e-mail address."))
    if not sent.get("consent"):
        problems["consent"] = Message("Please tick this box: without it we may not keep your details.")
    if problems:
        raise Invalid(problems)
    return lead


def _enter(session: CrmSession, form: LeadForm, lead: Mapping[str, Any], consent: str) -> None:
    alike = _alike(session, lead)
    reach = {"phone": lead["phone"], "email": lead["email"]}
    common = {"status": "lead", "owner_id": form.owner_id, "source": form.source, "consent_basis": "consent", "consent_on": clock.today()}
    own = {"name": lead["company"], "kind": "company"} if lead["company"] else {"name": lead["name"], "kind": "person", **reach}
    customer = cast(Customer, records.create(session, "customer", {**common, **own}, skip=[field.key for field in custom_fields(session)]))
    contact = records.create(session, "contact", {"customer_id": customer.id, "name": lead["name"], **reach}) if lead["company"] else None
    session.add_all(CustomerTag(customer_id=customer.id, tag_id=id_) for id_ in _tags(session, form))
    told = [lead["message"], t("May already be known: {names}", names=t(", ").join(alike)) if alike else "", t("Agreed to: “{words}”", words=consent)]
    due_on = clock.today() + timedelta(days=form.follow_up_days)
    values = {"customer_id": customer.id, "contact_id": contact.id if contact else None, "owner_id": form.owner_id, "direction": "inbound", "due_on": due_on}
    follow_ups.plan(session, {**values, "subject": t("New lead: {form}", form=form.name), "content": "\n\n".join(part for part in told if part)})


def _tags(session: CrmSession, form: LeadForm) -> list[int]:
    """Those of the form's tags that there still are."""
    return list(session.scalars(select(Tag.id).where(Tag.id.in_([int(id_) for id_ in form.tags])).order_by(Tag.id)))


def _alike(session: CrmSession, lead: Mapping[str, Any]) -> list[str]:
    """Customers that hold the same name, number or address: told to the owner, never merged by themselves."""
    reasons = [Customer.name == (lead["company"] or lead["name"]), *(customer_matches(session, lead[key]) for key in ("phone", "email") if lead[key])]
    found: dict[str, str] = {}
    for reason in reasons:
        found |= {code: name for code, name in session.execute(select(Customer.code, Customer.name).where(reason).order_by(Customer.id).limit(5))}
    return [f"{code} {name}" for code, name in found.items()]
