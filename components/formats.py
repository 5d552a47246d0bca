"""One way to print a number, a date or an amount, right for each language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal, get_currency_symbol

from db import clock
from db.language import LOCALES, current, t, tn

NOTHING = "–"
Number = int | float | Decimal


def locale() -> str:
    return LOCALES[current()]


def number(value: Number | None, decimals: int = 0) -> str:
    if value is None or value != value:
        return NOTHING
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return format_decimal(round(Decimal(str(value)), decimals), pattern, locale=locale())


def percent(ratio: Number | None, decimals: int = 1) -> str:
    """0.314 -> 31.4%"""
    return NOTHING if ratio is None or ratio != ratio else f"{number(Decimal(str(ratio)) * 100, decimals)}%"


def points(difference: Number | None) -> str:
    """A difference of two rates (as ratios), in percentage points with its sign."""
    if difference is None or difference != difference:
        return NOTHING
    return f"{signed(float(difference) * 100, 1)} pp"


def signed(value: Number | None, decimals: int = 0) -> str:
    if value is None or value != value:
        return NOTHING
    rounded = round(Decimal(str(value)), decimals)
    return ("+" if rounded > 0 else "−" if rounded < 0 else "±") + number(abs(rounded), decimals)


def symbol(currency: str) -> str:
    return "¥" if currency in {"CNY", "JPY"} else get_currency_symbol(currency, locale="en")


def money(value: Number | None, currency: str = "CNY") -> str:
    """Short for cards: ¥2.38M, ¥48K, ¥8,600; in Chinese ¥238.0万, ¥1.29亿."""
    if value is None or value != value:
        return NOTHING
    amount, sign = abs(Decimal(str(value))), "−" if value < 0 else ""
    steps = ((10**8, "亿", 2), (10**4, "万", 1)) if current() == "zh" else ((10**9, "B", 2), (10**6, "M", 2), (10**4, "K", 0))
    for size, unit, decimals in steps:
        if amount >= size:
            return f"{sign}{symbol(currency)}{number(amount / (1000 if unit == 'K' else size), decimals)}{unit}"
    return f"{sign}{symbol(currency)}{number(amount)}"


def money_exact(value: Number | None, currency: str = "CNY") -> str:
    return (
        NOTHING
        if value is None or value != value
        else format_currency(value, currency, "¤#,##0.00;-¤#,##0.00", locale="zh_Hans_CN" if currency == "CNY" else "en")
    )


def date_long(day: date | None) -> str:
    """18 Nov 2025, 2025年11月18日"""
    return NOTHING if day is None else format_date(day, "y年M月d日" if current() == "zh" else "d MMM y", locale=locale())


def date_short(day: date | None) -> str:
    """Tue 18 Nov, 11月18日 周二"""
    return NOTHING if day is None else format_date(day, "M月d日 EEE" if current() == "zh" else "EEE d MMM", locale=locale())


def day_month(day: date | None) -> str:
    """18 Nov, 11月18日; with the year when it is not this one"""
    if day is None:
        return NOTHING
    if day.year != clock.today().year:
        return date_long(day)
    return format_date(day, "M月d日" if current() == "zh" else "d MMM", locale=locale())


def day_compact(day: date | None) -> str:
    """18 Nov, 11月18日; of another year 2024-11-18, which fits a card"""
    return day_month(day) if day is None or day.year == clock.today().year else date_table(day)


def date_table(day: date | None) -> str:
    return NOTHING if day is None else day.isoformat()


def month(day: date | None) -> str:
    return NOTHING if day is None else format_date(day, "y年M月" if current() == "zh" else "MMM y", locale=locale())


def relative_day(day: date | None) -> str:
    """today, 2 days late, in 3 days; beyond a week the date itself"""
    if day is None:
        return NOTHING
    distance = (day - clock.today()).days
    if abs(distance) > 7:
        return day_month(day)
    words = {0: t("today"), 1: t("tomorrow"), -1: t("yesterday")}
    if distance in words:
        return words[distance]
    return tn("in {n} day", "in {n} days", distance) if distance > 0 else tn("{n} day ago", "{n} days ago", -distance)


def lateness(day: date | None) -> str:
    """2 days late; what is not late as `relative_day` says it"""
    late = (clock.today() - day).days if day else 0
    return tn("{n} day late", "{n} days late", late) if late > 0 else relative_day(day)


def instant(moment: datetime | None) -> str:
    """Day and time on the organisation's clock."""
    if moment is None:
        return NOTHING
    return f"{clock.local(moment):%Y-%m-%d %H:%M}"


def duration_minutes(minutes: int | None) -> str:
    """6 h 10 m, 6小时10分"""
    if minutes is None:
        return NOTHING
    hours, rest = divmod(minutes, 60)
    parts = [t("{n} h", n=hours)] if hours else []
    return ("" if current() == "zh" else " ").join([*parts, t("{n} m", n=rest)] if rest or not hours else parts)


def labelled(label: str, value: object) -> str:
    """City: Ningbo, 城市：宁波"""
    return t("{label}: {value}", label=label, value=value)


def listed(words: Iterable[str]) -> str:
    """Tier, City; in Chinese 等级、城市"""
    return ("、" if current() == "zh" else ", ").join(words)


def plain(text: str | None) -> str:
    """User text that may stand inside markdown: nothing in it is markup."""
    return "".join(f"\\{character}" if character in "\\`*_{}[]()#+-.!|<>~$:^" else character for character in (text or ""))


def badge(words: str, colour: str, icon: str = "") -> str:
    """A badge inside markdown, so that several of them are one piece of a page; `words` are plain already."""
    return f":{colour}-badge[{f':material/{icon}: ' if icon else ''}{words}]"


def weekday(day: date) -> str:
    return format_date(day, "EEE", locale=locale())


def year(day: date) -> str:
    return f"{day.year}年" if current() == "zh" else str(day.year)


def month_short(day: date) -> str:
    """Nov; in January with the year"""
    if current() == "zh":
        return f"{day:%y}年{day.month}月" if day.month == 1 else f"{day.month}月"
    return format_date(day, "MMM yy" if day.month == 1 else "MMM", locale=locale())
