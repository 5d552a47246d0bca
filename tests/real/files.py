"""Import files in the product's own template: (noun, file name, bytes)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from db.transfer.export import as_csv

File = tuple[str, str, bytes]


def file(noun: str, name: str, headings: Sequence[str], lines: Iterable[Sequence[object]]) -> File:
    return noun, f"{name}-{noun}.csv", as_csv(headings, lines)


def people(name: str, numbers: Iterable[object], **more: str) -> File:
    lines = [[code(name, number), f"{name.title()} {number}", "person", *more.values()] for number in numbers]
    return file("customer", name, ["code", "name", "kind", *more], lines)


def code(name: str, number: object) -> str:
    return f"{name.upper()}-{number}"
