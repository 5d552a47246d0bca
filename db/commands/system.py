"""Start-up, upgrade, doctor, and the developers' migration."""

from __future__ import annotations

import os

import click

from db import doctor as examination, migrations, startup
from db.language import t


@click.command()
@click.pass_obj
def ready(workspace: str) -> None:
    """Prepare the database and see that the port is free; says only what stands in the way."""
    startup.prepare(workspace)
    startup.check_port(os.environ.get("REGULARS_HOST") or "127.0.0.1", int(os.environ.get("REGULARS_PORT") or 8501))


@click.command()
@click.pass_obj
def upgrade(workspace: str) -> None:
    """Create the tables, or bring them up to date after a backup."""
    startup.prepare(workspace)
    click.echo(t("The database is up to date."))


@click.command()
@click.pass_obj
def doctor(workspace: str) -> None:
    """Look at the installation and say what needs attention; status 1 when something does not work."""
    findings = examination.examine(workspace)
    marks = {"good": ("ok", "green"), "notice": ("!", "yellow"), "bad": ("x", "red")}
    for finding in findings:
        mark, colour = marks[finding.level]
        click.echo(f"{click.style(mark.rjust(2), fg=colour)}  {finding.text}")
    if any(finding.level == "bad" for finding in findings):
        raise SystemExit(1)


@click.command()
@click.argument("name")
@click.option("--again", is_flag=True, help="Write the first migration anew; only until the first release.")
def migration(name: str, again: bool) -> None:
    """For developers: write the next migration from what the models say."""
    click.echo(migrations.write(name, again=again))
