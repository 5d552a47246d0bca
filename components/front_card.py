"""The card in the middle of the screens that a stranger sees."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path
from urllib.parse import quote

import streamlit as st

from components import door
from db.language import LANGUAGES, current, t

MARK = ('<div class="front-mark"><img src="app/static/mark.svg" alt="" width="44" height="44">'
        '<div><b>Regulars</b> <span lang="zh">回头客</span></div></div>')
SHEET = (Path(__file__).parent / "static" / "front.css").read_text(encoding="utf-8")


@contextmanager
def front_card(key: str) -> Iterator[None]:
    """Product mark, the card's content, and the choice of language below."""
    st.html(f"<style>{SHEET}</style>")
    with st.container(key="front"):
        st.html(f'{MARK}<p class="front-line">{escape(t("For the customers who come back."))}</p>')
        with st.container(key=key, border=True):
            yield
        st.html(f'<nav class="front-languages">{" · ".join(_language(code, name) for code, name in LANGUAGES.items())}</nav>')


def _language(code: str, name: str) -> str:
    if code == current():
        return f'<b lang="{code}">{name}</b>'
    return f'<a lang="{code}" target="_self" href="/session/language/{code}?next={quote(door.here(), safe="")}">{name}</a>'
