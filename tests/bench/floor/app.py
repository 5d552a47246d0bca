"""The floor: what Streamlit itself costs. Tuned as the product is where the product's config.toml lies beside it, else as shipped."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import altair as alt  # noqa: F401  loaded before the first visit, as the product does
import pandas as pd  # noqa: F401
import streamlit as st
from streamlit import config


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[dict[str, Any]]:
    if not config.get_option("runner.postScriptGC"):
        gc.collect()
        gc.freeze()
    yield {}


app = st.App(Path(__file__).with_name("page.py"), lifespan=lifespan)
