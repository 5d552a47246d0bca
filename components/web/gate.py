"""The wall around the house: every request and every message of a socket is asked who sends it."""

from __future__ import annotations

import asyncio
import re
import time
from contextlib import suppress

import anyio.to_thread
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from components.browser_wire import hear, send_browser_to
from components.web.handed import HANDED
from components.web.headers import guarding
from components.web.visitor import Visitor, identify, introduce, still_in, stranger
from db.actions import sessions

FILES = ("/static/", "/app/static/")
"""Streamlit's own scripts and our font and pictures: the same for everybody, so nobody is asked."""
OPEN = ("/_stcore/health", "/_stcore/host-config", "/session/", "/words/", "/favicon.png")
"""What a stranger may fetch besides the empty page into which the sign-in form is drawn."""
PUBLIC = re.compile(r"/(lead|answer)/.*|/api/v1(/.*)?", re.DOTALL)
"""Forms for customers and the interface for programs: they know their visitors by tokens of their own, and no cookie counts there."""
PAGE = re.compile(r"/[a-z0-9_-]*")
SOCKET = "/_stcore/stream"
ADMIN_ONLY = ("/_stcore/metrics",)
POLICY_VIOLATION = 1008
TOUCH_SECONDS = 60


class Gate:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._request(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        path, headers = scope["path"], Headers(scope=scope)
        public = PUBLIC.fullmatch(path) is not None
        send = guarding(send, keep_in_cache=path.startswith(FILES), own_policy=public)
        if path.startswith(FILES):
            await self.app(scope, receive, send)
            return
        visitor = stranger(HTTPConnection(scope)) if public else await identify(HTTPConnection(scope))
        reading = scope["method"] in {"GET", "HEAD", "OPTIONS"}
        if not reading and headers.get("origin") and not _same_origin(headers):
            await PlainTextResponse("forbidden", 403)(scope, receive, send)
        elif not public and not _may_pass(visitor, path, reading):
            await PlainTextResponse("sign in first", 401)(scope, receive, send)
        else:
            await self.app(_introduced(scope, visitor), receive, send)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] != SOCKET or not _same_origin(Headers(scope=scope)):
            await send({"type": "websocket.close", "code": POLICY_VIOLATION})
            return
        visitor = await identify(HTTPConnection(scope))
        watch = Watch(visitor, receive, send)
        await self.app(_introduced(scope, visitor), watch.receive, watch.send)


def _may_pass(visitor: Visitor, path: str, reading: bool) -> bool:
    if path.startswith(OPEN) or (reading and PAGE.fullmatch(path)):
        return True
    if path.startswith(ADMIN_ONLY):
        return visitor.actor is not None and visitor.actor.role == "admin"
    return visitor.actor is not None and HANDED.may_use(visitor.actor.id or 0, path)


def _same_origin(headers: Headers) -> bool:
    """Streamlit compares host names only; the port belongs to the origin too."""
    return headers.get("origin", "").partition("://")[2].lower() == headers.get("host", "-").lower()


def _introduced(scope: Scope, visitor: Visitor) -> Scope:
    return {**scope, "headers": introduce(visitor, scope["headers"]), "state": {**scope.get("state", {}), "visitor": visitor}}


class Watch:
    """The two ends of one visitor's socket; both are closed as soon as the session has ended."""

    def __init__(self, visitor: Visitor, receive: Receive, send: Send) -> None:
        self.visitor = visitor
        self._receive, self._send = receive, send
        self._closed = False
        self._touched = float("-inf")
        self._errands: set[asyncio.Task[None]] = set()

    async def send(self, message: Message) -> None:
        if not self._closed:
            if self.visitor.actor and message.get("bytes"):
                HANDED.note(self.visitor.actor.id or 0, message["bytes"])
            await self._send(message)

    async def receive(self) -> Message:
        while True:
            message = await self._receive()
            if message["type"] != "websocket.receive":
                return message
            if self.visitor.actor and await still_in(self.visitor.sid) is None:
                return await self._close()
            heard = hear(message.get("bytes"), self.visitor.actor is not None)
            if heard.by_person:
                self._touch()
            if heard.allowed:
                return {**message, "bytes": heard.data}

    async def _close(self) -> Message:
        self._closed = True
        with suppress(RuntimeError):  # the browser may be gone already
            await self._send({"type": "websocket.send", "bytes": send_browser_to("/")})
            await self._send({"type": "websocket.close", "code": POLICY_VIOLATION})
        return {"type": "websocket.disconnect", "code": POLICY_VIOLATION}

    def _touch(self) -> None:
        """Put the idle limit off; not awaited, because a click must not wait for somebody's long write."""
        if self.visitor.actor and self.visitor.sid and time.monotonic() - self._touched > TOUCH_SECONDS:
            self._touched = time.monotonic()
            errand = asyncio.create_task(anyio.to_thread.run_sync(sessions.touch, self.visitor.sid))
            self._errands.add(errand)
            errand.add_done_callback(self._errands.discard)
