"""Every change of a customer and what hangs on it; each can be undone from here."""

from __future__ import annotations

from components.change_list import draw_changes
from db.engine import reading
from db.history import changes_around
from db.models import Customer
from db.policy import Actor


def draw_history(actor: Actor, customer: Customer) -> None:
    with reading(actor) as session:
        changes = changes_around(session, customer.id, limit=60)
    draw_changes(actor, changes)
