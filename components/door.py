"""How the script sends the browser through the session's routes."""

from __future__ import annotations

from urllib.parse import quote, urlencode, urlsplit

import streamlit as st
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner import get_script_run_ctx

from components.actor import device, session_id
from db.actions import access, sessions
from db.policy import Actor


def send_to(path: str) -> None:
    """Make the browser load another address of ours, in place of this page."""
    context = get_script_run_ctx()
    if context is not None:
        message = ForwardMsg()
        message.auth_redirect.url = path
        context.enqueue(message)


def here() -> str:
    """The address of this screen with its parameters, as for a link to a colleague."""
    path = urlsplit(st.context.url or "").path or "/"
    query = urlencode([(key, value) for key in st.query_params for value in st.query_params.get_all(key)])
    return f"{path}?{query}" if query else path


def enter(ticket: str, to: str | None = None) -> None:
    """Fetch the session's cookie and come back to this screen."""
    send_to(f"/session/start?ticket={quote(ticket)}&next={quote(to or here(), safe='')}")


def enter_again(actor: Actor) -> None:
    """A new session for somebody whose sessions were just ended, as after changing the password."""
    enter(access.ticket_for(actor, device()))


def leave() -> None:
    """Sign this browser out."""
    sessions.end(session_id() or "")
    send_to("/session/ended")


def reload() -> None:
    """Load the page anew, as after a change of language."""
    send_to(here())
