"""The security headers of every answer."""

from __future__ import annotations

from functools import cache

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Send

from components.web.translate import inline_script_hashes


@cache
def content_security_policy() -> str:
    scripts = " ".join(("'self'", *inline_script_hashes()))
    return (f"default-src 'self'; script-src {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
            "connect-src 'self' ws: wss:; worker-src 'self' blob:; media-src 'self' blob:; "
            "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'")


def guarding(send: Send, keep_in_cache: bool, own_policy: bool = False) -> Send:
    """A `send` that adds our headers to the answer. own_policy: the page may bring a policy of its own."""

    async def send_guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=message.setdefault("headers", []))
            if not (own_policy and "Content-Security-Policy" in headers):
                headers["Content-Security-Policy"] = content_security_policy()
            headers["X-Content-Type-Options"] = "nosniff"
            headers["Referrer-Policy"] = "same-origin"
            headers["Cross-Origin-Opener-Policy"] = "same-origin"
            headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
            if not keep_in_cache:
                headers["Cache-Control"] = "no-store"
        await send(message)

    return send_guarded
