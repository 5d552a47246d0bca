"""Light HTML pages without scripts: one style sheet, text always escaped, and a policy that lets nothing else in."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute

from components.web.translate import HTML_LANGUAGES
from components.web.visitor import Visitor
from db.language import LANGUAGES, speaking, t

FOLDER = Path(__file__).parent / "templates"


@cache
def templates() -> Environment:
    return Environment(loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True)


@cache
def _style() -> tuple[str, str]:
    """The style sheet and how the policy names it."""
    text = (FOLDER / "light.css").read_text(encoding="utf-8")
    return text, f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def language_of(request: Request) -> str:
    """The parameter `lang`, else what the browser prefers."""
    asked = request.query_params.get("lang", "")
    visitor: Visitor = request.state.visitor
    return asked if asked in LANGUAGES else visitor.language


def light_page(template: str, language: str, *, status: int = 200, shown_by: str = "", **values: Any) -> HTMLResponse:
    """shown_by: the other website that may show the page in a frame."""
    text, name = _style()
    with speaking(language):
        common = {"lang": HTML_LANGUAGES[language], "code": language, "style": text, "t": t, "languages": LANGUAGES}
        html = templates().get_template(template).render(**common, **values)
    policy = (f"default-src 'none'; style-src {name}; img-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; "
              f"frame-ancestors 'self' {shown_by}".strip())
    return HTMLResponse(html, status, headers={"Content-Security-Policy": policy})


def message_page(language: str, status: int) -> HTMLResponse:
    """A page that says in one sentence why there is no other."""
    with speaking(language):
        titles = {404: t("There is nothing here"), 413: t("That was too much"), 429: t("Please wait a moment")}
        texts = {404: t("This form is closed, or the link is not complete. Please ask whoever gave it to you."),
                 413: t("Please write less and send it again."), 429: t("Too many requests came from your connection. Please try again later.")}
        title, text = titles.get(status, t("This did not work")), texts.get(status, t("Please open the link again."))
    return light_page("thanks.html", language, status=status, house="", title=title, text=text)


def public(routes: Sequence[BaseRoute]) -> Starlette:
    """Public pages whose refusals are pages, too."""

    async def refused(request: Request, error: Exception) -> Response:
        answer = message_page(language_of(request), error.status_code if isinstance(error, HTTPException) else 500)
        answer.headers.update(getattr(error, "headers", None) or {})
        return answer

    return Starlette(routes=routes, exception_handlers={HTTPException: refused})
