"""The public lead form: light HTML for a phone, no sign-in, open only while an administrator wants it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import anyio.to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from components.web.forms import sent_by
from components.web.light import language_of, light_page, public
from components.web.limits import Limit
from db.actions import leads
from db.actions.leads import Stale, TooQuick, View
from db.errors import AlreadyDone, Gone, Invalid
from db.language import speaking, t

PER_ADDRESS = Limit(10, 600)
IN_ALL = Limit(200, 3600)
TRAP = "website"
"""A field that people do not see; whoever fills it in is a machine."""
KEYS = (*(field.key for field in leads.ASKED), "consent")


@dataclass(frozen=True)
class Typed:
    """What stands in the form, and what is wrong with it; '' is the form as a whole."""

    values: Mapping[str, str]
    problems: Mapping[str, str]


async def opened(request: Request) -> Response:
    key, language = request.path_params["key"], language_of(request)
    shown = await anyio.to_thread.run_sync(_view, key, language)
    return _form(shown, language, await anyio.to_thread.run_sync(leads.stamp, key), Typed({}, {}))


async def received(request: Request) -> Response:
    key, language = request.path_params["key"], language_of(request)
    shown = await anyio.to_thread.run_sync(_view, key, language)
    sent = await sent_by(request)
    values, stamp = {name: sent.get(name, "") for name in KEYS}, sent.get("stamp", "")[:200]
    if wait := PER_ADDRESS.wait(request.state.visitor.address) or IN_ALL.wait():
        return _again(shown, language, stamp, values, {"": _busy(language)}, 429, {"Retry-After": str(wait)})
    if not sent.get(TRAP):
        problems, fresh = await anyio.to_thread.run_sync(_saved, key, stamp, values, language)
        if problems:
            return _again(shown, language, fresh, values, problems, 422)
    return light_page("thanks.html", language, shown_by=_origin(shown), house=shown.organisation, **_thanks(language))


def _view(key: str, language: str) -> View:
    try:
        return leads.view(key, language)
    except Gone as error:
        raise HTTPException(404) from error


def _saved(key: str, stamp: str, values: Mapping[str, str], language: str) -> tuple[dict[str, str], str]:
    """What is wrong, and the stamp for the next try; nothing is wrong with a form that was sent twice."""
    with speaking(language):
        try:
            leads.receive(key, stamp, values, language)
        except AlreadyDone:
            return {}, stamp
        except TooQuick as error:
            return {"": str(error)}, stamp
        except Stale as error:
            return {"": str(error)}, leads.stamp(key)
        except Invalid as invalid:
            return {(key if key in KEYS else ""): str(message) for key, message in invalid.problems.items()}, stamp
    return {}, stamp


def _again(shown: View, language: str, stamp: str, values: Mapping[str, str], problems: Mapping[str, str], status: int,
           headers: Mapping[str, str] | None = None) -> Response:
    answer = _form(shown, language, stamp, Typed(values, problems), status)
    answer.headers.update(headers or {})
    return answer


def _form(shown: View, language: str, stamp: str, typed: Typed, status: int = 200) -> Response:
    drawn = {"form": shown, "stamp": stamp, "trap": TRAP, "values": typed.values, "problems": typed.problems}
    return light_page("lead.html", language, status=status, shown_by=_origin(shown), **drawn)


def _origin(shown: View) -> str:
    """The website that may show the form, as the policy names it."""
    parts = urlsplit(shown.shown_on)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc and not any(mark in parts.netloc for mark in " ;,'\"@") else ""


def _busy(language: str) -> str:
    with speaking(language):
        return t("Too many forms were sent just now. Please try again in a while.")


def _thanks(language: str) -> dict[str, Any]:
    with speaking(language):
        return {"title": t("Thank you"), "text": t("We have your details and will be in touch soon.")}


ROUTES = [Mount("/lead", app=public([Route("/{key}", opened), Route("/{key}", received, methods=["POST"])]))]
