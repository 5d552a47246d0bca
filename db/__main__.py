"""The command line: python -m db ..."""

from __future__ import annotations

from db.commands import main

if __name__ == "__main__":
    main(prog_name="python -m db")
