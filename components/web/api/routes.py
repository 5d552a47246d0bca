"""The addresses of /api/v1: lists, records, moves, and the description of them all."""

from __future__ import annotations

from collections.abc import Callable

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from components.web.api import description, moves, problems
from components.web.api.asking import asked
from components.web.api.calls import Call, endpoint
from components.web.api.checking import WRONG_SHAPE, checked
from components.web.api.problems import Refusal
from components.web.api.shape import shape
from db.actions.editing import remove, saved_before, write
from db.engine import reading
from db.errors import AlreadyDone, Gone, Invalid
from db.queries import lists


def list_(call: Call) -> Response:
    resource, actor = call.resource, call.program.actor
    with reading(actor) as session:
        wanted = asked(session, resource, call.pairs)
        total, fields = lists.count(session, resource.noun, wanted.query), resource.fields(session)
        items = [shape(session, resource, record, fields) for record in lists.page_records(session, resource.noun, wanted.query)]
    return JSONResponse({"items": items, "total": total, "page": wanted.page, "next": wanted.following(f"/api/v1/{resource.path}", total)})


def one(call: Call) -> Response:
    return call.record(call.id)


def create(call: Call) -> Response:
    noun = call.resource.noun
    _require(call, "create")
    try:
        with call.change(f"{noun}.create") as session:
            made = write(session, noun, None, checked(session, call.resource, call.body, new=True)).id
    except AlreadyDone:
        return call.record(_made_before(call)[0])
    return call.record(made, 201)


def change(call: Call) -> Response:
    noun = call.resource.noun
    _require(call, "update")
    values = dict(call.body)
    version = values.pop("version", None)
    if type(version) not in {int, type(None)}:
        raise Invalid({"version": WRONG_SHAPE})
    try:
        with call.change(f"{noun}.update") as session:
            cleaned = checked(session, call.resource, values, new=False)
            write(session, noun, call.id, cleaned, version)
    except AlreadyDone:
        pass
    return call.record(call.id)


def delete(call: Call) -> Response:
    _require(call, "delete")
    try:
        with call.change(f"{call.resource.noun}.delete") as session:
            remove(session, call.resource.noun, call.id or 0)
    except AlreadyDone:
        pass
    return Response(status_code=204)


def move(call: Call) -> Response:
    wanted = moves.MOVES.get((call.resource.noun, call.move))
    if wanted is None:
        raise Gone
    try:
        with call.change(f"{call.resource.noun}.{wanted.name}") as session:
            wanted.run(session, call.id or 0, moves.checked(session, wanted, call.body))
    except AlreadyDone:
        pass
    return call.record(call.id)


def sheet(call: Call) -> Response:
    """A whole survey sheet at once."""
    if call.resource.noun != "survey_response":
        raise Gone
    try:
        with call.change("survey.answer") as session:
            made = moves.sheet(session, call.body)
    except AlreadyDone:
        made = _made_before(call)
    with reading(call.program.actor) as session:
        found = lists.records_of(session, call.resource.noun, made)
        items = [shape(session, call.resource, record) for record in found]
    return JSONResponse({"items": items, "total": len(items), "page": 1, "next": None}, 201)


def _made_before(call: Call) -> list[int]:
    with reading(call.program.actor) as session:
        return saved_before(session, call.key or "", call.resource.noun)


def _require(call: Call, verb: str) -> None:
    if verb not in call.resource.verbs:
        raise Refusal(405)


def _route(path: str, **works: Callable[[Call], Response]) -> Route:
    """An address with the work of each method."""
    return Route(path, endpoint(lambda call: works["GET" if call.method == "HEAD" else call.method](call)), methods=list(works))


async def lost(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    answer = problems.settled(status, problems.spoken(request))
    answer.headers.update(getattr(error, "headers", None) or {})
    return answer


ROUTES = [
    Route("/api/v1", description.page),
    Mount(
        "/api/v1",
        app=Starlette(
            routes=[
                Route("/", description.page),
                Route("/openapi.json", description.openapi),
                _route("/{resource}/sheet", POST=sheet),
                _route("/{resource}", GET=list_, POST=create),
                _route("/{resource}/{id}", GET=one, PATCH=change, DELETE=delete),
                _route("/{resource}/{id}/{move}", POST=move),
            ],
            exception_handlers={HTTPException: lost},
        ),
    )
]
