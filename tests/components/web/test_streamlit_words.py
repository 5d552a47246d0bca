"""Streamlit's own English words: the ones we replace are still its words, and become Chinese."""

from __future__ import annotations

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest

from components.web.streamlit_words import exact_words, patterns
from db.language import speaking

READ_OUT = {
    "Help for 编号": "编号的说明",
    "year, 生日": "生日，年",
    "成为客户日期 start date": "成为客户日期（开始）",
    "Full screen": "Full screen",
    "Fullscreen: 客户": "全屏：客户",
    "Show/hide columns: 客户": "显示或隐藏列：客户",
    "8 options available.": "8个可选项",
    "25th percentile": "第25百分位数",
    "20MB per file • CSV, XLSX": "每个文件最大 20 MB • CSV, XLSX",
    "Number is above the allowed range. Please enter a value less than or equal to 365.": "允许的最大值为365。",
    "Number is outside the allowed range. Please enter a value between 1 and 5.": "请输入1到5之间的数字。",
    "Invalid time format. Please use HH:MM.": "这不是有效的时间。",
    "Page 3": "第3页",
    "林悦": "林悦",
}


@cache
def streamlit_source() -> str:
    """All scripts of the installed Streamlit, and its input fields' own messages."""
    found = find_spec("streamlit")
    assert found is not None
    assert found.submodule_search_locations
    folder = Path(found.submodule_search_locations[0])
    files = [*(folder / "static" / "static" / "js").glob("*.js"), folder / "elements" / "widgets" / "text_widgets.py"]
    return "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in files)


def test_the_words_that_are_replaced_are_still_streamlit_s_words():
    known = streamlit_source()
    assert [word for word in exact_words() if word not in known and not word.startswith("Press ")] == []
    assert all(part in known for part in ("`Press Enter to ${", "}+Enter to ${", "`submit form`", "`apply`"))


def test_each_of_them_has_a_chinese_one():
    with speaking("zh"):
        assert [word for word, ours in exact_words().items() if not re.search(r"[\u4e00-\u9fff]", ours)] == []


@pytest.mark.parametrize("said", READ_OUT)
def test_what_is_put_together_is_put_together_in_chinese(said):
    with speaking("zh"):
        found = next((re.sub(pattern, re.sub(r"\$(\d)", r"\\\1", ours), said) for pattern, ours in patterns() if re.search(pattern, said)), said)
    assert found == READ_OUT[said]
