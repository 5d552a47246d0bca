"""Whether the app answers: here, and under the address that colleagues type."""

from __future__ import annotations

import os
import urllib.error
import urllib.request
from collections.abc import Iterator

from db.doctor.finding import Finding
from db.language import t

HEALTH, PATIENCE = "/_stcore/health", 5
_directly = urllib.request.build_opener(urllib.request.ProxyHandler({}))
"""A proxy for the way out would ask somewhere else."""
EVERYWHERE = {"", "0.0.0.0", "::"}  # noqa: S104


def look(_workspace: str) -> Iterator[Finding]:
    host, port = os.environ.get("REGULARS_HOST", ""), os.environ.get("REGULARS_PORT") or "8501"
    name = "127.0.0.1" if host in EVERYWHERE else host
    here = f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"
    if _complaint(here):
        yield Finding("notice", t("The app does not answer at {address}: it is not running, or it listens elsewhere. make run starts it.", address=here))
        return
    yield Finding("good", t("The app answers at {address}.", address=here))
    outside = os.environ.get("REGULARS_PUBLIC_URL", "").rstrip("/")
    complaint = _complaint(outside) if outside.startswith(("http://", "https://")) else None
    if complaint:
        yield Finding("bad", t("Colleagues cannot reach {url}: {reason}. Look at the web server in front, its certificate and the name.",
                               url=outside, reason=complaint))


def _complaint(address: str) -> str | None:
    """What is wrong with the answer, or None."""
    try:
        with _directly.open(address + HEALTH, timeout=PATIENCE) as answer:
            return None if answer.status == 200 else str(answer.status)
    except urllib.error.URLError as error:
        return str(error.reason)
    except OSError as error:
        return str(error)
