"""A backup's SHA-256 in a small file beside it, in the form that `sha256sum --check` reads."""

from __future__ import annotations

import hashlib
from pathlib import Path

from db.backup.contents import Damaged


def beside(path: Path) -> Path:
    return path.with_name(f"{path.name}.sha256")


def write(path: Path) -> Path:
    beside(path).write_text(f"{_digest(path)}  {path.name}\n", encoding="ascii")
    return beside(path)


def check(path: Path) -> None:
    """Raise Damaged when a single bit was turned; a backup that came without its seal is proved by its contents alone."""
    if beside(path).is_file() and beside(path).read_text(encoding="ascii").split()[:1] != [_digest(path)]:
        raise Damaged("The backup is damaged.")


def _digest(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
