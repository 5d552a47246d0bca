"""Rows on the terminal: for reading, as JSON, as CSV."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Sequence
from typing import Any

import click
import pandas as pd


def rows_of(table: pd.DataFrame) -> list[dict[str, Any]]:
    """A frame as dictionaries of plain values; None where there is none."""
    return [{str(name): value for name, value in row.items()} for row in table.astype(object).where(table.notna(), None).to_dict("records")]


def print_rows(rows: list[dict[str, Any]], form: str | None, columns: Sequence[str] = ()) -> None:
    """form: json, csv, or lines for people; columns: the heading of a CSV file without rows."""
    if form == "json":
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2, default=str))
    elif form == "csv":
        writer = csv.DictWriter(sys.stdout, fieldnames=list(rows[0]) if rows else list(columns))
        writer.writeheader()
        writer.writerows(rows)
    else:
        for row in rows:
            click.echo("  ".join(f"{key}={value}" for key, value in row.items() if value is not None))
