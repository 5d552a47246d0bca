"""Load the published data sets for a demonstration: python -m tests.real --database sqlite:///real.db [names]"""

from __future__ import annotations

import click

from tests.real.loading import load_into
from tests.real.sets import SETS


@click.command()
@click.option("--database", required=True, help="URL of the database; made if it is not there.")
@click.argument("names", nargs=-1, type=click.Choice(list(SETS)))
def main(database: str, names: tuple[str, ...]) -> None:
    """The sets named, or all of them, through the real importer."""
    for line in load_into(database, list(names or SETS)):
        click.echo(line)


if __name__ == "__main__":
    main()
