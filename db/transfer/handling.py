"""What an import does with rows that mean a record which exists already, and by what it knows them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

MODES = {
    "create": "Add every row as a new record",
    "both": "Update existing records, add the others",
    "update": "Update existing records only",
    "skip": "Leave existing records as they are, add the others",
}


@dataclass(frozen=True)
class Key:
    """ways: any of these groups of fields, filled in and equal, means the same record."""

    label: str
    ways: tuple[tuple[str, ...], ...]

    @property
    def fields(self) -> frozenset[str]:
        return frozenset(field for way in self.ways for field in way)


CODE, NAME = Key("Code", (("code",),)), Key("Name", (("name",),))
KEYS: dict[str, dict[str, Key]] = {
    "customer": {
        "code": CODE, "email": Key("E-mail", (("email",),)), "phone": Key("Phone", (("phone",), ("mobile",))),
        "name_city": Key("Name and city", (("name", "city"),)), "name": NAME,
    },
    "contact": {
        "email": Key("Customer and e-mail", (("customer_id", "email"),)), "phone": Key("Customer and phone", (("customer_id", "phone"),)),
        "name": Key("Customer and name", (("customer_id", "name"),)),
    },
    "follow_up": {"day": Key("Customer, subject and day", (("customer_id", "subject", "done_at"), ("customer_id", "subject", "due_on")))},
    "order": {"code": CODE},
    "product": {"code": CODE, "name": NAME},
    "product_line": {"name": NAME}, "tag": {"name": NAME}, "team": {"name": NAME}, "survey": {"name": NAME},
    "user": {"user_name": Key("User name", (("user_name",),)), "email": Key("E-mail", (("email",),))},
    "target": {"month": Key("Account manager, month and measure", (("user_id", "month", "measure"),))},
}
"""By noun, the surest key first."""


@dataclass(frozen=True)
class Handling:
    """by: names of KEYS, the surest first. lenient: an owner or option that nobody knows is left empty instead of refusing its row.

    preset: the key of the preset whose words for options hold and whose rows count. dates: which comes first where the year
    comes last, 'dmy' or 'mdy'; '' lets the file's own dates decide.
    """

    mode: str = "create"
    by: tuple[str, ...] = ()
    lenient: bool = False
    preset: str = ""
    dates: str = ""


def keys_of(noun: str, mapped: Iterable[str]) -> dict[str, Key]:
    """The keys that these columns can feed, the surest first; rows of a sheet for everything are recognised by their customer."""
    fed = {key.removeprefix("customer.") for key in mapped} if noun == "sheet" else set(mapped)
    fed |= {"name"} if "last_name" in fed else set()
    noun = "customer" if noun == "sheet" else noun
    found = {name: key for name, key in KEYS.get(noun, {}).items() if any(fed >= set(way) for way in key.ways)}
    if "name_city" in found:
        del found["name"]  # the name alone only where no city tells namesakes apart
    return found


OPTIONAL = {"city"}
"""May be empty on both sides."""
