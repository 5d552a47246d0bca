"""Where colleagues open the product in a browser."""

from __future__ import annotations

import os


def home() -> str:
    """REGULARS_PUBLIC_URL, or this machine; without a slash at its end."""
    return (os.environ.get("REGULARS_PUBLIC_URL") or f"http://localhost:{os.environ.get('REGULARS_PORT') or 8501}").rstrip("/")
