"""Column types that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, String, literal
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.sqlite import DATETIME
from sqlalchemy.sql import operators
from sqlalchemy.types import TypeDecorator

CENT = Decimal("0.01")


def json_type() -> Any:
    """A JSON column type of its own: change tracking attaches to the instance, so none is shared."""
    return JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


class Choice(String):
    """One of a few words that the program itself names.

    A comparison with one of them writes it into the statement: a partial index serves a condition only where it can read the value there, and
    SQLite's planner gives up on some statements where it has to guess it from a parameter ("internal query planner error", seen in 3.53).
    """

    def __init__(self, length: int, words: frozenset[str] = frozenset()) -> None:
        super().__init__(length)
        self.words = words

    class comparator_factory(String.Comparator[str]):
        def operate(self, op: Any, *other: Any, **options: Any) -> Any:
            known = op is operators.eq and isinstance(other[0], str) and other[0] in self.type.words  # type: ignore[attr-defined]
            return super().operate(op, literal(other[0], String(), literal_execute=True), **options) if known else super().operate(op, *other, **options)


class Hundredths(TypeDecorator[Decimal]):
    """A decimal with two places, kept as an integer so that sums are exact on both databases."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> int | None:
        return None if value is None else int((Decimal(value) * 100).quantize(Decimal(1), ROUND_HALF_UP))

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return None if value is None else (Decimal(value) / 100).quantize(CENT)


class Money(Hundredths):
    """An amount in the organisation's currency."""

    cache_ok = True


class _Written(DATETIME):
    """A moment as SQLite keeps it, written by the standard library: five times as fast."""

    def bind_processor(self, dialect: Dialect) -> Any:
        return lambda value: None if value is None else value.isoformat(" ", "microseconds")[:26]


class Instant(TypeDecorator[datetime]):
    """A moment in UTC. Naive datetimes are refused: nobody knows what they mean."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(_Written() if dialect.name == "sqlite" else self.impl_instance)  # type: ignore[no-untyped-call]

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
