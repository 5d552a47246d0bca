"""Raids over plain HTTP: other people's files and places for files, paper, the interface for programs, and the server's own files."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from components.web.api.resources import RESOURCES
from db import clock
from db.actions import access_tokens
from db.engine import transaction
from db.queries.reports import REPORTS
from tests.attack.files import address_of, offered, place_for
from tests.attack.marked_company import ONE_OF_EACH
from tests.attack.siege import STRANGER, Siege

OF_THE_SERVER = ("/app/static/../../app.py", "/app/static/%2e%2e/%2e%2e/app.py", "/static/..%2f..%2fapp.py", "/data/regulars.db", "/siege.db", "/.streamlit/config.toml",
                 "/_stcore/metrics", "/_stcore/script-health-check", "/component/x/../../app.py", "/media/../app.py", "/app.py")
SIGNS = (b"from __future__", b"SQLite format", b"[server]", b"# TYPE cache_")
"""What a file or a page of the server would begin with; an unknown path shows the empty page."""


def by_addresses_of_files(siege: Siege) -> None:
    """Fetch the files that others had made, put files where others would, take theirs away."""
    for victim in filter(ONE_OF_EACH.__contains__, siege.people):
        with siege.tab(victim) as tab:
            tab.open("follow-ups")
            tab.change("follow_ups_view", string_array_value={"data": ["Calendar"]})
            addresses = [urlsplit(address_of(tab, file_id)).path for file_id in offered(tab)]
            place = urlsplit(place_for(tab)).path
            for who in siege.everybody:
                if who != victim:
                    _fetch(siege, who, victim, addresses)
                    _put(siege, who, victim, place)


def _fetch(siege: Siege, who: str, victim: str, addresses: list[str]) -> None:
    for path in addresses:
        answer = siege.http(who, "GET", path)
        siege.judge("media address", who, f"a file of {victim}", answer.content, ["got the file"] if answer.status_code == 200 else [])


def _put(siege: Siege, who: str, victim: str, place: str) -> None:
    token = siege.http(who, "GET", "/_stcore/health").cookies.get("_streamlit_xsrf") or ""
    headers = {"X-Xsrftoken": token, "cookie": f"regulars={siege.cookie(who)}; _streamlit_xsrf={token}"}
    for method, sent in (("PUT", {"files": {"x.csv": b"name"}}), ("DELETE", {})):
        answer = siege.http(who, method, place, headers, **sent)
        siege.judge("upload address", who, f"{method} in the page of {victim}", answer.content, ["was let"] if answer.is_success else [])


def by_paper(siege: Siege) -> None:
    """The reports on paper, of everybody and of each single person."""
    owners = ["", *(f"?owner={actor.id}" for name, actor in siege.company.actors.items() if name in siege.people)]
    for who in siege.everybody:
        for path in ["/print/daily" + owner for owner in owners] + [f"/print/{key}" for key in REPORTS]:
            siege.judge("paper", who, path, siege.http(who, "GET", path).content)


def by_interface(siege: Siege) -> None:
    """Every list and the first four records of every noun, with the token of each person, and with a browser's cookie alone."""
    for who in siege.everybody:
        bearer = {"authorization": f"Bearer {_token(siege, who)}"}
        for path in RESOURCES:
            for ask in ("?per_page=100", *(f"/{number}" for number in range(1, 5))):
                siege.judge("interface", who, f"{path}{ask}", siege.http(who, "GET", f"/api/v1/{path}{ask}", bearer).content)
            answer = siege.http(who, "GET", f"/api/v1/{path}")
            siege.judge("interface", STRANGER, f"{path} with the cookie of {who}", answer.content, ["was answered"] if answer.status_code == 200 else [])


def _token(siege: Siege, who: str) -> str:
    if who == STRANGER:
        return "rg_" + "A" * 40
    with siege.at_home(), transaction(siege.company.actors[who], "access_token.issue") as session:
        return access_tokens.create(session, "Raid", clock.today() + timedelta(days=30), False)


def by_paths_of_the_server(siege: Siege) -> None:
    """Its own files and pages."""
    for who in siege.everybody:
        for path in OF_THE_SERVER:
            answer = siege.http(who, "GET", path)
            mine = path == "/_stcore/metrics" and who in {"ada", "lin"}
            shown = [sign.decode() for sign in SIGNS if sign in answer.content[:4000] and answer.status_code == 200 and not mine]
            siege.judge("path", who, path, answer.content, [f"shows {sign}" for sign in shown])
