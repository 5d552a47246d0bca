"""Recurring work on the command line: what is declared, what is due, and a month's figures by name."""

from __future__ import annotations

import click

from db import jobs as work, startup
from db.actions import publishing
from db.engine import reading
from db.errors import Unavailable
from db.jobs import Due
from db.language import t
from db.policy import SYSTEM


@click.group(invoke_without_command=True)
@click.option("--list", "listed", is_flag=True, help="Only say how each job stands.")
@click.pass_context
def jobs(context: click.Context, listed: bool) -> None:
    """Do the recurring work that is due. The server does the same by itself every few minutes."""
    if context.invoked_subcommand:
        return
    startup.check_ground(context.obj)
    if listed:
        for item in work.due(context.obj):
            click.echo(f"{item.job.name:15} {item.period or '–':10} {_state(item):30} {t(item.job.label)}")
        return
    done = work.run_due(context.obj)
    for item in done:
        click.echo(f"{item.job.name} {item.period}: {_state(item)}")
    if not done:
        click.echo(t("Nothing is due."))
    if any(item.run and item.run.problem for item in done):
        raise SystemExit(1)


def _state(item: Due) -> str:
    if item.run is None:
        return t("due") if item.period else t("not due")
    if item.run.problem:
        return t("failed: {problem}", problem=item.run.problem)
    return t("done on {day}", day=f"{item.run.finished_at:%Y-%m-%d}") if item.run.finished_at else t("running")


@jobs.command()
@click.option("--month", required=True, help="A finished month, like 2026-10.")
@click.pass_obj
def publish(workspace: str, month: str) -> None:
    """Keep the figures of a month that ended; what was published before stays as it is."""
    with reading(SYSTEM.inside(workspace)):
        key = publishing.period_named(month).key
    done = work.run(work.job_named("publish_month"), key, workspace)
    if done is None:
        raise Unavailable("The figures of {month} were published before, and stay as they are.", month=key)
    click.echo(f"{key}: {_state(done)}")
    if done.run and done.run.problem:
        raise SystemExit(1)
