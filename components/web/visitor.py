"""Who stands at the gate: read from the cookies, answered by the database."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import anyio.to_thread
from starlette.requests import HTTPConnection

from components.web.reach import COOKIE, DEVICE_COOKIE, LANGUAGE_COOKIE, cookie_name, is_secure
from db import language
from db.actions import sessions
from db.policy import Actor

SID, DEVICE, ADDRESS = b"x-regulars-sid", b"x-regulars-device", b"x-regulars-address"


@dataclass(frozen=True)
class Visitor:
    """sid and device are hashes of the cookies, which Streamlit never gets to see."""

    sid: str | None
    device: str | None
    address: str
    language: str
    actor: Actor | None = None


def digest(secret: str | None) -> str | None:
    return hashlib.sha256(secret.encode()).hexdigest() if secret else None


async def identify(connection: HTTPConnection) -> Visitor:
    cookies = connection.cookies
    sid = digest(cookies.get(cookie_name(is_secure(connection.scope))))
    chosen = cookies.get(LANGUAGE_COOKIE, "")
    spoken = chosen if chosen in language.LANGUAGES else language.nearest(connection.headers.get("accept-language"))
    actor = await still_in(sid, spoken)
    return Visitor(sid, digest(cookies.get(DEVICE_COOKIE)), _address(connection), actor.language if actor else spoken, actor)


def stranger(connection: HTTPConnection) -> Visitor:
    """Whoever it is, without a look at the cookies."""
    return Visitor(None, None, _address(connection), language.nearest(connection.headers.get("accept-language")))


def _address(connection: HTTPConnection) -> str:
    return connection.client.host[:60] if connection.client else "unknown"


async def still_in(sid: str | None, spoken: str = "") -> Actor | None:
    """The database is asked in a thread: a slow answer must not hold everybody else up."""
    return await anyio.to_thread.run_sync(sessions.actor_for, sid, spoken) if sid else None


def introduce(visitor: Visitor, headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The request's headers as the house may see them: ours instead of the client's own, without our cookies."""
    ours = [(SID, visitor.sid if visitor.actor else None), (DEVICE, visitor.device), (ADDRESS, visitor.address)]
    kept = [(key, _without_ours(value) if key == b"cookie" else value) for key, value in headers if not key.startswith(b"x-regulars-")]
    return [*kept, *((key, value.encode()) for key, value in ours if value)]


def _without_ours(cookies: bytes) -> bytes:
    hidden = {COOKIE, cookie_name(True), DEVICE_COOKIE}
    crumbs = (crumb.strip() for crumb in cookies.decode("latin-1").split(";"))
    return "; ".join(crumb for crumb in crumbs if crumb.split("=", 1)[0].strip() not in hidden).encode("latin-1")
