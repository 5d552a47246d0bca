"""The body of a request, no longer than allowed."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request


async def body_of(request: Request, most: int) -> bytes:
    """Raises HTTPException 413 as soon as more than `most` bytes were announced or sent."""
    announced = request.headers.get("content-length", "0")
    if not announced.isdecimal() or int(announced[:15]) > most:
        raise HTTPException(413)
    held = bytearray()
    async for part in request.stream():
        held += part
        if len(held) > most:
            raise HTTPException(413)
    return bytes(held)


def type_of(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()
