"""What the drawer's address says, as far as it is sound and the actor may have it: `?open=follow_up.12.k3f9ab2c` is a follow-up with customer 12."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from components import openings
from components.addresses import number_in
from db import records
from db.engine import reading
from db.errors import CrmError
from db.models import Record
from db.policy import Actor, may
from db.queries.lists import ListQuery, page
from db.queries.settings import option_lists

OPEN, PICKED = "open", "for"
ENTRIES = ("follow_up", "plan", "customer", "order", "survey_response")
MADE = ("order", "product", "product_line", "target", "survey", "question", "survey_invitation", "team", "absence", "option", "custom_field", "tag",
        "lead_form")
EDITED = (*MADE, "follow_up", "survey_response", "user")
"""The nouns whose form the drawer shows, for a new record and for one that is there; the others have places of their own."""


@dataclass(frozen=True)
class Drawer:
    """what: the kind of entry, "complete" for a follow-up that is done, "record" for any noun's form; id: of the record."""

    what: str
    number: str
    customer_id: int | None = None
    noun: str = ""
    id: int | None = None
    list_key: str = ""


def offered(actor: Actor) -> list[str]:
    """The kinds of entry that this actor may make."""
    return [what for what in ENTRIES if may(actor, "create", "follow_up" if what == "plan" else what)]


def open_(what: str, *, noun: str = "", id: int | None = None, customer_id: int | None = None, list_key: str = "") -> None:
    of = {"record": f"{noun}.{id or list_key}", "complete": str(id)}.get(what, str(customer_id or ""))
    st.query_params.pop(PICKED, None)
    st.session_state.pop("drawer_choice", None)
    openings.open_(OPEN, f"{what}.{of}")


def close() -> None:
    openings.close(OPEN)
    st.query_params.pop(PICKED, None)


def turn_to(what: str) -> None:
    """Another kind of entry in the drawer as it stands open."""
    now = openings.opening(OPEN)
    if now is not None and now.of.partition(".")[0] != what:
        st.query_params[OPEN] = f"{what}.{now.of.partition('.')[2]}.{now.number}"


def picked() -> int | None:
    return number_in(st.query_params.get(PICKED))


def pick(customer_id: int | None) -> None:
    if customer_id is not None and customer_id != picked():
        st.query_params[PICKED] = str(customer_id)


def drawer(actor: Actor) -> Drawer | None:
    """What is open, or None; an address that names nothing of the actor's opens nothing."""
    now = openings.opening(OPEN)
    if now is None:
        return None
    what, _, of = now.of.partition(".")
    if what == "record":
        return _record(actor, of, now.number)
    if what == "complete":
        done = _found(actor, "follow_up", number_in(of)) if may(actor, "update", "follow_up") else None
        return Drawer(what, now.number, getattr(done, "customer_id", None), id=done.id) if done else None
    if what not in offered(actor) or (of and not _found(actor, "customer", number_in(of))):
        return None
    return Drawer(what, now.number, number_in(of))


def _record(actor: Actor, of: str, number: str) -> Drawer | None:
    noun, _, which = of.partition(".")
    id_ = number_in(which)
    if id_:
        return Drawer("record", number, noun=noun, id=id_) if noun in EDITED and may(actor, "update", noun) and _found(actor, noun, id_) else None
    if noun not in MADE or not may(actor, "create", noun):
        return None
    if noun != "option":
        return None if which else Drawer("record", number, noun=noun)
    with reading(actor) as session:
        return Drawer("record", number, noun=noun, list_key=which) if which in option_lists(session) else None


def _found(actor: Actor, noun: str, id_: int | None) -> Record | None:
    try:
        with reading(actor) as session:
            return records.get(session, noun, id_)
    except CrmError:
        return None


def settled(actor: Actor, drawer: Drawer) -> dict[str, object]:
    """The values that a new record starts with and that its form does not ask for."""
    if drawer.noun == "absence" and actor.role == "rep":
        return {"user_id": actor.id}
    if not drawer.list_key:
        return {}
    with reading(actor) as session:
        rows = page(session, "option", ListQuery(filters={"list_key": [drawer.list_key]}, sort="position", limit=1, descending=True), ("position",))
    return {"list_key": drawer.list_key, "position": int(rows["position"].max()) + 10 if len(rows) else 10}
