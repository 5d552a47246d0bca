"""The description of the interface: for machines as JSON, for people as a page with examples."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from components.web import reach
from components.web.api import openapi as described
from components.web.api.moves import MOVES, Move
from components.web.api.problems import SAID
from components.web.api.resources import RESOURCES, Resource
from components.web.light import language_of, light_page
from db.errors import Conflict
from db.fields import Field, Kind
from db.language import speaking, t

KIND_WORDS = {
    Kind.TEXT: "Text", Kind.LONG_TEXT: "Long text", Kind.INTEGER: "Whole number", Kind.DECIMAL: "Number", Kind.MONEY: "Amount", Kind.DATE: "Date",
    Kind.INSTANT: "Instant", Kind.BOOLEAN: "Yes or no", Kind.CHOICE: "Drop-down", Kind.LINK: "Number of a record", Kind.EMAIL: "E-mail", Kind.PHONE: "Phone",
    Kind.URL: "Web address", Kind.RATING: "Whole number", Kind.TIME: "Time", Kind.KEY: "Key",
}
VERB_WORDS = {"read": "read", "create": "add", "update": "change", "delete": "delete"}


@dataclass(frozen=True)
class Example:
    words: str
    command: str


@dataclass(frozen=True)
class Row:
    key: str
    title: str
    kind: str
    remark: str


@dataclass(frozen=True)
class Part:
    path: str
    words: str
    verbs: str
    moves: list[dict[str, str]]
    rows: list[Row]


async def openapi(request: Request) -> Response:
    with speaking(language_of(request)):
        return JSONResponse(described.document())


async def page(request: Request) -> Response:
    language = language_of(request)
    with speaking(language):
        parts, shown = [_part(resource) for resource in RESOURCES.values()], examples(reach.public_url() or str(request.base_url).rstrip("/"))
        statuses = [(status, str(message)) for status, (_, message) in SAID.items() if status != 500] + [(409, str(Conflict.message))]
    return light_page("api.html", language, resources=parts, examples=shown, statuses=sorted(statuses))


def examples(home: str) -> list[Example]:
    """Commands that work as they stand once TOKEN is filled in."""
    lead = """'{"name": "Blue Kiln Pottery", "city": "Jingdezhen", "phone": "0798 5550 0103"}'"""
    change = """'{"version": 3, "tier": "B"}'"""
    done = """'{"content": "Called back", "rating": 4, "next_step": {"subject": "Send the quote", "due_on": "2026-12-01"}}'"""
    sheet = """'{"customer_id": 42, "survey_id": 1, "scores": {"1": 5, "2": 9}, "comment": "Quick help"}'"""
    return [
        Example(t("A page of customers, the newest first"), _curl(f"'{home}/api/v1/customers?status=active&tier=A&sort=-id&limit=50'")),
        Example(t("A new lead, saved once however often it is sent"), _curl(f"{home}/api/v1/customers", "POST", lead, "Idempotency-Key: form-8841")),
        Example(t("A change, unless somebody changed the same field since version 3"), _curl(f"{home}/api/v1/customers/42", "PATCH", change)),
        Example(t("A planned follow-up is done, and the next one planned"), _curl(f"{home}/api/v1/follow-ups/7/complete", "POST", done)),
        Example(t("A survey sheet"), _curl(f"{home}/api/v1/survey-answers/sheet", "POST", sheet)),
    ]


def _curl(address: str, method: str = "", body: str = "", header: str = "") -> str:
    lines = [f"curl {f'-X {method} ' if method else ''}{address}", "-H 'Authorization: Bearer TOKEN'"]
    lines += [f"-H '{header}'"] if header else []
    lines += ["-H 'Content-Type: application/json'", f"-d {body}"] if body else []
    return " \\\n  ".join(lines)


def _part(resource: Resource) -> Part:
    verbs = t(", ").join(t(VERB_WORDS[verb]) for verb in resource.verbs)
    moves = [_told(move) for move in MOVES.values() if move.noun == resource.noun]
    return Part(resource.path, t(resource.model.words[1]), verbs, moves, [_row(field, resource) for field in resource.declared()])


def _told(move: Move) -> dict[str, str]:
    return {"name": move.name, "words": t(move.words)}


def _row(field: Field, resource: Resource) -> Row:
    remarks = [t("required")] if field.required and field.key not in resource.filled and "create" in resource.verbs else []
    remarks += [] if field.editable or "create" not in resource.verbs else [t("read only")]
    remarks += [t("filter")] if resource.narrows(field) else []
    remarks += [t("personal data")] if field.personal else []
    remarks += [" · ".join(field.choices)] if field.choices else [f"/api/v1/options?list_key={field.options}"] if field.options else []
    return Row(field.key, field.title, t(KIND_WORDS[field.kind]), t(", ").join(remarks))
