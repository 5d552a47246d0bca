"""Numbers, amounts and dates as the style guide prints them, in both languages."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from components import formats
from db import clock, language

TODAY = datetime(2025, 11, 18, 3, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def shanghai_on_a_tuesday():
    clock.use_zone("Asia/Shanghai")
    with clock.frozen(TODAY):
        yield
    language.use("en")


def both(printer, *values):
    words = []
    for code in ("en", "zh"):
        with language.speaking(code):
            words.append(printer(*values))
    return tuple(words)


@pytest.mark.parametrize(("amount", "printed"), [
    (2_380_000, ("¥2.38M", "¥238.0万")), (320_000, ("¥320K", "¥32.0万")), (48_000, ("¥48K", "¥4.8万")), (8_600, ("¥8,600", "¥8,600")),
    (129_000_000, ("¥129.00M", "¥1.29亿")), (0, ("¥0", "¥0")), (-48_000, ("−¥48K", "−¥4.8万")), (None, ("–", "–")),
])
def test_money_on_cards_is_short(amount, printed):
    assert both(formats.money, amount) == printed


def test_money_in_documents_is_exact():
    assert both(formats.money_exact, Decimal("1234567.5")) == ("¥1,234,567.50", "¥1,234,567.50")


@pytest.mark.parametrize(("ratio", "printed"), [(0.314, "31.4%"), (0, "0.0%"), (1, "100.0%"), (None, "–"), (float("nan"), "–")])
def test_rates_have_one_decimal(ratio, printed):
    assert both(formats.percent, ratio) == (printed, printed)


def test_a_change_of_a_rate_is_in_points_with_its_sign():
    assert [formats.points(change) for change in (0.022, -0.022, 0, None)] == ["+2.2 pp", "−2.2 pp", "±0.0 pp", "–"]


@pytest.mark.parametrize(("printer", "printed"), [
    (formats.date_long, ("18 Nov 2025", "2025年11月18日")), (formats.date_short, ("Tue 18 Nov", "11月18日 周二")), (formats.date_table, ("2025-11-18", "2025-11-18")),
    (formats.month, ("Nov 2025", "2025年11月")), (formats.day_month, ("18 Nov", "11月18日")),
])
def test_dates_follow_the_language(printer, printed):
    assert both(printer, date(2025, 11, 18)) == printed


@pytest.mark.parametrize(("day", "printed"), [
    (date(2025, 11, 18), ("today", "今天")), (date(2025, 11, 19), ("tomorrow", "明天")), (date(2025, 11, 21), ("in 3 days", "3天后")),
    (date(2025, 12, 15), ("15 Dec", "12月15日")), (date(2026, 1, 5), ("5 Jan 2026", "2026年1月5日")), (None, ("–", "–")),
])
def test_near_days_are_words_and_far_ones_dates(day, printed):
    assert both(formats.relative_day, day) == printed


def test_lateness_counts_days():
    assert both(formats.lateness, date(2025, 11, 16)) == ("2 days late", "逾期2天")
    assert both(formats.lateness, date(2025, 11, 17)) == ("1 day late", "逾期1天")


def test_durations():
    assert both(formats.duration_minutes, 370) == ("6 h 10 m", "6小时10分")
    assert formats.duration_minutes(45) == "45 m"


def test_an_instant_stands_on_the_organisation_s_clock():
    assert formats.instant(datetime(2024, 3, 31, 16, 30, tzinfo=UTC)) == "2024-04-01 00:30"


def test_a_list_of_words_has_each_language_s_own_comma():
    assert both(formats.listed, ["Tier", "City"]) == ("Tier, City", "Tier、City")


@pytest.mark.parametrize("text", ["**bold**", "![x](http://evil.example/x.png)", "[link](javascript:alert(1))", ":material/home:", "<b>x</b>", "$x^2$", "a_b_c", "1. one"])
def test_text_of_users_never_acts_as_markup(text):
    shown = formats.plain(text)
    assert shown.replace("\\", "") == text
    assert not any(mark in shown.replace(f"\\{mark}", "") for mark in "*_[]<>:$!`")
