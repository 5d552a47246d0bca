"""Refusals as JSON: a code for the program, a sentence in the reader's language, and what is wrong with which field."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from components.web.api.shape import plain
from db.errors import Conflict, CrmError, Forbidden, Gone, Invalid, Message
from db.language import nearest, speaking

log = logging.getLogger("regulars")

SAID = {
    400: ("bad_request", Message("This is not JSON.")),
    401: ("unauthorized", Message("A valid token is needed: Authorization: Bearer …")),
    403: ("forbidden", Forbidden.message),
    404: ("not_found", Gone.message),
    405: ("method_not_allowed", Message("This address does not know this method.")),
    413: ("too_large", Message("A request may hold at most {size} KB.", {"size": 1024})),
    415: ("unsupported_media_type", Message("Please send application/json.")),
    422: ("invalid", Message("Some values were refused.")),
    429: ("too_many_requests", Message("Too many requests. Please wait a moment.")),
    500: ("error", CrmError.message),
}
STATUS = {Forbidden: 403, Gone: 404}


class Refusal(Exception):
    """An answer that is settled by its status."""

    def __init__(self, status: int, wait: int = 0) -> None:
        self.status, self.wait = status, wait


def spoken(request: Request, otherwise: str = "en") -> str:
    accepted = request.headers.get("accept-language")
    return nearest(accepted) if accepted else otherwise


def settled(status: int, language: str, wait: int = 0) -> Response:
    code, message = SAID.get(status, SAID[500])
    headers = {"Retry-After": str(wait)} if wait else {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    with speaking(language):
        return _answer(status, code, str(message), headers=headers)


def refused(error: CrmError, titles: Mapping[str, str], version: int | None = None) -> Response:
    """The answer to an expected failure, in the language that is spoken now."""
    status = STATUS.get(type(error), 503)
    if isinstance(error, Invalid):
        fields = [_told(key, titles, {"message": str(message)}) for key, message in error.problems.items()]
        return _answer(422, "invalid", str(SAID[422][1]), fields)
    if isinstance(error, Conflict):
        fields = [_told(key, titles, {"yours": plain(mine), "theirs": plain(theirs)}) for key, (mine, theirs) in error.fields.items()]
        return _answer(409, "conflict", str(error), fields, version)
    return _answer(status, SAID[status][0] if status in SAID else "unavailable", str(error))


def _told(key: str, titles: Mapping[str, str], what: dict[str, Any]) -> dict[str, Any]:
    return {"field": key, "title": titles.get(key, key), **what}


def _answer(
    status: int, code: str, message: str, fields: Iterable[dict[str, Any]] = (), version: int | None = None, headers: Mapping[str, str] | None = None
) -> Response:
    error = {"code": code, "message": message, "fields": list(fields)} | ({"version": version} if version is not None else {})
    return JSONResponse({"error": error}, status, headers=headers)


def broken(error: Exception, language: str) -> Response:
    """The traceback stays in the server's log beside a reference."""
    reference = secrets.token_hex(3).upper()
    log.error("reference %s: %s", reference, type(error).__name__, exc_info=error)
    with speaking(language):
        return _answer(500, "error", f"{CrmError.message} {reference}")
