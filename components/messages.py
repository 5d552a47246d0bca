"""What the product says after an action: a toast, and a bar that offers undo."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager

import streamlit as st

from components import formats
from components.actor import afresh, current_actor
from db import history
from db.engine import held_up_by
from db.errors import Conflict, CrmError
from db.language import t
from db.policy import Actor

FLASH, UNDO, CONFLICT = "regulars.flash", "regulars.undo", "regulars.undo_conflict"
SECONDS = 12


def say(text: str) -> None:
    """A message for the next run; survives a rerun or a page switch."""
    st.session_state[FLASH] = text


def done(text: str, change_id: int | None) -> None:
    """An action was saved: offer to take it back."""
    if change_id is None or not text:
        say(text)
    else:
        st.session_state[UNDO] = {"text": text, "change": change_id, "until": time.monotonic() + SECONDS}


def waiting(actor: Actor) -> AbstractContextManager[None]:
    """Around a save: one that takes more than a moment says so, and why where somebody is writing at length."""
    writer = held_up_by(actor.workspace)
    if writer is None:
        return st.spinner(t("Saving …"))
    return st.spinner(t("{name} is writing an import; yours is saved as soon as that is done. Please leave the page open …", name=formats.plain(writer)))


def draw() -> None:
    if text := st.session_state.pop(FLASH, None):
        st.toast(formats.plain(text))
    if UNDO in st.session_state:
        st.fragment(afresh(_undo_bar), run_every=2)()


def _undo_bar() -> None:
    offer = st.session_state.get(UNDO)
    if offer is None or time.monotonic() > offer["until"]:
        st.session_state.pop(UNDO, None)
        return
    with st.container(key="undo_bar", horizontal=True, vertical_alignment="center", border=True):
        st.text(offer["text"])
        if st.button(t("Undo"), key=f"undo_{offer['change']}", shortcut="U", type="tertiary", icon=":material/undo:"):
            take_back(offer["change"])


def take_back(change_id: int, force: bool = False) -> None:
    """Undo a change and say so; where somebody changed the row since, keep both values for the page to ask."""
    actor = current_actor()
    try:
        with waiting(actor):
            again = history.undo(actor, change_id, force)
    except Conflict as conflict:
        st.session_state[CONFLICT] = {"change": change_id, "fields": conflict.fields}
        say(t("Somebody changed this in the meantime. Open the history to decide."))
    except CrmError as error:
        say(str(error))
    else:
        done(t("Undone"), again)
        st.session_state.pop(CONFLICT, None)
    if not force:
        st.session_state.pop(UNDO, None) if st.session_state.get(UNDO, {}).get("change") == change_id else None
    st.rerun(scope="app")
