"""Who a program is: its token, asked of the database with every request; cookies count for nothing here."""

from __future__ import annotations

import anyio.to_thread
from starlette.requests import Request

from components.web.api.problems import Refusal
from components.web.limits import Limit
from db.actions import access_tokens
from db.actions.access_tokens import Program

PER_TOKEN = Limit(300, 60)
GUESSES = Limit(30, 60)
"""Wrong tokens from one address; right ones are let through all the same."""


async def program_of(request: Request) -> Program:
    """Raises Refusal 401 without a good token, 429 where it asks too often."""
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    program = await anyio.to_thread.run_sync(access_tokens.program_of, secret.strip()) if scheme.lower() == "bearer" else None
    if program is None:
        wait = GUESSES.wait(request.state.visitor.address)
        raise Refusal(429 if wait else 401, wait)
    if wait := PER_TOKEN.wait(str(program.token_id)):
        raise Refusal(429, wait)
    return program
