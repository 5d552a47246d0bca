"""Streamlit's own page in our words: language, title, icon, and a script for the strings that Streamlit keeps in English."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from components.web.streamlit_words import exact_words, patterns
from db.language import speaking, t

SCRIPT = Path(__file__).parent / "static" / "words.js"
INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
FOREIGN = (r"<!--.*?-->", r"<link rel=\"service-desc\".*?/>", r"<link\s+rel=\"preload\".*?/>", r"<link rel=\"shortcut icon\".*?/>")
"""What Streamlit's page says of itself: a licence, a description of its API, a font and an icon that we do not use."""
HTML_LANGUAGES = {"en": "en", "zh": "zh-CN"}


@cache
def streamlit_page() -> str:
    found = find_spec("streamlit")
    assert found is not None
    assert found.submodule_search_locations
    return (Path(found.submodule_search_locations[0]) / "static" / "index.html").read_text(encoding="utf-8")


@cache
def inline_script_hashes() -> tuple[str, ...]:
    """How the content security policy names the scripts that stand inside Streamlit's page."""
    return tuple(f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" for script in INLINE_SCRIPT.findall(streamlit_page()))


@cache
def page(language: str) -> str:
    """The page that carries every screen, in one of our languages."""
    text = streamlit_page()
    for part in FOREIGN:
        text = re.sub(part, "", text, flags=re.DOTALL)
    with speaking(language):
        text = re.sub(r"(?s)(<noscript>).*?(</noscript>)", rf"\1{t('Regulars needs JavaScript. Please switch it on in your browser.')}\2", text)
    head = ('<link rel="icon" type="image/png" href="./app/static/favicon.png" />\n'
            f'    <script src="./words/{language}.js" defer></script>')
    text = text.replace('<html lang="en">', f'<html lang="{HTML_LANGUAGES[language]}" translate="no">')
    return text.replace("<title>Streamlit</title>", f"<title>Regulars</title>\n    {head}")


@cache
def words_script(language: str) -> str:
    """The script with its dictionary; in English there is nothing to translate."""
    with speaking(language):
        words = {} if language == "en" else {"exact": exact_words(), "patterns": patterns()}
    return f"const WORDS = {json.dumps(words, ensure_ascii=False)};\n{SCRIPT.read_text(encoding='utf-8')}"
