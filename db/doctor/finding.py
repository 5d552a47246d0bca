from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """level: good, notice or bad."""

    level: str
    text: str
