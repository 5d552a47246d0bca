"""One request of a program: who asks for what, and how its answer comes about."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NoReturn

import anyio.to_thread
from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from components.web.api import problems
from components.web.api.bearer import program_of
from components.web.api.problems import Refusal
from components.web.api.resources import RESOURCES, Resource
from components.web.api.shape import shape
from components.web.bodies import body_of, type_of
from db import records
from db.actions import access_tokens
from db.actions.access_tokens import Program
from db.engine import reading, transaction
from db.errors import Conflict, CrmError
from db.fields import fields_of
from db.language import speaking
from db.session import CrmSession
from db.validation import LARGEST_ID

MOST_BYTES = 1024 * 1024
READS = {"GET", "HEAD"}


@dataclass(frozen=True)
class Call:
    """key: the request's one-time key, from the header Idempotency-Key; None where it sent none."""

    program: Program
    resource: Resource
    method: str
    path: str
    pairs: tuple[tuple[str, str], ...]
    id: int | None
    move: str
    body: dict[str, Any]
    key: str | None

    @contextmanager
    def change(self, action: str) -> Iterator[CrmSession]:
        """The request's one transaction; the journal notes which token wrote."""
        with transaction(self.program.actor, action, request_key=self.key, note=f"API · {self.program.name}") as session:
            yield session

    def record(self, id_: int | None, status: int = 200) -> Response:
        """The record as it is now."""
        with reading(self.program.actor) as session:
            found = shape(session, self.resource, records.get(session, self.resource.noun, id_))
        headers = {"Location": f"/api/v1/{self.resource.path}/{id_}"} if status == 201 else None
        return JSONResponse(found, status, headers=headers)


def endpoint(work: Callable[[Call], Response]) -> Callable[[Request], Awaitable[Response]]:
    """The work of a call, which runs in a thread, with every failure as an answer in JSON."""

    async def answered(request: Request) -> Response:
        language = problems.spoken(request)
        try:
            program = await program_of(request)
            language = problems.spoken(request, program.actor.language)
            call = await _call(request, program)
            answer = await anyio.to_thread.run_sync(_worked, work, call, language)
        except Refusal as refusal:
            return problems.settled(refusal.status, language, refusal.wait)
        except HTTPException as refusal:
            return problems.settled(refusal.status_code, language)
        except Exception as error:  # a program is answered in JSON whatever happens
            return problems.broken(error, language)
        answer.background = BackgroundTask(access_tokens.touch, program.token_id, request.state.visitor.address)
        return answer

    return answered


def _worked(work: Callable[[Call], Response], call: Call, language: str) -> Response:
    with speaking(language):
        try:
            return work(call)
        except CrmError as error:
            titles = {field.key: field.title for field in fields_of(call.resource.model)}
            return problems.refused(error, titles, _version(call) if isinstance(error, Conflict) else None)


def _version(call: Call) -> int:
    with reading(call.program.actor) as session:
        return records.get(session, call.resource.noun, call.id).version


async def _call(request: Request, program: Program) -> Call:
    resource = RESOURCES.get(request.path_params["resource"])
    if resource is None:
        raise Refusal(404)
    if request.method not in READS and program.read_only:
        raise Refusal(403)
    body = await _json(request) if request.method in {"POST", "PATCH"} else {}
    pairs, id_ = tuple(request.query_params.multi_items()), _id(request.path_params.get("id"))
    return Call(program, resource, request.method, request.url.path, pairs, id_, request.path_params.get("move", ""), body, _key(request, program))


def _id(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 10 and int(text) <= LARGEST_ID):
        raise Refusal(404)
    return int(text)


def _key(request: Request, program: Program) -> str | None:
    given = request.headers.get("idempotency-key", "")
    told = f"{program.token_id}\n{request.method}\n{request.url.path}\n{given}"
    return hashlib.sha256(told.encode()).hexdigest() if given and request.method not in READS else None


async def _json(request: Request) -> dict[str, Any]:
    """The body as an object. Raises Refusal 415, 413, 400 or 422."""
    if type_of(request) != "application/json":
        raise Refusal(415)
    sent = await body_of(request, MOST_BYTES)
    try:
        found = json.loads(sent.decode("utf-8"), parse_constant=_no_number)
        json.dumps(found, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise Refusal(400) from error
    if not isinstance(found, dict):
        raise Refusal(422)
    return found


def _no_number(_word: str) -> NoReturn:
    raise ValueError


