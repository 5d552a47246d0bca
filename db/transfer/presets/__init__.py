"""What the files of widely used systems call our fields: one declaration a system, beside this file."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field as member
from functools import cache
from pathlib import Path
from typing import Any

from db.language import current
from db.transfer.columns import folded

FOLDER = Path(__file__).parent
LEAST = 3
"""Headings that a file must share with a preset to be recognised."""
ANYTHING = "*"


@dataclass(frozen=True)
class Preset:
    """signature: headings that tell the file; headings: heading -> column key; words: column key -> word -> code.

    only: heading -> the values of rows that count.
    """

    key: str
    names: Mapping[str, str]
    noun: str
    signature: tuple[str, ...]
    headings: Mapping[str, str]
    words: Mapping[str, Mapping[str, str]] = member(default_factory=dict)
    only: Mapping[str, frozenset[str]] = member(default_factory=dict)

    @property
    def title(self) -> str:
        return self.names[current()]

    def mapping(self, headings: Iterable[str]) -> dict[str, str]:
        """Heading of the file -> column key, each key once."""
        present = {folded(heading): heading for heading in headings}
        found: dict[str, str] = {}
        for known, key in self.headings.items():
            heading = present.get(folded(known))
            if heading is not None and heading not in found and key not in found.values():
                found[heading] = key
        return found

    def code(self, key: str, word: str) -> str | None:
        """What a word of a drop-down stands for; None where the preset does not know."""
        known = self.words.get(key, {})
        return known.get(word.casefold().replace("_", " ")) or known.get(ANYTHING)

    def counts(self, row: Mapping[str, str]) -> bool:
        """row: folded heading -> cell."""
        return all(row.get(folded(heading), "").casefold() in values for heading, values in self.only.items())

    def fits(self, headings: Sequence[str]) -> bool:
        present = {folded(heading) for heading in headings}
        return present >= {folded(heading) for heading in self.signature} and len(self.mapping(headings)) >= LEAST


@cache
def presets() -> Mapping[str, Preset]:
    return {preset.key: preset for path in sorted(FOLDER.glob("*.toml")) for preset in _declared(path)}


def _declared(path: Path) -> Iterator[Preset]:
    declared = tomllib.loads(path.read_text(encoding="utf-8"))
    title = declared.pop("title")
    names = {"en": title, "zh": declared.pop("title_zh", title)}
    for noun, parts in declared.items():
        for name, part in ({"": parts} if "headings" in parts else parts).items():
            yield _preset(".".join(filter(None, (path.stem, noun, name))), names, noun, part)


def _preset(key: str, names: Mapping[str, str], noun: str, part: Mapping[str, Any]) -> Preset:
    words = {column: {word.casefold(): code for word, code in known.items()} for column, known in part.get("words", {}).items()}
    only = {heading: frozenset(value.casefold() for value in values) for heading, values in part.get("only", {}).items()}
    return Preset(key, names, noun, tuple(part["signature"]), part["headings"], words, only)


def recognise(headings: Sequence[str]) -> Preset | None:
    """The preset that a file with these headings most probably belongs to."""
    fitting = [preset for preset in presets().values() if preset.fits(headings)]
    return max(fitting, key=lambda preset: (len(preset.signature), len(preset.mapping(headings))), default=None)
