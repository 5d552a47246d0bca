"""The data steward's lists: stale, incomplete, orphaned, unassigned and impossible, each with what to do about it."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from components import formats
from components.act_on_list import act_on_list
from components.cache import ask
from components.panel import panel
from components.saving import attempt
from db.actions import customers
from db.engine import reading
from db.fields import field_of
from db.language import t, tn
from db.models import Customer
from db.models.customer import missing
from db.policy import Actor, may
from db.queries import quality
from db.queries.links import link_choices


def draw(actor: Actor) -> None:
    counts = ask(actor, quality.counts)
    words = _titles()
    chosen = st.segmented_control(
        t("What is wrong"), [kind for kind in quality.FAULTS if counts[kind]], key="care_fault", label_visibility="collapsed", persist_state="session",
        default=next((kind for kind in quality.FAULTS if counts[kind]), None), format_func=lambda kind: f"{words[kind][0]} {formats.number(counts[kind])}",
    )
    if not any(counts.values()):
        st.success(t("Nothing to mend: every customer has an owner, a rhythm that is kept and the data that matters."), icon=":material/verified:")
    if chosen:
        _list(actor, chosen, counts[chosen])


def _titles() -> dict[str, tuple[str, str, str]]:
    """By kind: a word, what it means, and the follow-up that is suggested."""
    return {
        "stale": (t("Stale"), t("The rhythm has passed and nothing is planned"), t("Get in touch again")),
        "incomplete": (t("Incomplete"), t("Less than {n}% of the data that matters", n=quality.POOR), t("Complete the data")),
        "orphaned": (t("Orphaned"), t("The owner can no longer sign in"), t("Introduce the new owner")),
        "unassigned": (t("Unassigned"), t("Nobody looks after them"), t("Get in touch")),
        "impossible": (t("Impossible values"), t("Something here cannot be true"), t("Check the data")),
    }


def _list(actor: Actor, kind: str, count: int) -> None:
    with reading(actor) as session:
        found = quality.with_fault(session, kind)
        wrong = quality.what_is_wrong(session, [customer.id for customer in found]) if kind == "impossible" else {}
    word, meaning, subject = _titles()[kind]
    caption = meaning if count <= len(found) else f"{meaning} · {t('The first {n} are here', n=formats.number(len(found)))}"
    with panel(f"{word}: {formats.number(count)}", caption, key=f"fault_{kind}"):
        customers_to_act_on(actor, found, lambda customer: _reason(kind, customer, wrong.get(customer.id, [])), f"fault_{kind}", subject, kind == "incomplete")


def customers_to_act_on(actor: Actor, found: list[Customer], reason: Callable[[Customer], str], key: str, subject: str, scored: bool) -> None:
    """scored: with the completeness of each."""
    rows = pd.DataFrame(
        [{"customer_id": row.id, "customer": row.name, "reason": reason(row), "value": _score(row) if scored else None} for row in found]
    )
    act_on_list(actor, rows, key=key, subject=subject, more=lambda chosen: _assign(actor, chosen, key))


def _score(customer: Customer) -> str:
    return formats.percent(customer.completeness / 100, 0)


def _reason(kind: str, customer: Customer, wrong: list[str]) -> str:
    if kind == "stale":
        return t("Contact was due {day}", day=formats.date_long(customer.contact_due_on))
    if kind == "impossible":
        said = {"born": t("Birthday"), "since": t("Customer since"), "email": t("E-mail"), "contact": t("Last contact")}
        said["consent"] = t("Consent withdrawn before it was given")
        return " · ".join(said[name] for name in wrong)
    return missing_words(customer)


def missing_words(customer: Customer) -> str:
    lacking = [field.title for field in missing(customer)]
    return t("Missing: {fields}", fields=formats.listed(lacking)) if lacking else t("Complete")


def _assign(actor: Actor, chosen: list[int], key: str) -> bool:
    """Give the ticked customers to a colleague."""
    if not may(actor, "assign", "customer"):
        return False
    with reading(actor) as session:
        people = link_choices(session, field_of(Customer, "owner_id"))
    owner = st.selectbox(t("New owner"), list(people), index=None, format_func=lambda id_: people[id_], key=f"{key}.owner", placeholder=t("Choose"), width=180)
    pressed = st.button(t("Assign"), key=f"{key}.assign", icon=":material/person_add:", disabled=owner is None)
    if not pressed or owner is None:
        return False
    return attempt(actor, "customer.assign", lambda session: customers.assign(session, chosen, owner), _assigned) is not None


def _assigned(count: int) -> str:
    return tn("{n} customer assigned", "{n} customers assigned", count)
