"""The script that Streamlit runs: who is there, and which rooms are open to them."""

from __future__ import annotations

from urllib.parse import urlsplit

import streamlit as st

from components import reception
from components.actor import find_actor
from components.turns import pages
from db import once

name = urlsplit(st.context.url or "").path.strip("/")
with pages.turn(), once.drawing():
    actor = find_actor()
    if actor is None or name in reception.PUBLIC:
        reception.run(name)
    else:
        from components import shell

        shell.run(actor)
