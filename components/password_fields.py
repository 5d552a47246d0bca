"""The two fields in which a new password is typed."""

from __future__ import annotations

import streamlit as st

from db.actions.passwords import SHORTEST
from db.language import t


def agreed_password(key: str) -> tuple[str, str]:
    """The new password, typed twice."""
    first = st.text_input(t("New password"), type="password", key=f"{key}.new", autocomplete="new-password",
                          help=t("At least {n} characters; spaces and Chinese characters are fine.", n=SHORTEST))
    return first, st.text_input(t("The same once more"), type="password", key=f"{key}.again", autocomplete="new-password")
