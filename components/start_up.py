"""What the server does once, before the first visitor."""

from __future__ import annotations

import gc
import importlib
import logging
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio.to_thread
from streamlit import config

from components.web.reach import local_name, public_url
from db import jobs, startup
from db.actions import passwords, setup
from db.errors import Unavailable
from db.language import t

HEAVY = ("pandas", "pyarrow", "altair", "sqlalchemy", "babel.numbers", "streamlit_authenticator", "components.shell", "components.reception")
"""Loaded now rather than while the first visitor waits."""


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[dict[str, Any]]:
    await anyio.to_thread.run_sync(prepare)
    stop = jobs.start()
    yield {}
    stop.set()


def prepare() -> None:
    """Check the ground, load what every page needs, greet. Ends the process with a plain sentence when it cannot work."""
    try:
        startup.prepare()
    except Unavailable as unavailable:
        print(f"\n  Regulars: {unavailable}\n", file=sys.stderr, flush=True)
        os._exit(1)  # an exception would bury the sentence under the server's traceback
    load()
    passwords.dummy_hash()
    greet()
    gc.collect()
    gc.freeze()  # Streamlit collects after every run; what is here now stays anyway
    gc.enable()


def load() -> None:
    """The sign-in library draws while it is imported, and Streamlit complains that nobody is looking."""
    complaints = logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context")
    level = complaints.level
    complaints.setLevel(logging.ERROR)
    for module in HEAVY:
        importlib.import_module(module)
    complaints.setLevel(level)


def greet() -> None:
    address = public_url() or f"http://{local_name(config.get_option('server.address') or '')}:{config.get_option('server.port')}"
    print("\n  Regulars 回头客\n  " + t("Open {address}", address=address))
    if setup.needs_setup():
        print("  " + t("Set-up code: {code} (good for 30 minutes)", code=setup.new_code()))
    print(flush=True)
