"""The interface behind the gate, and programs that ask it in the names of the small company's people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from components.web.api import bearer, routes
from components.web.gate import Gate
from db import clock
from db.actions import access_tokens
from db.engine import transaction
from db.policy import Actor

Ask = Callable[..., Any]


@pytest.fixture
def interface(acme) -> Iterator[TestClient]:
    bearer.PER_TOKEN.forget()
    bearer.GUESSES.forget()
    with TestClient(Starlette(routes=routes.ROUTES, middleware=[Middleware(Gate)]), follow_redirects=False) as client:
        yield client


def token_of(actor: Actor, read_only: bool = False, name: str = "Website") -> str:
    with transaction(actor, "access_token.issue") as session:
        return access_tokens.create(session, name, clock.today() + timedelta(days=30), read_only)


@pytest.fixture
def ask(interface) -> Ask:
    """ask(actor or token, method, path, body): the answer; paths stand under /api/v1."""
    known: dict[int, str] = {}

    def asked(who: Actor | str, method: str, path: str, body: Any = None, **headers: str) -> Any:
        secret = who if isinstance(who, str) else known.setdefault(who.id, "") or token_of(who)
        if not isinstance(who, str):
            known[who.id] = secret
        sent = {"json": body} if body is not None or method in {"POST", "PATCH"} else {}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return interface.request(method, f"/api/v1/{path}", headers={"authorization": f"Bearer {secret}", **named}, **sent)

    return asked
