"""The door: `streamlit run app.py`, or `python app.py`."""

from __future__ import annotations

import gc
from pathlib import Path

gc.disable()  # until everything is loaded (`start_up.prepare`): looking at what is new again and again took a sixth of the start

# ruff: noqa: E402
import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from components.error_page import show_error
from components.start_up import lifespan
from components.web import answer_pages, lead_pages, print_pages, reach
from components.web.api import routes as api
from components.web.gate import Gate
from components.web.session_routes import ROUTES

app = st.App(
    Path(__file__).parent / "components" / "entrance.py",
    lifespan=lifespan,
    middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=reach.allowed_hosts(), www_redirect=False), Middleware(Gate)],
    routes=[*api.ROUTES, *lead_pages.ROUTES, *answer_pages.ROUTES, *ROUTES, *print_pages.ROUTES],
    on_script_error=show_error,
)

if __name__ == "__main__":
    app.run(config=reach.server_options())
