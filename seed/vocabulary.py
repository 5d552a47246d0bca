"""The words of a language, and names made of them."""

from __future__ import annotations

import tomllib
from pathlib import Path
from random import Random
from typing import Any

CALM = {"intro", "prospect", "delivery", "care", "renewal", "private"}
"""Scenes whose notes may end with a remark."""
FOLDER = Path(__file__).parent / "words"


class Vocabulary:
    """`words` holds the sentences of the language; people and companies get invented names."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.words: dict[str, Any] = _read(language)
        names = _read("names")
        self._family, self._given = _pairs(names["family"]), _pairs(names["given"])
        self.cities = {region: [self._shown(pair) for pair in _pairs(cities)] for region, cities in names["city"].items()}

    def _shown(self, pair: tuple[str, str]) -> str:
        return pair[0] if self.language == "zh" else pair[1]

    def person(self, chance: Random) -> tuple[str, str]:
        """A name as it is written, and in small Latin letters."""
        family, given = chance.choice(self._family), [chance.choice(self._given) for _ in range(1 if chance.random() < 0.35 else 2)]
        latin = "".join(syllable for _, syllable in given)
        parts = {"family": self._shown(family), "given": "".join(sign for sign, _ in given) if self.language == "zh" else latin.capitalize()}
        return self.words["person"]["pattern"].format(**parts), f"{family[1].lower()}.{latin}".replace("ü", "v")

    def company(self, chance: Random, city: str, industry: str) -> str:
        parts = self.words["company"]
        first, second, trade = chance.choice(parts["first"]), chance.choice(parts["second"]), chance.choice(self.words["trade"][industry])
        return str(parts["pattern"].format(city=city, first=first, second=second, trade=trade))

    def sentence(self, chance: Random, scene: str, method: str, **parts: Any) -> str:
        """A note about a contact, sometimes with a remark at its end."""
        note: str = chance.choice(self.words["note"][scene][method])
        if scene in CALM and chance.random() < 0.3:
            note += ("" if self.language == "zh" else " ") + chance.choice(self.words["more"]["closing"])
        return note.format(**parts)


def _read(name: str) -> dict[str, Any]:
    with (FOLDER / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


def _pairs(items: list[str]) -> list[tuple[str, str]]:
    return [(sign, latin) for sign, latin in (item.split(" ", 1) for item in items)]
