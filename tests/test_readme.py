"""The README's tables are true."""

from __future__ import annotations

import re
from pathlib import Path

from db.models.people import ROLES

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def sources() -> str:
    files = [path for folder in ("db", "components", "pages", "seed", "tests") for path in (ROOT / folder).rglob("*.py")]
    return "\n".join(path.read_text(encoding="utf-8") for path in [*files, ROOT / "app.py", ROOT / "Makefile", ROOT / ".ci" / "run"] if path.name != "test_readme.py")


def test_every_variable_that_the_code_reads_is_explained_and_none_that_it_does_not():
    listed = set(re.findall(r"^\| `(REGULARS_[A-Z_]+)`", README, re.MULTILINE))
    assert listed == set(re.findall(r"REGULARS_[A-Z_]+[A-Z]", sources()))


def test_every_required_library_has_its_reason():
    required = set(re.findall(r"^([a-z0-9-]+)(?=[=\[])", (ROOT / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE))
    table = README.split("## Why each library")[1]
    explained = {name.strip() for row in re.findall(r"^\| ([a-z][a-z0-9, -]+) \|", table, re.MULTILINE) for name in row.split(",")} - {"library"}
    assert explained == required


def test_every_role_is_in_the_table():
    table = README.split("## Roles")[1].split("##")[0]
    assert re.findall(r"^\| ([A-Z][a-z ]+) \|", table, re.MULTILINE) == list(ROLES.values())


def test_every_picture_is_there():
    for picture in re.findall(r"!\[[^]]*\]\(([^)]+)\)", README):
        assert (ROOT / picture).exists(), picture


def test_the_commands_of_the_table_exist():
    from db.commands import main

    named = set(re.findall(r"`(?:python -m db )?([a-z]+)[^`]*`", "".join(re.findall(r"^\| (`python -m db[^|]+)\|", README, re.MULTILINE))))
    assert named <= set(main.commands)
