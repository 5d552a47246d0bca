"""Chinese names in Latin letters, by which they are found and compared."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

FOREIGN = "\0"
"""Marks what is no Chinese inside a name while it is turned into pinyin."""


@lru_cache(maxsize=1 << 17)
def spellings(name: str) -> tuple[str, str] | tuple[()]:
    """Whole and initials; nothing for a name in plain Latin letters. Kept, so that an import works it out before it holds up others."""
    if name.isascii():
        return ()
    parts = _syllables(name, lambda foreign: FOREIGN + foreign)
    initials = (part[1:] if part.startswith(FOREIGN) else part[:1] for part in parts)
    return "".join(parts).replace(FOREIGN, ""), "".join(initials)


def sound_key(name: str) -> str:
    """A name's key in pinyin: traditional and simplified writing, and a name typed in Latin letters, sound the same."""
    return name if name.isascii() else "".join(_syllables(name))


def _syllables(name: str, errors: str | Callable[[str], str] = "default") -> list[str]:
    from pypinyin import lazy_pinyin  # its dictionaries take half a second and 60 MB: whoever meets no Chinese name is spared them

    return lazy_pinyin(name, errors=errors)
