"""Real actions whose loss, doubling or tearing can be seen afterwards."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any
from zlib import crc32

from sqlalchemy import select, text

from db import clock, records
from db.actions import editing, follow_ups
from db.engine import engine_for, sqlite_driver, transaction
from db.errors import AlreadyDone
from db.models import Product
from db.policy import Actor

PARTS = 2
"""A deed writes so many follow-ups: what happened and the next step."""
KEPT = "SELECT subject, count(*) FROM follow_up WHERE subject LIKE 'deed %' GROUP BY subject"
CUSTOMERS = 12


def do(actor: Actor, key: str) -> None:
    """Log a follow-up with its next step, both under this name; done already is done as well."""
    try:
        with transaction(actor, "follow_up.log", request_key=key) as session:
            values = {"customer_id": 1 + crc32(key.encode()) % CUSTOMERS, "subject": key, "content": "Talked"}
            follow_ups.log(session, values, next_step={"subject": key, "due_on": clock.today()})
    except AlreadyDone:
        pass


def count_up(actor: Actor, product_id: int) -> None:
    """Read a price and write it one higher: of two that do it at once, none may be lost."""
    with transaction(actor, "product.update") as session:
        product: Any = records.get(session, "product", product_id)
        editing.write(session, "product", product_id, {"price": product.price + 1})


def products(actor: Actor, number: int) -> list[int]:
    """New products that cost nothing yet."""
    with transaction(actor, "product.create") as session:
        return [records.create(session, "product", {"name": f"Tea {n}", "price": Decimal(0)}).id for n in range(number)]


def counted(ids: list[int]) -> int:
    with engine_for().connect() as connection:
        return int(sum(connection.scalars(select(Product.price).where(Product.id.in_(ids)))))


def kept() -> Counter[str]:
    """How many follow-ups there are of each deed."""
    with engine_for().connect() as connection:
        return Counter(dict(iter(connection.execute(text(KEPT)))))


def kept_in(file: Path) -> Counter[str]:
    """The same, straight from a database file; raises the driver's error where it cannot be read."""
    with closing(sqlite_driver().connect(file)) as connection:
        [(verdict,)] = connection.execute("PRAGMA integrity_check(1)").fetchall()
        assert verdict == "ok", verdict
        return Counter(dict(connection.execute(KEPT).fetchall()))
