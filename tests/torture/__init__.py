"""Faults made on purpose: a short form of each in `make test`, the long ones by `make torture`."""

from __future__ import annotations

import pytest

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize("database", ["postgresql"], indirect=True)
