"""What an address names, as far as it is sound; an address is typed by anybody."""

from __future__ import annotations


def number_in(text: str | None) -> int | None:
    """A record's number, or None for anything else. Digits of other scripts and raised ones are none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None
