"""Who may do what with which rows. One table; pages, records, tests and help read it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum

from db.errors import Forbidden


class Scope(IntEnum):
    NONE = 0
    OWN = 1
    TEAM = 2
    ALL = 3


@dataclass(frozen=True)
class Actor:
    """Who is asking. `role` 'system' is the product itself (set-up, jobs, command line)."""

    id: int | None
    name: str
    role: str
    team_id: int | None = None
    language: str = "en"
    workspace: str = "default"

    def inside(self, workspace: str) -> Actor:
        return replace(self, workspace=workspace)


SYSTEM = Actor(None, "Regulars", "system")

ACCOUNT = ("customer", "contact", "follow_up", "order", "order_line", "survey_response", "survey_invitation", "attachment", "customer_tag", "not_duplicate")
CATALOGUE = ("product", "product_line", "survey", "question", "tag", "kpi_target", "absence", "import_mapping")
SETTINGS = ("option", "custom_field", "team", "user", "organisation", "lead_form")
WRITE = ("create", "update", "delete")
MANAGE = (*WRITE, "export", "import", "assign")


def _grant(nouns: tuple[str, ...], verbs: tuple[str, ...], scope: Scope) -> dict[tuple[str, str], Scope]:
    return {(noun, verb): scope for noun in nouns for verb in verbs}


_READ_LISTS = _grant((*CATALOGUE, *SETTINGS), ("read",), Scope.ALL) | _grant(("saved_view",), ("read", *WRITE), Scope.OWN)
_EVERYTHING = _grant((*ACCOUNT, "target", *CATALOGUE, *SETTINGS, "saved_view", "audit", "backup", "person"), ("read", *MANAGE), Scope.ALL)

_MERGE = (("customer",), ("merge",))
_EVERYTHING |= _grant(*_MERGE, Scope.ALL)

RULES: dict[str, dict[tuple[str, str], Scope]] = {
    "system": _EVERYTHING,
    "admin": _EVERYTHING,
    "manager": _READ_LISTS | _grant(ACCOUNT, ("read", *MANAGE), Scope.TEAM) | _grant(*_MERGE, Scope.TEAM) | _grant(CATALOGUE, MANAGE, Scope.ALL)
    | _grant(("absence", "target"), ("read", *MANAGE), Scope.TEAM) | _grant(("audit",), ("read",), Scope.TEAM),
    "rep": _READ_LISTS | _grant((*ACCOUNT, "absence"), ("read", *WRITE), Scope.OWN) | _grant(*_MERGE, Scope.OWN) | _grant(("tag",), ("create",), Scope.ALL)
    | _grant(("target",), ("read",), Scope.OWN),
    "agent": _READ_LISTS | _grant((*ACCOUNT, "absence", "target"), ("read",), Scope.TEAM)
    | _grant(("follow_up", "survey_response", "survey_invitation", "attachment"), ("create", "update"), Scope.TEAM),
    "viewer": _READ_LISTS | _grant((*ACCOUNT, "target"), ("read",), Scope.ALL),
}


def scope(actor: Actor, verb: str, noun: str) -> Scope:
    return RULES.get(actor.role, {}).get((noun, verb), Scope.NONE)


def may(actor: Actor, verb: str, noun: str) -> bool:
    return scope(actor, verb, noun) > Scope.NONE


def require(actor: Actor, verb: str, noun: str) -> None:
    """Raise Forbidden unless the actor's role allows the verb on some rows of the noun."""
    if not may(actor, verb, noun):
        raise Forbidden


def sees_personal_data(actor: Actor) -> bool:
    return actor.role in {"system", "admin", "manager", "rep", "agent"}
