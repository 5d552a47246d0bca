"""The tables behind the charts on the command line."""

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
from db.queries import tables
from db.queries.chart_data import Asked
from db.queries.periods import Period


@click.command()
@click.argument("name", required=False)
@click.option("--list", "listed", is_flag=True, help="All tables with their columns and what they can be asked by.")
@click.option("--as-of", type=DAY, help="What is later than this day does not count; today by default.")
@click.option("--from", "start", type=DAY, help="First day of the period; the as-of date's month by default, where a table has no other.")
@click.option("--to", "end", type=DAY, help="Last day of the period; of a model, the last day it looks ahead to.")
@click.option("--by", help="Which groups; --list shows those of each table, the first is the usual one.")
@click.option("--user", "user_name", help="As this user sees it; everything by default.")
@click.option("--json", "form", flag_value="json", help="JSON instead of lines.")
@click.option("--csv", "form", flag_value="csv", help="CSV instead of lines.")
@click.pass_obj
def table(workspace: str, name: str | None, listed: bool, as_of: Any, start: Any, end: Any, by: str | None, user_name: str | None, form: str | None) -> None:
    """Show what a chart is drawn from, for example: table survival --by terms --as-of 2026-03-31"""
    if listed or name is None:
        print_rows([{"table": entry.key, "label": t(entry.label), "by": ", ".join(entry.groups), "columns": ", ".join(entry.columns)}
                    for entry in tables.TABLES.values()], form)
        return
    with reading(actor_named(workspace, user_name)) as session:
        day = as_of.date() if as_of else clock.today()
        period = Period(start.date() if start else day.replace(day=1), (end.date() if end else day) + timedelta(days=1)) if start or end else None
        found = tables.read(session, name, Asked(as_of=day, period=period, by=by or ""))
        print_rows(rows_of(found), form, tables.TABLES[name].columns)
