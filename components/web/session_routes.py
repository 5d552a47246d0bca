"""The addresses through which a browser comes in, leaves, and changes its language."""

from __future__ import annotations

import re
import secrets

import anyio.to_thread
from starlette.convertors import Convertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from components.web import translate
from components.web.reach import DEVICE_COOKIE, LANGUAGE_COOKIE, cookie_name, is_secure
from components.web.visitor import Visitor
from db.actions import access, tokens
from db.language import LANGUAGES

HALF_A_YEAR = 180 * 24 * 3600
LOCAL_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x1f]*")


class PageName(Convertor[str]):
    """The address of a screen: no slash, no dot."""

    regex = "[a-z0-9_-]*"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("page", PageName())


def visitor_of(request: Request) -> Visitor:
    visitor: Visitor = request.state.visitor
    return visitor


def safe_next(request: Request) -> str:
    """Where to go on: an address of ours, never another site's."""
    wanted = request.query_params.get("next") or "/"
    return wanted if LOCAL_PATH.fullmatch(wanted) else "/"


async def page(request: Request) -> Response:
    """The empty page into which every screen is drawn."""
    answer = HTMLResponse(translate.page(visitor_of(request).language))
    if visitor_of(request).device is None:
        secure, device = is_secure(request.scope), secrets.token_urlsafe(32)
        answer.set_cookie(DEVICE_COOKIE, device, max_age=HALF_A_YEAR, path="/", httponly=True, secure=secure, samesite="lax")
    return answer


async def words(request: Request) -> Response:
    language = request.path_params["language"]
    if language not in LANGUAGES:
        raise HTTPException(404)
    return Response(translate.words_script(language), media_type="text/javascript")


async def start(request: Request) -> Response:
    """Change the ticket of a right password for the session's cookie."""
    answer = RedirectResponse(safe_next(request), 303)
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        return answer
    visitor, secure = visitor_of(request), is_secure(request.scope)
    label, ticket = request.headers.get("user-agent", ""), request.query_params.get("ticket", "")
    try:
        token = await anyio.to_thread.run_sync(access.open_session, ticket, visitor.device, visitor.address, label)
    except tokens.Expired:
        return answer
    answer.set_cookie(cookie_name(secure), token, path="/", httponly=True, secure=secure, samesite="lax")
    return answer


async def ended(request: Request) -> Response:
    """Take the cookie of a session that has ended; one that lives is left alone, whoever sent the browser here."""
    answer = RedirectResponse("/", 303)
    if visitor_of(request).actor is None:
        answer.delete_cookie(cookie_name(is_secure(request.scope)), path="/", secure=is_secure(request.scope), httponly=True, samesite="lax")
    return answer


async def choose_language(request: Request) -> Response:
    answer = RedirectResponse(safe_next(request), 303)
    if request.path_params["language"] in LANGUAGES:
        answer.set_cookie(LANGUAGE_COOKIE, request.path_params["language"], max_age=HALF_A_YEAR, path="/", samesite="lax", secure=is_secure(request.scope))
    return answer


ROUTES = [
    Route("/session/start", start),
    Route("/session/ended", ended),
    Route("/session/language/{language}", choose_language),
    Route("/words/{language}.js", words),
    Route("/{name:page}", page),
]
