"""The words of the codes that groups of a figure are made by: drop-down values and declared choices, in the user's language."""

from __future__ import annotations

from typing import Any

from db.choices import labels
from db.engine import reading
from db.fields import field_of
from db.models import NOUNS, Customer
from db.policy import Actor
from db.queries.filters import ATTRIBUTES

CHANNELS = {"follow_up": "method"}
"""A follow-up's channel is its method."""


def group_words(actor: Actor, by: str, noun: str = "customer") -> dict[Any, str]:
    """noun: whose rows are grouped. Empty where groups carry names, not codes: managers, teams, products."""
    if by == "channel":
        field = field_of(NOUNS[noun], CHANNELS.get(noun, by))
    elif by in ATTRIBUTES:
        field = field_of(Customer, by)
    else:
        return {}
    with reading(actor) as session:
        return dict(labels(session, field))
