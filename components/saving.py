"""One click, one transaction: run the work, then tell the user what became of it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from components import formats, messages, openings
from db.actions.editing import was_saved
from db.engine import reading, transaction
from db.errors import AlreadyDone, Conflict, CrmError, Invalid
from db.fields import Field
from db.language import t
from db.policy import Actor
from db.session import CrmSession


def number_of(form: str) -> str:
    """The number of a form that stands in no address; it changes after each success."""
    return str(st.session_state.setdefault(f"number.{form}", openings.fresh()))


def request_key(actor: Actor, form: str, number: str = "", typed: Mapping[str, Any] | None = None) -> str:
    """The one-time key of a form, so that a double click saves once, and so do two clicks with a new start of the server between them.

    number: that of the opening, which the browser keeps; without one the form has a number for this visit.
    typed: tells the tabs of one opening apart; the key begins with that of the opening alone.
    """
    of_opening = _digest(f"{actor.id}.{number or number_of(form)}.{form}")
    return of_opening if typed is None else of_opening + _digest(repr(sorted(typed.items())))


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def saved_already(actor: Actor, form: str, number: str, typed: Mapping[str, Any] | None) -> AlreadyDone | None:
    """Whether this was saved in this opening before, as by a server that ended before it could say so. Says so; asked once a visit.

    typed: None where the browser shows the form for the first time: nothing is lost then, whatever it was that was saved.
    """
    asked = f"asked.{form}"
    if not number or st.session_state.get(asked) == number:
        return None
    st.session_state[asked] = number
    with reading(actor) as session:
        if not was_saved(session, request_key(actor, form, number, typed)):
            return None
    already = AlreadyDone()
    messages.say(str(already))
    return already


def attempt(
    actor: Actor,
    action: str,
    work: Callable[[CrmSession], Any],
    said: str | Callable[[Any], str],
    *,
    form: str = "",
    number: str = "",
    typed: Mapping[str, Any] | None = None,
    slots: Mapping[str, Any] | None = None,
    fields: tuple[Field, ...] = (),
    told: Callable[[], None] | None = None,
) -> Any:
    """Save and offer undo; or show each problem beside its field and return None.

    Returns what the work returned, or True where it returned nothing, or AlreadyDone where the same was saved before, in this opening.

    form, number, typed: as in `request_key`. work: gets the session and must not touch the screen. said: the words, or how they follow from the result.
    slots: a place on the screen for each field's message. told: called once the user was told of a conflict.
    """
    try:
        with messages.waiting(actor), transaction(actor, action, request_key=form and request_key(actor, form, number, typed)) as session:
            result = work(session)
    except AlreadyDone as already:
        messages.say(str(already))
        _forget(form)
        return already
    except Invalid as invalid:
        show_problems(invalid, slots or {}, fields)
    except Conflict as conflict:
        show_conflict(conflict, fields)
        if told:
            told()
    except CrmError as error:
        st.error(formats.plain(str(error)))
    else:
        _forget(form)
        messages.done(said(result) if callable(said) else said, session.info.get("change_id"))
        return True if result is None else result
    return None


def _forget(form: str) -> None:
    st.session_state.pop(f"number.{form}", None)


def show_problems(invalid: Invalid, slots: Mapping[str, Any], fields: tuple[Field, ...] = ()) -> None:
    titles = {field.key: field.title for field in fields}
    for key, message in invalid.problems.items():
        if key in slots:
            slots[key].container(key=f"problem_{key}").markdown(f":material/error: {formats.plain(str(message))}")
        else:
            st.error(formats.plain(formats.labelled(titles[key], message) if key in titles else str(message)))
    if slots and any(key in slots for key in invalid.problems):
        st.error(t("Please check the marked fields; nothing you typed is lost."), icon=":material/error:")


def show_conflict(conflict: Conflict, fields: tuple[Field, ...]) -> None:
    titles = {field.key: field.title for field in fields}
    st.warning(formats.plain(str(conflict)), icon=":material/sync_problem:")
    for key, (mine, theirs) in conflict.fields.items():
        st.text(t("{field}: you wrote “{mine}”, it is now “{theirs}”.", field=titles.get(key, key), mine=mine or "–", theirs=theirs or "–"))
    st.caption(t("Press “Save” again to keep yours, or reload the page to see theirs."))
