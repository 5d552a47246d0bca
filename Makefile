# Commands for people. Without make:
#   python3 -m venv .venv && .venv/bin/pip install -r requirements.txt
#   .venv/bin/python -m db ready && .venv/bin/streamlit run app.py
#   .venv/bin/pip install -r requirements-dev.txt && .venv/bin/pytest
# After changing a model: .venv/bin/python -m db migration NAME (until the first release: migration first --again)

# The system's own Python first: distributions build theirs for speed, version managers often do not, and a quarter is lost
PYTHON ?= $(shell for p in /usr/bin/python3 python3.11 python3.12 python3.13 python3; do $$p -c "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))" 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
export REGULARS_HOST ?= 127.0.0.1
export REGULARS_PORT ?= 8501

.PHONY: run test suite lint torture attack bench seed screenshots

run: .venv/installed
	@$(BIN)/python -m db ready
	@$(BIN)/python app.py

# Lint and types beside the tests: mypy works on one core
test: .venv/installed-dev
	@$(MAKE) --no-print-directory -j 2 lint suite

suite: .venv/installed-dev
	$(BIN)/pytest -n auto

lint: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/mypy

# Faults on purpose, in their long form: killed processes, power cuts, failing disks, races, crowds; about an hour and a half
torture: .venv/installed-dev
	REGULARS_TEST_LONG=1 $(BIN)/pytest -s tests/torture

# A hostile client against the running product, generated steps of every role, payloads in a browser, raids on the sign-in: the better part of an hour
attack: .venv/installed-dev
	REGULARS_TEST_LONG=1 $(BIN)/pytest tests/attack

# How fast it is, in tables; a part of it, for example: make bench BENCH="--customers 1000 --database sqlite"
bench: .venv/installed-dev
	$(BIN)/python -m tests.bench $(BENCH)

# A sample company, for example: make seed SEED="--customers 2000 --years 3"
seed: .venv/installed
	$(BIN)/python -m seed $(SEED)

# The pictures in docs/screenshots, drawn anew from sample companies
screenshots: .venv/installed-dev
	$(BIN)/python -m tests.pictures

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Regulars needs Python 3.11 or newer with its venv module: please install it first (Debian: apt install python3-venv)."; exit 1; }
	$(PYTHON) -m venv .venv

.venv/installed: requirements.txt constraints.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/installed-dev: requirements-dev.txt requirements.txt constraints.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@ .venv/installed
