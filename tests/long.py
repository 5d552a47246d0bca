"""Tests of reliability have a short form in `make test` and a long one behind their own command."""

from __future__ import annotations

import os


def long() -> bool:
    return os.environ.get("REGULARS_TEST_LONG") == "1"


def times(short: int, long_form: int) -> int:
    """How often to try, by the form that runs."""
    return long_form if long() else short
