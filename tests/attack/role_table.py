"""The table of roles, written down a second time from the README and not from the code: who reaches which rows with which verb."""

from __future__ import annotations

from dataclasses import dataclass

WRITES = ("create", "update", "delete")
ACCOUNT, CATALOGUE, PERSONAL = ("customer", "contact", "follow_up", "order"), ("product", "tag"), ("saved_view",)
NOUNS = (*ACCOUNT, *CATALOGUE, *PERSONAL, "absence", "target")
NOBODY: frozenset[str | None] = frozenset()


@dataclass
class Person:
    role: str
    team: str | None


@dataclass
class Row:
    """owner: by first name, whose it is; of a customer's records the customer's. gone: when it was deleted, together with what."""

    noun: str
    id: int
    owner: str | None = None
    customer: Row | None = None
    shared: bool = False
    gone: int | None = None

    @property
    def whose(self) -> str | None:
        return self.customer.owner if self.customer else self.owner


@dataclass
class House:
    people: dict[str, Person]
    managers_see_all: bool = False

    def reach(self, who: str, verb: str, noun: str) -> frozenset[str | None]:
        """The owners whose rows this person may read, create, update, delete or assign."""
        role, everybody = self.people[who].role, frozenset({*self.people, None})
        if role == "admin":
            return everybody
        if noun in CATALOGUE:
            return everybody if verb == "read" or role == "manager" or (role, verb, noun) == ("rep", "create", "tag") else NOBODY
        if role == "viewer":
            return everybody if verb == "read" else NOBODY
        if role == "manager":
            return everybody if self.managers_see_all else self.mates(who)
        if role == "rep":
            return frozenset({who}) if verb == "read" or (verb != "assign" and noun != "target") else NOBODY
        helps = verb == "read" or (noun == "follow_up" and verb in {"create", "update"})
        return self.mates(who) if helps else NOBODY

    def mates(self, who: str) -> frozenset[str | None]:
        """One's team, oneself, and whatever has no owner."""
        team = self.people[who].team
        return frozenset({name for name, person in self.people.items() if team and person.team == team} | {who, None})

    def allows(self, who: str, verb: str, row: Row) -> bool:
        if row.gone is not None:
            return False
        if row.noun in PERSONAL:
            return row.owner == who or (row.shared and (verb == "read" or self.people[who].role == "admin"))
        return row.whose in self.reach(who, verb, row.noun)
