from __future__ import annotations

import base64
import hashlib
import json
import re

import pytest

from components.web import translate
from components.web.reach import allowed_hosts


def test_the_page_is_ours_by_name_icon_and_language_and_names_no_other_product():
    for language, tag in (("en", "en"), ("zh", "zh-CN")):
        page = translate.page(language)
        assert f'<html lang="{tag}"' in page
        assert "<title>Regulars</title>" in page
        assert f'src="./words/{language}.js"' in page
        assert "app/static/favicon.png" in page
        assert not re.search("streamlit|agent|preload\"[^>]*font", re.sub(r"static/\S+", "", page), re.IGNORECASE)


def test_our_script_runs_before_streamlit_s():
    page = translate.page("en")
    assert page.index("words/en.js") < page.index('type="module"')


def test_every_inline_script_of_the_page_is_named_in_the_policy():
    hashes = translate.inline_script_hashes()
    for script in re.findall(r"<script>(.*?)</script>", translate.page("en"), re.DOTALL):
        assert f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" in hashes


def test_english_needs_no_dictionary_and_chinese_has_one():
    def words(language):
        return json.loads(re.match(r"const WORDS = (.*);\n", translate.words_script(language)).group(1))

    assert words("en") == {}
    assert {"Choose an option", "No results", "Page not found", "Connection error", "Sort ascending"} <= words("zh")["exact"].keys()
    for pattern, _ in words("zh")["patterns"]:
        re.compile(pattern)


@pytest.mark.parametrize(("host", "public", "allowed"), [
    ("", "", {"localhost", "127.0.0.1"}), ("0.0.0.0", "", {"*"}), ("0.0.0.0", "https://crm.example.com/", {"crm.example.com", "localhost"}),
])
def test_only_known_host_names_are_answered(monkeypatch, host, public, allowed):
    monkeypatch.setenv("REGULARS_HOST", host)
    monkeypatch.setenv("REGULARS_PUBLIC_URL", public)
    assert allowed <= set(allowed_hosts())
    assert "evil.example" not in allowed_hosts()
