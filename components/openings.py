"""What stands open on a page is named in its address, so that it is there again after the server was started anew or the page was loaded again.

It reads `<of what>.<number>`. The number is new with each opening: the inputs' keys begin with it, and what is typed is saved once under it. A tab that
was duplicated has the number of its twin: each saves what was typed there.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

import streamlit as st

from db.language import t

ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
NUMBER = re.compile(f"[{ALPHABET}]{{8}}")
CLOSED = "regulars.closed"


@dataclass(frozen=True)
class Opening:
    """of: what is open, as the address says it, which anybody may have typed."""

    of: str
    number: str


def fresh() -> str:
    """A number that nobody has had yet."""
    return "".join(secrets.choice(ALPHABET) for _ in range(8))


def sound(number: object) -> bool:
    return isinstance(number, str) and NUMBER.fullmatch(number) is not None


def opening(name: str) -> Opening | None:
    """What stands open under this name."""
    of, _, number = st.query_params.get(name, "").rpartition(".")
    return Opening(of, number) if sound(number) and not _is_closed(number) else None


def stands(name: str) -> bool:
    """Whether something is open under this name, also by an address written by hand, such as `?edit=1`."""
    return name in st.query_params and not _is_closed(st.query_params[name].rpartition(".")[2])


def number(name: str) -> str:
    """The number of what is open; empty where the address was written by hand."""
    now = opening(name)
    return now.number if now else ""


def _is_closed(number: str) -> bool:
    """Closed a moment ago, and the browser does not know yet."""
    return number in st.session_state.get(CLOSED, ())


def open_(name: str, of: str = "") -> None:
    st.query_params[name] = f"{of}.{fresh()}" if of else fresh()


def close(name: str) -> None:
    if now := opening(name):
        st.session_state[CLOSED] = (*st.session_state.get(CLOSED, ())[-20:], now.number)
    st.query_params.pop(name, None)


def is_shown(form: str) -> bool:
    """Whether the browser shows this form already, be it to a server that was started anew; if not, nothing can have been typed into it."""
    mine = fresh()
    return kept(f"shown.{form}", mine) != mine


def turn(form: str) -> str:
    """The number of a form that always stands on its page; it has another after `next_turn`."""
    if st.session_state.pop(f"turned.{form}", False):
        st.session_state[f"turn.{form}"] = fresh()
    return kept(f"turn.{form}", fresh(), lasting=True)


def next_turn(form: str) -> None:
    st.session_state[f"turned.{form}"] = True


def kept(key: str, value: str, lasting: bool = False) -> str:
    """What the browser keeps under this key, in an input that nobody sees, and tells to a server that was started anew; at first the value.

    lasting: for the whole visit, on whatever page.
    """
    with st.container(key=f"kept_{key}"):
        return st.text_input(
            t("Kept for this form"), value, key=key, autocomplete="off", label_visibility="collapsed", persist_state="session" if lasting else None
        )
