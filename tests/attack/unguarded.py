"""The product with its walls taken down, so that the raids have something to find. Not for people.

There is no gate: whoever names a session in a header or a cookie is believed. Every role may everything, every page is offered to
everybody, and a session that was good once is good for ever.
"""

from __future__ import annotations

from functools import cache

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from components import actor
from components.start_up import lifespan
from components.web import print_pages
from components.web.api import routes as api
from components.web.session_routes import ROUTES
from components.web.visitor import SID, identify
from db import policy
from db.actions import sessions
from tests.browser import ROOT

policy.RULES.update(dict.fromkeys(policy.RULES, policy.RULES["admin"]))
sessions.actor_for = cache(sessions.actor_for)
actor.session_id = lambda: st.context.headers.get("x-regulars-sid")


class Credulous:
    """Takes the client's word for who it is."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in {"http", "websocket"}:
            visitor = await identify(HTTPConnection(scope))
            named = any(key == SID for key, _ in scope["headers"])
            told = [] if named or visitor.sid is None else [(SID, visitor.sid.encode())]
            scope = {**scope, "headers": [*scope["headers"], *told], "state": {**scope.get("state", {}), "visitor": visitor}}
        await self.app(scope, receive, send)


app = st.App(ROOT / "components" / "entrance.py", lifespan=lifespan, middleware=[Middleware(Credulous)], routes=[*api.ROUTES, *ROUTES, *print_pages.ROUTES])
