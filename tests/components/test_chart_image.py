"""A chart as a picture says what it shows, and Chinese stands in it as Chinese."""

from __future__ import annotations

import io

import pandas as pd
import pytest
from PIL import Image

from components import charts
from components.chart_image import WIDTH, About, picture, titled, wrapped
from db import language

ABOUT = About("销售额在12个月中有7个月高于上年", "每月销售额；浅色：上年", "2026年1月1日 – 2026年11月25日")


@pytest.fixture(autouse=True)
def chinese():
    with language.speaking("zh"):
        yield


def chart():
    return charts.line(pd.DataFrame({"period": ["1月", "2月"], "value": [3.5, 4.2], "n": [12, 30]}), y="value", label="满意度")


def test_the_picture_carries_finding_unit_period_n_and_whose_it_is():
    text = picture(chart(), 240, ABOUT, "远山茶业", "SVG").decode()
    for words in (ABOUT.title, ABOUT.caption, "1月 – 2月", "n = 42", "远山茶业"):
        assert words in text


def test_a_chart_that_is_not_over_months_names_the_page_s_period():
    bars = charts.bars(pd.DataFrame({"name": ["甲"], "value": [3], "text": ["3"]}), x="value", name="name", label="满意度")
    assert ABOUT.period in picture(bars, 100, ABOUT, "远山茶业", "SVG").decode()


def test_the_picture_is_twice_as_fine_as_a_screen_and_white():
    image = Image.open(io.BytesIO(picture(chart(), 240, ABOUT, "远山茶业", "PNG")))
    assert image.width >= 2 * WIDTH
    assert image.getpixel((2, 2))[:3] == (255, 255, 255)


def test_a_long_finding_is_broken_where_its_language_may_be():
    assert wrapped("one two three", 8) == ["one two", "three"]
    assert wrapped("一二三四五", 6) == ["一二三", "四五"]
    assert len(titled(chart(), 240, About("长" * 90, "", ""), "x")["title"]["text"]) == 3
