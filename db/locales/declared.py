"""The words of declared things: nouns, their fields and choices, KPIs, tables behind charts."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

from db import queries
from db.fields import fields_of
from db.jobs import JOBS
from db.locales.source import Words
from db.models import NOUNS
from db.models.lists import LISTS
from db.queries.kpis import KPIS
from db.queries.reports import DECLARED as REPORTS
from db.queries.tables import TABLES
from db.queries.what_if import WHAT_IFS
from db.transfer.columns import TITLES
from db.transfer.day_order import ORDERS
from db.transfer.handling import KEYS, MODES


def declared_words() -> set[Words]:
    tables = (table.label for table in TABLES.values())
    return {(text,) for text in (*_files(), *_nouns(), *_kpis(), *LISTS.values(), *(job.label for job in JOBS), *_reports(), *tables) if text}


def _files() -> Iterator[str]:
    yield from (*TITLES.values(), *MODES.values(), *ORDERS.values())
    for keys in KEYS.values():
        yield from (key.label for key in keys.values())


def _nouns() -> Iterator[str]:
    for model in NOUNS.values():
        yield from model.words
        for field in fields_of(model):
            yield from (field.label, field.hint, field.section, field.unit, *field.choices.values())


def _kpis() -> Iterator[str]:
    for module in iter_modules(queries.__path__):
        import_module(f"db.queries.{module.name}")
    for kpi in KPIS.values():
        yield from (kpi.label, kpi.question, kpi.formula, kpi.source, kpi.pitfalls)
    for what_if in WHAT_IFS:
        yield from (what_if.note, what_if.lesson)


def _reports() -> Iterator[str]:
    for report in REPORTS:
        yield from (report.label, report.question, report.group, report.nobody, *(column.label for column in report.columns))
