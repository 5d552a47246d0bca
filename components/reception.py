"""What a stranger gets: the sign-in form on every address, set-up on the first run, and the public screens."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import streamlit as st

from components import first_run, reset_password, sign_in
from db.actions import setup
from db.language import t

FAVICON = Path(__file__).parent / "static" / "favicon.png"
PUBLIC: dict[str, Callable[[], None]] = {"reset": reset_password.draw}
"""Screens that need no sign-in, by their address."""
PAGE = re.compile(r"[a-z0-9_-]+")


def run(name: str) -> None:
    """Register the screen under the address that was asked for, so that a deep link survives the sign-in."""
    draw, title = _screen(name)
    pages = [st.Page(draw, title=title, default=True)]
    if PAGE.fullmatch(name):
        pages.append(st.Page(draw, title=title, url_path=name))
    chosen = st.navigation(pages, position="hidden")
    st.set_page_config(page_title=f"{title} · Regulars", page_icon=str(FAVICON), layout="centered")
    chosen.run()


def _screen(name: str) -> tuple[Callable[[], None], str]:
    if name in PUBLIC:
        return PUBLIC[name], t("Choose a password")
    if setup.needs_setup():
        return first_run.draw, t("Set up Regulars")
    return sign_in.draw, t("Sign in")
