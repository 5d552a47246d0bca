"""One person's day as it is sent in the morning: what is overdue and due, who has been silent too long, who is unhappy."""

from __future__ import annotations

from dataclasses import dataclass

from db.policy import may
from db.queries import keeping
from db.queries.attention import Attention, attention
from db.queries.today import ToDo, agenda
from db.session import CrmSession

EACH = 8


@dataclass(frozen=True)
class Digest:
    """Each list with how many there are in all; personal: customers whose personal data is due for a look, for those who care for it."""

    overdue: tuple[int, list[ToDo]]
    due: tuple[int, list[ToDo]]
    silent: tuple[int, list[Attention]]
    unhappy: tuple[int, list[Attention]]
    personal: int = 0

    @property
    def is_empty(self) -> bool:
        return not any((self.overdue[0], self.due[0], self.silent[0], self.unhappy[0]))


def digest(session: CrmSession) -> Digest:
    """The day of the session's own actor."""
    todo, found = agenda(session, session.actor.id), attention(session, session.actor.id, each=EACH)
    personal = sum(keeping.counts(session).values()) if may(session.actor, "assign", "customer") else 0
    return Digest((todo.counts[0], todo.overdue[:EACH]), (todo.counts[1], todo.today[:EACH]), found["silent"], found["unhappy"], personal)
