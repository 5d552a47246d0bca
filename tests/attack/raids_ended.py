"""Raids with tabs whose session has ended while they were open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from streamlit.proto.WidgetStates_pb2 import WidgetState

from db.actions import sessions, tokens
from db.engine import transaction
from db.models import User
from db.policy import SYSTEM
from tests.attack.files import address_of, offered, place_for
from tests.attack.marked_company import ONE_OF_EACH
from tests.attack.siege import STRANGER, Siege, heard
from tests.tab import Drawn, Ended, Tab

PAGES = ("", "customers", "dashboard")
Served = tuple[bytes, bool]
"""What came back, and whether the tab was still served."""


def by_ended_sessions(siege: Siege) -> None:
    """Open tabs after signing out, deactivation and a change of role: every way to go on."""
    for who in siege.people:
        if who in ONE_OF_EACH:
            for name, ends in ENDS.items():
                for page in PAGES:
                    _tab_by_tab(siege, who, name, ends, page)


def _tab_by_tab(siege: Siege, who: str, name: str, ends: Callable[..., AbstractContextManager[None]], page: str) -> None:
    for way, go_on in WAYS.items():
        cookie = siege.new_cookie(who)
        with siege.tab(who, cookie) as tab:
            drawn = tab.open(page)
            with ends(siege, who, cookie):
                data, served = go_on(tab, drawn)
        siege.judge("after the end", STRANGER, f"{way} on {page or 'today'} after {name} of {who}", data, ["is still served"] if served else [])


@contextmanager
def _signed_out(siege: Siege, _who: str, cookie: str) -> Iterator[None]:
    with siege.at_home():
        sessions.end(str(tokens.digest(cookie)))
    yield


def _changed(key: str, value: Callable[[Any], Any]) -> Callable[..., AbstractContextManager[None]]:
    @contextmanager
    def during(siege: Siege, who: str, _cookie: str) -> Iterator[None]:
        before = _set(siege, who, key, value)
        yield
        _set(siege, who, key, lambda _now: before)
        siege.cookies.pop(who, None)

    return during


def _set(siege: Siege, who: str, key: str, value: Callable[[Any], Any]) -> Any:
    with siege.at_home(), transaction(SYSTEM, "user.update") as session:
        user = session.get_one(User, siege.company.actors[who].id)
        before = getattr(user, key)
        setattr(user, key, value(before))
        return before


ENDS = {
    "signing out": _signed_out,
    "deactivation": _changed("active", lambda _: False),
    "a change of role": _changed("role", lambda role: "rep" if role == "viewer" else "viewer"),
}


def _rerun(tab: Tab, _drawn: Drawn) -> Served:
    return heard(tab)


def _fragment(tab: Tab, drawn: Drawn) -> Served:
    """The piece of the page that refreshes itself."""
    found = next((message.auto_rerun.fragment_id for message in drawn.messages if message.WhichOneof("type") == "auto_rerun"), "")
    return heard(tab, fragment=found, is_auto_rerun=True)


def _callback(tab: Tab, _drawn: Drawn) -> Served:
    return heard(tab, WidgetState(id=tab.widget("open_search").id, trigger_value=True))


def _download(tab: Tab, _drawn: Drawn) -> Served:
    """A file that the page offers; where it offers none, one that is not there."""
    return _told(address_of, tab, next(iter(offered(tab)), "none"))


def _upload(tab: Tab, _drawn: Drawn) -> Served:
    return _told(place_for, tab)


def _told(question: Callable[..., str], *arguments: Any) -> Served:
    try:
        return question(*arguments).encode(), True
    except (Ended, TimeoutError) as refused:
        return str(refused).encode(), False


WAYS: dict[str, Callable[[Tab, Drawn], Served]] = {"rerun": _rerun, "fragment": _fragment, "callback": _callback, "download": _download, "upload": _upload}
