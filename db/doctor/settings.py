"""Whether Streamlit is set as the product's safety and speed need it."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator
from typing import Any

from db.doctor.finding import Finding
from db.engine import ROOT
from db.language import t

CONFIG = ROOT / ".streamlit" / "config.toml"
NEEDED: dict[str, Any] = {
    "client.showErrorDetails": "none", "client.toolbarMode": "minimal", "client.disableDataExport": True, "client.allowedOrigins": [],
    "server.enableAgentApi": False, "server.trustedUserHeaders": {"x-regulars-sid": "sid"}, "server.fileWatcherType": "none",
    "server.enableXsrfProtection": True, "server.enableCORS": True, "browser.gatherUsageStats": False, "runner.magicEnabled": False,
    "runner.postScriptGC": False,
}
AS_SHIPPED = {"server.enableXsrfProtection": True, "server.enableCORS": True}
"""What is safe unless somebody changed it."""


def look(_workspace: str) -> Iterator[Finding]:
    if not CONFIG.is_file():
        yield Finding("bad", t("The file {file} is missing: take it from the program's own copy, safety depends on it.", file=CONFIG))
        return
    written = tomllib.loads(CONFIG.read_text(encoding="utf-8"))
    wrong = [name for name, value in NEEDED.items() if _set(written, name) != value]
    overruled = sorted(variable for variable in os.environ if variable in {_variable(name) for name in NEEDED})
    for name in wrong:
        yield Finding("bad", t("The setting {name} in {file} is not the product's own: set it to {value}.", name=name, file=CONFIG, value=NEEDED[name]))
    for variable in overruled:
        yield Finding("bad", t("The environment variable {name} overrules a setting that safety depends on: remove it.", name=variable))
    if not wrong and not overruled:
        yield Finding("good", t("Streamlit is set as the product needs it."))


def _set(written: dict[str, Any], name: str) -> Any:
    section, key = name.split(".")
    return written.get(section, {}).get(key, AS_SHIPPED.get(name))


def _variable(name: str) -> str:
    """The environment variable that Streamlit reads for a setting."""
    return "STREAMLIT_" + re.sub(r"([a-z])([A-Z])", r"\1_\2", name).replace(".", "_").upper()
