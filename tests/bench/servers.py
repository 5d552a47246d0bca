"""The running programs that are measured: the product, and the floor beside it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from tests.browser import ROOT, Server

TICK = os.sysconf("SC_CLK_TCK")


class Floor(Server):
    """Streamlit with constant data, tuned by the product's config.toml or as shipped."""

    def __init__(self, folder: Path, tuned: bool) -> None:
        super().__init__("", folder, str(ROOT / "tests" / "bench" / "floor" / "app.py"), STREAMLIT_BROWSER_GATHER_USAGE_STATS="false")
        self.home = folder / ("tuned" if tuned else "shipped")
        (self.home / ".streamlit").mkdir(parents=True)
        if tuned:
            shutil.copyfile(ROOT / ".streamlit" / "config.toml", self.home / ".streamlit" / "config.toml")


def cpu_seconds(server: Server) -> float:
    """What the server's process has used so far, on all cores."""
    fields = _proc(server, "stat").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def memory(server: Server, name: str = "VmHWM") -> float:
    """VmHWM (the most there was) or VmRSS (what there is), in MB."""
    return next(int(line.split()[1]) for line in _proc(server, "status").splitlines() if line.startswith(name)) / 1024


def _proc(server: Server, name: str) -> str:
    assert server.process is not None
    return Path(f"/proc/{server.process.pid}/{name}").read_text()
