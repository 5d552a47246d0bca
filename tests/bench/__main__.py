"""`make bench`: how fast the product is beside what Streamlit itself costs, at several sizes, on both databases. Not part of `make test`."""

from __future__ import annotations

import os
from pathlib import Path

import click

from tests.bench.pages import PAGES
from tests.bench.report import growth, table
from tests.bench.run import Wanted, measure
from tests.browser import chromium

KEYS = [page.key for page in PAGES]


@click.command()
@click.option("--customers", "sizes", type=click.IntRange(100, 1_000_000), multiple=True, default=(1000, 10_000, 100_000), show_default=True, help="How many; may be given again.")
@click.option("--database", "databases", type=click.Choice(["sqlite", "postgresql"]), multiple=True, default=("sqlite", "postgresql"), show_default=True)
@click.option("--page", "keys", type=click.Choice(KEYS), multiple=True, default=KEYS, help="All, unless some are named.")
@click.option("--role", "roles", type=click.Choice(["admin", "manager", "rep"]), multiple=True, default=("admin", "manager", "rep"), show_default=True)
@click.option("--times", type=click.IntRange(3, 200), default=15, show_default=True, help="Reruns of each page.")
@click.option("--browser/--no-browser", default=True, help="Whether Chromium is asked too.")
@click.option("--out", type=click.Path(path_type=Path), help="A file for the tables, besides the screen.")
def main(sizes: tuple[int, ...], databases: tuple[str, ...], keys: tuple[str, ...], roles: tuple[str, ...], times: int, browser: bool, out: Path | None) -> None:
    """Measure, and print a table for each size."""
    wanted = Wanted([page for page in PAGES if page.key in keys], list(roles), times, chromium() if browser else None)
    measured, lines = [], [f"{os.cpu_count()} cores; load when it began: {os.getloadavg()[0]:.1f}", ""]
    for database in databases:
        for customers in sorted(sizes):
            measured.append(measure(database, customers, wanted))
            lines += table(measured[-1])
            click.echo("\n".join(table(measured[-1])))
    lines += growth(measured)
    click.echo("\n".join(growth(measured)))
    if out:
        out.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
