"""The page of all figures, written from their declarations in both languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import TypeVar

from db.fields import fields_of
from db.language import LANGUAGES, speaking, t
from db.models import Organisation
from db.queries.kpi import Kpi
from db.queries.kpis import KPIS

Said = TypeVar("Said")


def units() -> dict[str, str]:
    return {"percent": "%", "points": t("points of the scale"), "number": t("a number"), "money": t("money"), "index": t("0 to 100"), "nps": t("−100 to +100"),
            "days": t("days")}


def directions() -> dict[str, str]:
    return {"up": t("higher"), "down": t("lower"), "": t("depends")}


def themes() -> dict[str, str]:
    return {"satisfaction": t("Satisfaction"), "retention": t("Retention and loyalty"), "workload": t("Workload"), "value": t("Sales and value")}


def figures_page() -> str:
    """Markdown: every KPI with question, formula, unit, direction, target, source and pitfalls, English beside Chinese."""
    return "\n".join([f"# {' · '.join(_each(lambda: t('Figures')))}", "", *_paragraphs(), *_contents(), *_themes()]).rstrip() + "\n"


def _paragraphs() -> Iterator[str]:
    for text in _each(_introduction):
        yield from (text, "")


def _introduction() -> str:
    return t(
        "How every figure of Regulars is worked out, as the product itself declares it: screens, explanations, command line and exports read the same "
        "lines. No data, or nothing to divide by, gives no value, never 0. What is later than the as-of date never counts. Days and months are those of "
        "the organisation's time zone. A running period is compared with the same days of the one before. This page is written by {command}.",
        command="`python -m db kpi --document docs/figures.md`",
    )


def _each(say: Callable[[], Said]) -> list[Said]:
    """What is said in each language, English first."""
    said = []
    for language in LANGUAGES:
        with speaking(language):
            said.append(say())
    return said


def _contents() -> Iterator[str]:
    for key, title in _titles().items():
        links = ", ".join(f"[{kpi.key}](#{kpi.key})" for kpi in KPIS.values() if kpi.theme == key)
        yield f"- {title}: {links}"
    yield ""


def _themes() -> Iterator[str]:
    for key, title in _titles().items():
        yield from (f"## {title}", "")
        for kpi in KPIS.values():
            if kpi.theme == key:
                yield from _entry(kpi)


def _titles() -> dict[str, str]:
    english, chinese = _each(themes)
    known = {theme: f"{title} · {chinese[theme]}" for theme, title in english.items()}
    return known | {kpi.theme: kpi.theme for kpi in KPIS.values() if kpi.theme not in known}


def _entry(kpi: Kpi) -> Iterator[str]:
    yield from (f"### {kpi.key}", "", f"**{' · '.join(_each(lambda: t(kpi.label)))}**", "")
    yield from ("| | English | 中文 |", "|---|---|---|")
    for (name, english), (other, chinese) in zip(*_each(lambda: _lines(kpi)), strict=True):
        yield f"| {name} · {other} | {_cell(english)} | {_cell(chinese)} |"
    yield ""


def _lines(kpi: Kpi) -> list[tuple[str, str]]:
    """What there is to say about a KPI, in the current language."""
    house = SimpleNamespace(**{field.key: field.default for field in fields_of(Organisation)})
    found = [
        (t("The question"), t(kpi.question)), (t("Formula"), t(kpi.formula, **kpi.terms(house))),
        (t("Unit"), units().get(kpi.unit, kpi.unit)), (t("Better"), directions()[kpi.better]),
        (t("Customary target"), _target(kpi)), (t("Source"), t(kpi.source)), (t("Take care"), t(kpi.pitfalls)),
    ]
    return [(name, text) for name, text in found if text]


def _target(kpi: Kpi) -> str:
    if kpi.target is None:
        return ""
    return f"{kpi.target:.0%}" if kpi.unit == "percent" else f"{kpi.target:g}"


def _cell(text: str) -> str:
    return text.replace("|", r"\|")
