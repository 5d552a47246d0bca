"""KPIs on the command line, with the numbers that they were worked out from."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click

from db import clock
from db.commands.actors import actor_named
from db.commands.documentation import figures_page
from db.commands.printing import print_rows, rows_of
from db.engine import reading
from db.errors import Unavailable
from db.language import t
from db.models import Organisation
from db.queries import kpi_groups, kpis
from db.queries.kpi import Kpi
from db.queries.periods import Period
from db.session import CrmSession

DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.argument("key", required=False)
@click.option("--list", "listed", is_flag=True, help="All KPIs with their unit and definition.")
@click.option("--as-of", type=DAY, help="What is later than this day does not count; today by default.")
@click.option("--from", "start", type=DAY, help="First day of the period; the as-of date's month by default.")
@click.option("--to", "end", type=DAY, help="Last day of the period.")
@click.option("--by", type=click.Choice(["month", *kpi_groups.PARTS]), help="One figure for each of the last 12 months, or for each group.")
@click.option("--user", "user_name", help="As this user sees it; everything by default.")
@click.option("--document", type=click.Path(dir_okay=False, path_type=Path), help="Write the page of all KPIs, in both languages, to this file.")
@click.option("--json", "form", flag_value="json", help="JSON instead of a table.")
@click.option("--csv", "form", flag_value="csv", help="CSV instead of a table.")
@click.pass_obj
def kpi(workspace: str, key: str | None, listed: bool, as_of: Any, start: Any, end: Any, by: str | None, user_name: str | None, document: Path | None,
        form: str | None) -> None:
    """Work a KPI out, for example: kpi csat_top_two --from 2026-01-01 --to 2026-03-31"""
    if document:
        document.write_text(figures_page(), encoding="utf-8")
        return
    if listed or key is None:
        with reading(actor_named(workspace, user_name)) as session:
            house = session.organisation
        print_rows([_declaration(entry, house) for entry in kpis.KPIS.values()], form)
        return
    if key not in kpis.KPIS:
        raise Unavailable("There is no KPI {key}; python -m db kpi --list shows them all.", key=key)
    with reading(actor_named(workspace, user_name)) as session:
        print_rows(_figures(session, key, as_of.date() if as_of else clock.today(), start, end, by), form)


def _declaration(entry: Kpi, house: Organisation) -> dict[str, str]:
    return {"key": entry.key, "unit": entry.unit, "label": t(entry.label), "formula": t(entry.formula, **entry.terms(house))}


def _figures(session: CrmSession, key: str, as_of: date, start: Any, end: Any, by: str | None) -> list[dict[str, Any]]:
    if by == "month":
        frame = kpis.by_month(session, key, as_of)
        frame["month"] = [f"{month:%Y-%m}" for month in frame["month"]]
        return rows_of(frame)
    period = Period(start.date() if start else as_of.replace(day=1), (end.date() if end else as_of) + timedelta(days=1)) if start or end else None
    if by:
        return rows_of(kpi_groups.by_group(session, key, as_of, by, period))
    return [{"key": key, "as_of": as_of, **asdict(kpis.measure(session, key, as_of, period))}]
