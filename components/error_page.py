"""What a person sees when something broke: a sentence and a reference, never a traceback."""

from __future__ import annotations

import logging
import secrets

import streamlit as st

from db.errors import CrmError
from db.language import t

log = logging.getLogger("regulars")


def show_error(error: Exception) -> bool:
    """Streamlit's handler of uncaught errors; the traceback stays in the server's log beside the reference."""
    if isinstance(error, CrmError):
        st.error(str(error), icon=":material/block:")
        return True
    reference = secrets.token_hex(3).upper()
    log.error("reference %s: %s", reference, type(error).__name__)
    st.error(t("Something went wrong. If it happens again, tell your administrator this reference: {reference}", reference=reference),
             icon=":material/error:")
    return True
