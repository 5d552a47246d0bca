"""What was found in a backup when it was opened."""

from __future__ import annotations

from dataclasses import dataclass

from db import migrations
from db.errors import Unavailable
from db.journal import FIRST_DIGEST
from db.migrations import State


class Damaged(Unavailable):
    """The file was read, and it is not whole."""


@dataclass(frozen=True)
class Contents:
    """The schema's version, the rows of each table, and the head of the journal with the last change beside it."""

    revision: str | None
    rows: dict[str, int]
    head: tuple[int, str]
    last_change: tuple[int, str]

    @property
    def total(self) -> int:
        return sum(self.rows.values())

    @property
    def state(self) -> State:
        return migrations.state_of(self.revision)

    def require_sound(self) -> None:
        """Raise Unavailable when this cannot be a whole backup of ours."""
        if self.revision is None or "journal_head" not in self.rows:
            raise Damaged("This file is no backup of Regulars.")
        number, digest = self.head
        if number < self.last_change[0] or digest != self.last_change[1]:
            raise Damaged("The backup is damaged: its journal does not end where it should.")


NO_CHANGE = (0, FIRST_DIGEST)
