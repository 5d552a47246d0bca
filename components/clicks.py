"""Which rows of a table were clicked or ticked. A browser can name rows that are not there: those count for nothing."""

from __future__ import annotations

from typing import Any


def clicked(event: Any, rows: int) -> int | None:
    """The position of the row whose cell was clicked, of a table of so many rows."""
    return next((cell[0] for cell in event.selection.cells if cell and _is_there(cell[0], rows)), None)


def ticked(event: Any, rows: int) -> list[int]:
    """The positions of the ticked rows, each once."""
    named = event.selection.rows
    return list(dict.fromkeys(row for row in named if _is_there(row, rows))) if isinstance(named, list) else []


def _is_there(row: Any, rows: int) -> bool:
    return type(row) is int and 0 <= row < rows
