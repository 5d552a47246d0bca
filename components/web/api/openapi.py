"""The description for programs, OpenAPI 3.1, made from the declarations in the reader's language."""

from __future__ import annotations

from typing import Any

from components.web.api.asking import FROM, MOST, RANGES, TO, USUAL
from components.web.api.moves import MOVES, SHEET, STEP, Move, declared
from components.web.api.resources import RESOURCES, Resource
from db.fields import Field, Kind
from db.language import t

Json = dict[str, Any]
KINDS: dict[Kind, Json] = {
    Kind.INTEGER: {"type": "integer"}, Kind.RATING: {"type": "integer"}, Kind.LINK: {"type": "integer"}, Kind.BOOLEAN: {"type": "boolean"},
    Kind.DATE: {"type": "string", "format": "date"}, Kind.INSTANT: {"type": "string", "format": "date-time"}, Kind.TIME: {"type": "string", "format": "time"},
    Kind.EMAIL: {"type": "string", "format": "email"}, Kind.URL: {"type": "string", "format": "uri"},
    Kind.MONEY: {"type": "string", "pattern": r"^-?\d+\.\d{2}$"}, Kind.DECIMAL: {"type": "string", "pattern": r"^-?\d+\.\d{2}$"},
}
FRAME: Json = {
    "id": {"type": "integer"}, "code": {"type": "string"}, "version": {"type": "integer"}, "created_at": {"type": "string", "format": "date-time"},
    "updated_at": {"type": "string", "format": "date-time"},
}
SCORES: Json = {"type": "object", "additionalProperties": {"type": ["integer", "null"]}, "example": {"12": 5, "13": None}}


def document() -> Json:
    """The whole description. Users' own fields are in the answers, too; they differ from house to house."""
    paths: Json = {}
    schemas: Json = {"Error": _error()}
    for resource in RESOURCES.values():
        schemas |= {_name(resource): _shown(resource), f"{_name(resource)}List": _list(resource)}
        if "create" in resource.verbs:
            schemas |= {f"{_name(resource)}New": _sent(resource, new=True), f"{_name(resource)}Change": _sent(resource, new=False)}
        paths |= _paths(resource)
    paths |= {f"/{path_of(move)}/{{id}}/{move.name}": {"post": _move(move)} for move in MOVES.values()}
    paths["/survey-answers/sheet"] = {"post": _sheet()}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Regulars", "version": "1", "description": t("Programs work in the name of a user, with the rules of the screens.")},
        "servers": [{"url": "/api/v1"}], "security": [{"token": []}], "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    }


def path_of(move: Move) -> str:
    return next(resource.path for resource in RESOURCES.values() if resource.noun == move.noun)


def _name(resource: Resource) -> str:
    return "".join(part.capitalize() for part in resource.noun.split("_"))


def _property(field: Field, null: bool) -> Json:
    found = dict(KINDS.get(field.kind, {"type": "string"}), title=field.title)
    if field.max_length and found["type"] == "string" and "format" not in found:
        found["maxLength"] = field.max_length
    if field.minimum is not None and found["type"] == "integer":
        found["minimum"] = int(field.minimum)
    if field.maximum is not None and found["type"] == "integer":
        found["maximum"] = int(field.maximum)
    if field.kind == Kind.CHOICE and field.choices:
        found["enum"] = [*field.choices, *([None] if null else [])]
    note = t(field.hint) if field.hint else t("A key of the drop-down list {name}.", name=field.options) if field.options else ""
    return found | ({"type": [found["type"], "null"]} if null else {}) | ({"description": note} if note else {})


def _shown(resource: Resource) -> Json:
    """As it is read; a masked value keeps no pattern, so that personal fields are described by their type alone."""
    fields = {field.key: {"title": field.title} if field.personal else _property(field, not field.required) for field in resource.declared()}
    return {"type": "object", "title": t(resource.model.words[0]), "properties": FRAME | fields, "required": ["id", "version"]}


def _sent(resource: Resource, new: bool) -> Json:
    fields = {field.key: field for field in resource.declared() if field.editable}
    required = [key for key, field in fields.items() if new and field.required and key not in resource.filled]
    own = {} if new else {"version": {"type": "integer", "description": t("The version that was read: what others changed since is not overwritten.")}}
    properties = own | {key: _taken(field) for key, field in fields.items()}
    return {"type": "object", "properties": properties} | ({"required": required} if required else {})


def _taken(field: Field) -> Json:
    """As it is sent: amounts may be numbers, too."""
    if field.kind in {Kind.MONEY, Kind.DECIMAL}:
        return {"type": ["string", "number", "null"], "title": field.title}
    return _property(field, not field.required)


def _list(resource: Resource) -> Json:
    items = {"type": "array", "items": _reference(_name(resource))}
    rest = {"total": {"type": "integer"}, "page": {"type": "integer"}, "next": {"type": ["string", "null"]}}
    return {"type": "object", "properties": {"items": items, **rest}, "required": ["items", "total", "page", "next"]}


def _error() -> Json:
    text = {"type": "string"}
    field = {"type": "object", "properties": {"field": text, "title": text, "message": text, "yours": {}, "theirs": {}}}
    error = {"code": text, "message": text, "fields": {"type": "array", "items": field}, "version": {"type": "integer"}}
    told = {"type": "object", "properties": error, "required": ["code", "message", "fields"]}
    return {"type": "object", "properties": {"error": told}, "required": ["error"]}


def _paths(resource: Resource) -> Json:
    words, name = t(resource.model.words[1]), _name(resource)
    every: Json = {"get": {"summary": words, "parameters": _parameters(resource), "responses": _answers({"200": f"{name}List"})}}
    single: Json = {"parameters": [_id()], "get": {"summary": t(resource.model.words[0]), "responses": _answers({"200": name})}}
    if "create" in resource.verbs:
        every["post"] = {"summary": t("Add"), "parameters": [_key()], "requestBody": _body(f"{name}New"), "responses": _answers({"201": name})}
        answers = _answers({"200": name, "409": "Error"})
        single["patch"] = {"summary": t("Change"), "parameters": [_key()], "requestBody": _body(f"{name}Change"), "responses": answers}
        single["delete"] = {"summary": t("Moves it to the recycle bin"), "parameters": [_key()], "responses": _answers({"204": ""})}
    return {f"/{resource.path}": every, f"/{resource.path}/{{id}}": single}


def _move(move: Move) -> Json:
    properties = {field.key: _taken(field) for field in move.given().values()}
    if move.also:
        properties[move.also] = {"type": "object", "properties": {field.key: _taken(field) for field in declared(move.noun, *STEP).values()}}
    answers = _answers({"200": _name(RESOURCES[path_of(move)])})
    body = _content({"type": "object", "properties": properties})
    return {"summary": t(move.words), "parameters": [_id(), _key()], "requestBody": body, "responses": answers}


def _sheet() -> Json:
    properties = {key: _taken(field) for key, field in declared("survey_response", *SHEET).items()} | {"survey_id": {"type": "integer"}, "scores": SCORES}
    body = _content({"type": "object", "properties": properties, "required": ["customer_id", "survey_id", "scores"]})
    words = t("A whole survey sheet at once: the score of each question.")
    return {"summary": words, "parameters": [_key()], "requestBody": body, "responses": _answers({"201": "SurveyResponseList"})}


def _parameters(resource: Resource) -> list[Json]:
    text = {"type": "string"}
    plain = [("q", text, t("Search")), ("sort", text, t("A field; with - before it from the end")), ("page", {"type": "integer", "minimum": 1}, t("Page")),
             ("limit", {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}, t("Records a page"))]
    for field in resource.declared():
        if resource.narrows(field):
            ends = [field.key, *((field.key + FROM, field.key + TO) if field.kind in RANGES else ())]
            plain += [(key, text, field.title) for key in ends]
    return [{"name": key, "in": "query", "schema": schema, "description": words} for key, schema, words in plain]


def _id() -> Json:
    return {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}


def _key() -> Json:
    words = t("A key of your own: sent again with it, the request saves nothing and is answered with what the first one saved.")
    return {"name": "Idempotency-Key", "in": "header", "schema": {"type": "string"}, "description": words}


def _body(name: str) -> Json:
    return _content(_reference(name))


def _content(schema: Json) -> Json:
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def _reference(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _answers(good: dict[str, str]) -> Json:
    """The answers by status; every other one is an error."""
    named = good | {"default": "Error"}
    contents = {status: {"content": {"application/json": {"schema": _reference(name)}}} if name else {} for status, name in named.items()}
    return {status: {"description": t("Refused") if status == "default" else t("Done"), **content} for status, content in contents.items()}
