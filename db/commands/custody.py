"""Check, backup, restore."""

from __future__ import annotations

from pathlib import Path

import click

from db import backup as custody, check as truth, startup
from db.language import t, tn

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.pass_obj
def check(workspace: str) -> None:
    """Prove the journal's chain, the links and the derived values; status 1 when something is wrong."""
    startup.check_ground(workspace)
    report = truth.check(workspace)
    click.echo(tn("{n} change in the journal.", "{n} changes in the journal.", report.changes))
    click.echo(t("The journal's head is {digest}.", digest=report.head))
    if report.erased:
        erased = tn("The values of {n} row were erased.", "The values of {n} rows were erased.", report.erased)
        click.echo(f"{erased} {t('The chain holds without them.')}")
    for problem in report.problems:
        click.echo(problem, err=True)
    if report.problems:
        raise SystemExit(1)
    click.echo(t("Everything is in order."))


@click.command()
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.pass_obj
def backup(workspace: str, folder: Path | None) -> None:
    """Write a backup and prove it by opening it; older ones are thinned out as the organisation's settings say."""
    startup.check_ground(workspace)
    path = custody.backup(workspace, folder)
    contents = custody.verify(path)
    click.echo(path)
    click.echo(t("Proved: {rows} rows in {tables} tables, {changes} changes, the journal's head is {digest}.",
                 rows=contents.total, tables=len(contents.rows), changes=contents.head[0], digest=contents.head[1]))


@click.command()
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.pass_obj
def backups(workspace: str, folder: Path | None) -> None:
    """List the backups, the newest first."""
    found = custody.backups(workspace, folder)
    for entry in found:
        click.echo(f"{entry.at:%Y-%m-%d %H:%M:%S} UTC  {entry.size / 1024 / 1024:8.1f} MB  {entry.label:15}  {entry.path}")
    if not found:
        click.echo(t("There is no backup yet."))


@click.command()
@click.argument("file", type=FILE)
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def restore(workspace: str, file: Path, yes: bool) -> None:
    """Put a backup in the place of the present data, which is saved aside first. Everybody is signed out."""
    contents = custody.verify(file)
    click.echo(t("The backup holds {rows} rows and {changes} changes.", rows=contents.total, changes=contents.head[0]))
    if not yes:
        click.confirm(t("Replace the present data with it?"), abort=True)
    aside = custody.restore(file, workspace)
    click.echo(t("Restored. The data that was there before lies in {file}.", file=aside))
