"""What a light page's form sends: a few short fields."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request

from components.web.bodies import body_of, type_of

MOST_BYTES = 64 * 1024
MOST_FIELDS = 120


async def sent_by(request: Request) -> dict[str, str]:
    """The fields of a form; raises HTTPException 413, 415 or 400."""
    if type_of(request) != "application/x-www-form-urlencoded":
        raise HTTPException(415)
    body = await body_of(request, MOST_BYTES)
    try:
        return dict(parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS))
    except ValueError as error:
        raise HTTPException(400) from error
