"""The standard reports on the command line."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import click

from db import clock
from db.commands.actors import actor_named
from db.commands.figures import DAY
from db.commands.printing import print_rows, rows_of
from db.engine import reading
from db.language import t
from db.queries import reports
from db.queries.periods import Period, month
from db.queries.turnover import View


@click.command()
@click.argument("key", required=False)
@click.option("--list", "listed", is_flag=True, help="All reports with their question.")
@click.option("--from", "start", type=DAY, help="First day of the period; this month by default.")
@click.option("--to", "end", type=DAY, help="Last day of the period; today by default.")
@click.option("--user", "user_name", help="As this user sees it; everything by default.")
@click.option("--json", "form", flag_value="json", help="JSON instead of a table.")
@click.option("--csv", "form", flag_value="csv", help="CSV instead of a table.")
@click.pass_obj
def report(workspace: str, key: str | None, listed: bool, start: Any, end: Any, user_name: str | None, form: str | None) -> None:
    """A standard report beside the same period last year, for example: report orders_by_person --from 2026-01-01 --to 2026-03-31"""
    if listed or key is None:
        print_rows([{"key": found.key, "label": t(found.label), "question": t(found.question)} for found in reports.DECLARED], form)
        return
    reports.named(key)
    with reading(actor_named(workspace, user_name)) as session:
        day = end.date() if end else clock.today()
        period = Period(start.date(), day + timedelta(days=1)) if start else month(day)
        print_rows(rows_of(reports.result(session, key, View(day, period)).rows.drop(columns="group")), form)
