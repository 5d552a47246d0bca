"""Raids on sessions: other people's Streamlit sessions, forged headers, foreign pages."""

from __future__ import annotations

from websockets.exceptions import WebSocketException

from tests.attack.doors import trespasses
from tests.attack.marked_company import ONE_OF_EACH
from tests.attack.siege import STRANGER, Siege, bytes_of
from tests.tab import Ended

FOREIGN = ("http://evil.example", "http://127.0.0.1:1", "http://localhost", "null", "https://", "")


def by_replayed_session(siege: Siege) -> None:
    """Take up the Streamlit session of somebody whose tab has just closed."""
    for victim in filter(ONE_OF_EACH.__contains__, siege.people):
        for who in siege.everybody:
            if who != victim:
                with siege.tab(victim) as open_:
                    open_.open("customers")
                with siege.tab(who, resume=open_.session_id) as tab:
                    wrong = ["has taken the session over"] if bytes_of(tab.run()) and tab.session_id == open_.session_id else []
                    siege.judge("replayed session id", who, f"the session of {victim}", bytes_of(tab.open("customers")), [*wrong, *trespasses(tab, who)])


def by_forged_headers(siege: Siege) -> None:
    """Say who one is, with the hash that a stolen copy of the database holds."""
    for who in siege.everybody:
        for victim in filter(ONE_OF_EACH.__contains__, siege.people):
            if who != victim:
                with siege.tab(who, **{"X-Regulars-Sid": siege.sid(victim)}) as tab:
                    siege.judge("forged header", who, f"in the name of {victim}", bytes_of(tab.open("customers")), trespasses(tab, who))


def by_foreign_pages(siege: Siege) -> None:
    """Another website's script in the browser of somebody who is signed in: its socket, and what it posts."""
    for who in siege.people:
        for origin in FOREIGN:
            siege.judge("foreign Origin", STRANGER, f"socket from {origin or 'nowhere'} of {who}", _socket(siege, who, origin))
            if origin:
                answer = siege.http(who, "POST", "/api/v1/customers", {"origin": origin}, json={})
                siege.judge("foreign Origin", STRANGER, f"post from {origin}", answer.content, [] if answer.status_code in {401, 403} else ["was heard"])


def _socket(siege: Siege, who: str, origin: str) -> bytes:
    try:
        with siege.tab(who, Origin=origin) as tab:
            return bytes_of(tab.open("customers"))
    except (WebSocketException, Ended, OSError) as refused:
        return str(refused).encode()
