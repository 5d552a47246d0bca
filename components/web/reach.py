"""Where the product can be reached from, and what follows for host names and cookies."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from starlette.types import Scope

LOOPBACK = ["localhost", "127.0.0.1", "[::1]", "::1"]
COOKIE = "regulars"
DEVICE_COOKIE = "regulars_device"
LANGUAGE_COOKIE = "regulars_language"


def host() -> str:
    """REGULARS_HOST: the address to listen on; only this machine unless it is set."""
    return os.environ.get("REGULARS_HOST") or "127.0.0.1"


def public_url() -> str:
    """REGULARS_PUBLIC_URL: the address that colleagues type; empty when there is none."""
    return (os.environ.get("REGULARS_PUBLIC_URL") or "").rstrip("/")


def local_name(address: str) -> str:
    """The name under which this machine reaches a server that listens on the address."""
    return "localhost" if address in {"", "0.0.0.0", "::"} else address  # noqa: S104


def allowed_hosts() -> list[str]:
    """The host names that requests may carry; any, when the server was opened without saying under which name."""
    name = urlsplit(public_url()).hostname
    if name:
        return [name, *LOOPBACK]
    return LOOPBACK if host() in {*LOOPBACK, ""} else ["*"]


def server_options() -> dict[str, str | int]:
    """Where to listen. A server that is told its own name does not ask the internet for it."""
    name = urlsplit(public_url()).hostname or local_name(host())
    return {"server.address": host(), "server.port": int(os.environ.get("REGULARS_PORT") or 8501), "browser.serverAddress": name}


def is_secure(scope: Scope) -> bool:
    return scope.get("scheme") in {"https", "wss"}


def cookie_name(secure: bool) -> str:
    """The session cookie; on https the browser itself then refuses to take it from anywhere else."""
    return f"__Host-{COOKIE}" if secure else COOKIE
