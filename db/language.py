"""One language switch: words come from gettext catalogues, English is the source text."""

from __future__ import annotations

import gettext
import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages import mofile, pofile

LANGUAGES = {"en": "English", "zh": "简体中文"}
LOCALES = {"en": "en", "zh": "zh_Hans_CN"}
_current: ContextVar[str] = ContextVar("language", default="en")


def current() -> str:
    return _current.get()


def use(language: str | None) -> None:
    _current.set(language if language in LANGUAGES else "en")


@contextmanager
def speaking(language: str) -> Iterator[None]:
    before = _current.set(language)
    try:
        yield
    finally:
        _current.reset(before)


def nearest(browser_locale: str | None) -> str:
    """The language of ours for a browser's locale such as 'zh-TW'; anything else is English."""
    return "zh" if (browser_locale or "").lower().startswith("zh") else "en"


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    source = Path(__file__).parent / "locales" / language / "LC_MESSAGES" / "regulars.po"
    if not source.exists():
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    with source.open("rb") as lines:
        mofile.write_mo(compiled, pofile.read_po(lines, locale=LOCALES[language]))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def t(text: str, **params: Any) -> str:
    """The text in the current language, with {named} parameters filled in."""
    words = catalogue(current()).gettext(text) if text else ""
    return words.format(**params) if params else words


def sentences(said: Iterable[str]) -> str:
    """One after the other; Chinese needs no space between them."""
    return ("" if current() == "zh" else " ").join(said)


def tn(singular: str, plural: str, n: int, **params: Any) -> str:
    """Like `t`, choosing the plural form for n; {n} is filled in, its thousands set apart as both languages do."""
    return catalogue(current()).ngettext(singular, plural, n).format(n=f"{n:,}", **params)
