"""The command line: python -m seed."""

from __future__ import annotations

import os
import time
from datetime import datetime

import click

from db import language as words, startup
from db.errors import CrmError
from db.policy import SYSTEM
from seed.sample import make_organisation, open_sample_company


@click.command()
@click.option("--customers", type=click.IntRange(1, 1_000_000), default=300, show_default=True, help="How many customers.")
@click.option("--years", type=click.IntRange(1, 20), default=3, show_default=True, help="How many years of history.")
@click.option("--managers", type=click.IntRange(1, 500), default=6, show_default=True, help="How many account managers.")
@click.option("--seed", "number", type=int, default=1, show_default=True, help="The same number gives the same company.")
@click.option("--database", metavar="URL", help="Where to; otherwise REGULARS_DATABASE_URL.")
@click.option("--language", type=click.Choice(list(words.LANGUAGES)), help="The language of names and notes; otherwise the terminal's.")
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="The day on which the history ends; otherwise today.")
@click.option("--workspace", default="default", show_default=True)
def main(customers: int, years: int, managers: int, number: int, database: str | None, language: str | None, day: datetime | None, workspace: str) -> None:
    """Fill an empty database with a sample company. Nobody in it has a password yet."""
    os.environ["REGULARS_DATABASE_URL"] = database or os.environ.get("REGULARS_DATABASE_URL", "")
    words.use(language or words.nearest(os.environ.get("LC_ALL") or os.environ.get("LANG")))
    began = time.monotonic()
    try:
        startup.prepare(workspace)
        actor = SYSTEM.inside(workspace)
        make_organisation(actor, words.current())
        counts = open_sample_company(actor, customers, years, managers, number, words.current(), day.date() if day else None)
    except CrmError as error:
        raise click.ClickException(str(error)) from error
    click.echo(", ".join(f"{noun} {count:,}" for noun, count in counts.items() if count))
    click.echo(f"{time.monotonic() - began:.1f} s")


if __name__ == "__main__":
    main(prog_name="python -m seed")
