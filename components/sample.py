"""Opening the sample company from the screen."""

from __future__ import annotations

import subprocess
import sys

from db.engine import ROOT
from db.errors import Unavailable
from db.language import current
from db.policy import Actor, require


def open_sample(actor: Actor, customers: int = 300) -> None:
    """Fill this workspace in a process of its own: the sample is a command, not a part of the screens."""
    require(actor, "update", "organisation")
    command = [sys.executable, "-m", "seed", "--customers", str(customers), "--years", "3", "--managers", "6", "--language", current()]
    finished = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)  # noqa: S603
    if finished.returncode:
        raise Unavailable("The sample company could not be opened: {reason}", reason=(finished.stderr.strip().splitlines() or [""])[-1])
