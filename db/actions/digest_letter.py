"""A person's day as a letter, in the person's language."""

from __future__ import annotations

from datetime import date
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from typing import Any

from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from db import clock, mail
from db.address import home
from db.language import LOCALES, current, t, tn
from db.queries.attention import Attention
from db.queries.digest import Digest
from db.queries.today import ToDo


def letter(sender: str, name: str, address: str, day: Digest) -> EmailMessage:
    """The message with a text and an HTML part; every customer in it is a link."""
    words = _words(name, day)
    text, html = (_templates(kind == "html").get_template(f"digest.{kind}").render(words) for kind in ("txt", "html"))
    subject = t("Your day: {due} due, {overdue} overdue", due=day.due[0], overdue=day.overdue[0])
    return mail.letter(sender, address, subject, text, html)


@cache
def _templates(escaped: bool) -> Environment:
    loader = FileSystemLoader(Path(__file__).parents[1] / "templates")
    return Environment(loader=loader, autoescape=escaped, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)  # noqa: S701  plain text is not HTML


def _words(name: str, day: Digest) -> dict[str, Any]:
    n = day.personal
    note = tn("Personal data of {n} customer is due for a look.", "Personal data of {n} customers is due for a look.", n) if n else ""
    return {
        "language": current(), "home": home(), "greeting": t("Good morning, {name}. This is your {day}.", name=name, day=_day(clock.today())),
        "parts": [part for part in _parts(day) if part["lines"]], "note": note, "open": t("Open Today"),
        "why": t("You get this each working morning. Switch it off under My account:"),
    }


def _parts(day: Digest) -> list[dict[str, Any]]:
    return [
        _part(t("Overdue"), day.overdue, lambda item: f"{item.subject}, {t('due {day}', day=_day(item.due_on))}"),
        _part(t("Due today"), day.due, _due),
        _part(t("Unhappy"), day.unhappy, lambda item: t("Rated {rating} of 5 on {day}", rating=item.number, day=_day(item.on))),
        _part(t("Silent for too long"), day.silent, _silent),
    ]


def _part(title: str, found: tuple[int, list[Any]], what: Any) -> dict[str, Any]:
    total, items = found
    lines = [{"customer": item.customer, "what": what(item), "link": f"{home()}/customer?id={item.customer_id}"} for item in items]
    rest = total - len(items)
    return {"title": f"{title} ({total})", "lines": lines, "more": t("and {count} more", count=rest) if rest > 0 else ""}


def _due(item: ToDo) -> str:
    return f"{item.due_time:%H:%M} {item.subject}" if item.due_time else item.subject


def _silent(item: Attention) -> str:
    return tn("{n} day without contact; usual is every {usual}", "{n} days without contact; usual is every {usual}", item.number, usual=item.usual)


def _day(day: date | None) -> str:
    return format_date(day, "d MMM" if current() == "en" else "M月d日", locale=LOCALES[current()]) if day else ""
