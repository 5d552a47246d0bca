"""Reports on paper: a light page in A4 for whoever is signed in, with the same rows as on the screen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import anyio.to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from components import daily_words, formats, report_words
from components.report_links import day_of, view_of
from components.web.light import templates
from components.web.session_routes import visitor_of
from components.web.translate import HTML_LANGUAGES
from db import clock, language
from db.engine import reading
from db.errors import Forbidden
from db.language import t
from db.policy import Actor
from db.queries import reports
from db.queries.daily import daily
from db.session import CrmSession

DAILY = "daily"
LONGEST = 500
"""Rows on paper; the workbook holds more."""


@dataclass(frozen=True)
class Table:
    """numbers: the columns that stand right; changes: those whose sign has a tone; total: the last row, if there is one."""

    headings: list[str]
    rows: list[list[str]]
    title: str = ""
    note: str = ""
    numbers: tuple[int, ...] = ()
    changes: tuple[int, ...] = ()
    total: list[str] | None = None


async def printed(request: Request) -> Response:
    actor = visitor_of(request).actor
    key = request.path_params["key"]
    if actor is None or (key != DAILY and key not in reports.REPORTS):
        raise HTTPException(404)
    try:
        return HTMLResponse(await anyio.to_thread.run_sync(page, actor, key, dict(request.query_params)))
    except Forbidden as forbidden:
        return PlainTextResponse(str(forbidden), 403)


def page(actor: Actor, key: str, asked: Mapping[str, str]) -> str:
    """The whole page in the actor's language. Raises Forbidden for those who may not read what it shows."""
    with language.speaking(actor.language), reading(actor) as session:
        made = formats.labelled(t("Made"), f"{formats.instant(clock.now())} · {actor.name}")
        common = {"lang": HTML_LANGUAGES[actor.language], "organisation": session.organisation.name, "made": made, "tone": tone,
                  "back_words": t("Back to the reports"), "hint": t("Print or save as PDF:")}
        contents = _daily(session, actor, asked) if key == DAILY else _report(session, key, asked)
        return templates().get_template("report.html").render(**common, **contents)


def tone(cell: str) -> str:
    return {"+": " up", "−": " down"}.get(cell[:1], "")


def _daily(session: CrmSession, actor: Actor, asked: Mapping[str, str]) -> dict[str, Any]:
    day, owner = day_of(asked)
    found, currency = daily(session, day, owner), session.organisation.currency
    alone = actor.role == "rep" or owner is not None
    name = next((name for name in found.people["manager"] if isinstance(name, str)), "") if alone and len(found.people) else ""
    tables = [] if alone else [_team(*daily_words.people(found, currency))]
    for section in daily_words.sections(found, currency, with_person=not alone):
        tables.append(Table(section.headings, section.rows, section.title, section.more or f"{section.total}"))
    line = " · ".join(part for part in (f"{formats.weekday(day)} {formats.date_long(day)}", name) if part)
    back = f"/reports?day={day.isoformat()}" + (f"&owner={owner}" if owner else "")
    return {"title": t("Daily report"), "lines": [line], "finding": daily_words.sentence(found, currency), "tables": tables, "wide": False, "back": back}


def _team(headings: list[str], rows: list[list[str]], total: list[str]) -> Table:
    return Table(headings, rows, t("The team's day"), numbers=tuple(range(1, len(headings))), total=total)


def _report(session: CrmSession, key: str, asked: Mapping[str, str]) -> dict[str, Any]:
    report, view, currency = reports.named(key), view_of(asked), session.organisation.currency
    found, columns = reports.whole(session, key, view, LONGEST), report_words.columns_of(report)
    rows = [[report_words.printed(row[column.key], column.unit, currency) for column in columns] for row in found.rows.to_dict("records")]
    total = [t("Total"), *(report_words.printed(found.total[column.key], column.unit, currency) for column in report.columns)]
    changes = tuple(place for place, column in enumerate(columns) if column.unit == "change")
    table = Table([t(column.label) for column in columns], rows, numbers=tuple(range(1, len(columns))), changes=changes, total=total)
    lines = [report_words.caption(view), *([t(", ").join(words)] if (words := reports.filter_words(session, view.filters)) else [])]
    if found.count > len(rows):
        lines.append(t("The first {shown} of {total}", shown=formats.number(len(rows)), total=formats.number(found.count)))
    return {"title": t(report.label), "lines": lines, "finding": report_words.finding(report, found, view, currency), "tables": [table], "wide": True,
            "back": f"/reports?report={key}"}


ROUTES: list[Route] = [Route("/print/{key}", printed)]
