"""The survey on a customer's phone: questions as big touch targets, answered once, without sign-in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import anyio.to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from components.web.forms import sent_by
from components.web.light import language_of, light_page, public
from components.web.limits import Limit
from db.actions import answer_links
from db.actions.answer_links import Sheet
from db.errors import CrmError, Gone, Invalid
from db.language import speaking, t
from db.models import Question

PER_ADDRESS = Limit(120, 600)
IN_A_ROW, AS_BUTTONS = 7, 12
"""So many steps stand in one row, and so many as buttons at all; a longer scale is a number to type."""
LOW = {"csat": "Very dissatisfied", "nps": "Not at all likely", "ces": "Strongly disagree"}
HIGH = {"csat": "Very satisfied", "nps": "Extremely likely", "ces": "Strongly agree"}


@dataclass(frozen=True)
class Asked:
    """A question as the page draws it."""

    key: str
    text: str
    steps: list[int]
    rows: bool
    low: str
    high: str

    @classmethod
    def of(cls, question: Question) -> Asked:
        steps = list(range(question.scale_min, question.scale_max + 1))
        return cls(f"q{question.id}", question.text, steps, len(steps) > IN_A_ROW, t(LOW[question.kind]), t(HIGH[question.kind]))


async def opened(request: Request) -> Response:
    token = request.path_params["token"]
    return await _asked(request, lambda sheet, language: _form(token, sheet, language, {}, {}))


async def received(request: Request) -> Response:
    sent = await sent_by(request)
    values = {key: value[:6000] for key, value in sent.items() if key == "comment" or key.startswith("q")}
    return await _asked(request, lambda sheet, language: _saved(request.path_params["token"], sheet, language, values))


async def leaving(request: Request) -> Response:
    """A link in a mail may be opened by machines: only the button declines."""
    return await _asked(request, lambda sheet, language: light_page("decline.html", language, sheet=sheet))


async def left(request: Request) -> Response:
    def declined(sheet: Sheet, language: str) -> Response:
        answer_links.decline(request.path_params["token"])
        with speaking(language):
            return _told(language, sheet.organisation, t("Understood"), t("We will not send you surveys any more."))

    return await _asked(request, declined)


async def _asked(request: Request, answer: Callable[[Sheet, str], Response]) -> Response:
    """The answer for an open link; otherwise a page that says what became of it."""
    language = language_of(request)
    if wait := PER_ADDRESS.wait(request.state.visitor.address):
        raise HTTPException(429, headers={"Retry-After": str(wait)})
    return await anyio.to_thread.run_sync(_answered, request.path_params["token"], answer, language)


def _answered(token: str, answer: Callable[[Sheet, str], Response], language: str) -> Response:
    with speaking(language):
        try:
            return answer(answer_links.sheet(token), language)
        except Gone as error:
            raise HTTPException(404) from error
        except CrmError as error:
            return _told(language, "", t("Thank you"), str(error), 410)


def _saved(token: str, sheet: Sheet, language: str, values: Mapping[str, str]) -> Response:
    try:
        answer_links.answer(token, {question.id: _score(values.get(f"q{question.id}", "")) for question in sheet.questions}, values.get("comment", ""))
    except Invalid as invalid:
        return _form(token, sheet, language, values, {key: str(message) for key, message in invalid.problems.items()}, 422)
    return _told(language, sheet.organisation, t("Thank you"), t("Your answer has arrived. If something was not right, we will get in touch."))


def _score(text: str) -> int | None:
    """A blank is no answer; what is no number lies off every scale."""
    bare = text.strip().removeprefix("-")
    if not bare:
        return None
    return int(text) if bare.isascii() and bare.isdecimal() and len(bare) < 6 else 10**6


def _form(token: str, sheet: Sheet, language: str, values: Mapping[str, str], problems: Mapping[str, str], status: int = 200) -> Response:
    asked = [Asked.of(question) for question in sheet.questions]
    top = next((problem for key, problem in problems.items() if key not in {"comment", *(question.key for question in asked)}), "")
    drawn: dict[str, Any] = {"sheet": sheet, "questions": asked, "values": values, "problems": problems, "top": top, "most": AS_BUTTONS,
                             "stop": f"/answer/{token}/stop?lang={language}"}
    return light_page("answer.html", language, status=status, **drawn)


def _told(language: str, house: str, title: str, text: str, status: int = 200) -> Response:
    return light_page("thanks.html", language, status=status, house=house, title=title, text=text)


ROUTES = [
    Mount(
        "/answer",
        app=public(
            [
                Route("/{token}", opened),
                Route("/{token}", received, methods=["POST"]),
                Route("/{token}/stop", leaving),
                Route("/{token}/stop", left, methods=["POST"]),
            ]
        ),
    )
]
