"""A whole page for one noun: head with 'new', list, and the drawer to edit the row that was clicked."""

from __future__ import annotations

from typing import Any

import streamlit as st

from components import quick_add
from components.record_list import record_list
from db.language import t
from db.models import NOUNS
from db.policy import Actor, may


def new_button(actor: Actor, noun: str, primary: bool = True) -> None:
    if may(actor, "create", noun) and st.button(
        t("New {noun}", noun=_inside(t(NOUNS[noun].words[0]))), type="primary" if primary else "secondary", icon=":material/add:", key=f"new_{noun}"
    ):
        quick_add.open_("record", noun=noun)


def _inside(word: str) -> str:
    """The noun as it stands inside a sentence."""
    return word[:1].lower() + word[1:]


def record_table(actor: Actor, noun: str, **options: Any) -> None:
    """The list; a click opens the record in the drawer for those who may edit."""
    opened: list[int] = []
    record_list(actor, noun, open_=opened.append if may(actor, "update", noun) else None, **options)
    if opened:
        quick_add.open_("record", noun=noun, id=opened[0])
