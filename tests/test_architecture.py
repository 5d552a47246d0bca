"""The house keeps its shape: which room may open which door, and how big a room may grow."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

TOP_LEVEL = {
    ".ci", ".gitignore", ".streamlit", "CHANGELOG.md", "LICENSE", "Makefile", "README.md", "app.py", "components", "constraints.txt", "db", "docs", "pages",
    "pyproject.toml", "requirements-dev.txt", "requirements.txt", "seed", "tests",
}

MAY_NOT_IMPORT = {
    "db": {"streamlit", "starlette", "altair", "components", "pages", "seed", "app"},
    "components": {"sqlalchemy", "pages", "seed", "app"},
    "components/web": {"streamlit", "sqlalchemy", "pages", "seed", "app"},
    "pages": {"sqlalchemy", "altair", "seed", "pages", "app"},
    "seed": {"streamlit", "components", "pages", "app"},
}

CELLAR = [
    {"locales"}, {"language"}, {"errors", "types", "clock", "once", "address", "batches", "pinyin"}, {"fields", "matching"}, {"base"}, {"models"}, {"policy"}, {"session", "insertion"}, {"journal"}, {"dialect"}, {"derived", "match_keys", "invariants", "reads", "standing"}, {"concerns"},
    {"writer_queue", "mail"}, {"engine"}, {"choices", "masking", "validation", "defaults", "short_codes"}, {"records"}, {"history", "undo", "completion", "bulk", "erasure"}, {"migrations"}, {"backup"}, {"startup", "check"},
    {"actions", "queries", "transfer", "doctor"}, {"jobs"}, {"commands", "locales"}, {"__main__"},
]
"""The parts of `db`, from the ground up: each may use those before it and its neighbours, never those after it."""

CLOSED_DOORS = {
    "text": ("db/engine.py", "db/journal.py", "db/dialect.py", "db/derived.py", "db/transfer", "db/migrations", "db/base.py", "db/models", "db/backup", "db/check.py", "db/erasure"),
    "__table__": ("db/engine.py", "db/bulk.py", "db/insertion.py", "db/journal.py", "db/dialect.py", "db/derived.py", "db/transfer", "db/migrations"),
    "create_engine": ("db/engine.py", "db/migrations"),
    "UNGUARDED": ("db/session.py", "db/journal.py", "db/derived.py", "db/match_keys.py", "db/check.py", "db/backup", "db/history.py", "db/undo.py", "db/records.py", "db/short_codes.py", "db/completion.py", "db/concerns.py",
                  "db/transfer", "db/erasure", "db/queries/duplicates.py"),
    "read_sql": (), "to_sql": (), "read_sql_query": (), "unsafe_allow_html": ("components/style.py",),
}
"""Ways past the row filter, the journal or the page's safety, and the only files that may go there."""

OTHER_MACHINES = re.compile(r"/work/|/root/|/home/[a-z]|[A-Z]:\\\\Users|file://|--(?:extra-)?index-url|--find-links|--trusted-host|[a-z0-9-]+\.(?:internal|corp)\b")


@cache
def files() -> tuple[Path, ...]:
    """The files of the project, as far as git keeps or would keep them."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    names = [name for name in listed.stdout.split("\0") if name] if listed.returncode == 0 else _walked()
    return tuple(sorted(path for name in names if (path := Path(name)) and (ROOT / path).is_file()))


def _walked() -> list[str]:
    ignored = {".git", ".venv", "data", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis"}
    return [str(path.relative_to(ROOT)) for path in ROOT.rglob("*") if path.is_file() and not ignored & set(path.relative_to(ROOT).parts)]


def python_files(folder: str = "") -> list[Path]:
    return [path for path in files() if path.suffix == ".py" and path.as_posix().startswith(folder)]


def product_files() -> list[Path]:
    return [path for path in python_files() if path.parts[0] != "tests"]


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))))


@cache
def imported(path: Path) -> tuple[str, ...]:
    """The dotted names of everything that a file imports, wherever it does, but for type checkers alone."""
    return tuple(_imported(path))


def _imported(path: Path) -> Iterator[str]:
    skipped = {inner for node in nodes(path) if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING" for inner in node.body}
    for node in nodes(path):
        if node in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            yield from (f"{module}.{alias.name}" for alias in node.names)


def lines(path: Path) -> int:
    return len((ROOT / path).read_text(encoding="utf-8").splitlines())


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in nodes(path) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


@cache
def names_used(path: Path) -> set[str]:
    """Names, attributes, keywords and imported names of a file."""
    found: set[str] = set()
    for node in nodes(path):
        found |= {getattr(node, part) for part in ("id", "attr", "arg") if isinstance(getattr(node, part, None), str)}
        if isinstance(node, ast.ImportFrom):
            found |= {alias.name for alias in node.names}
    return found


@pytest.mark.parametrize("folder", MAY_NOT_IMPORT)
def test_each_floor_imports_only_what_lies_below_it(folder):
    closed = MAY_NOT_IMPORT[folder]
    wrong = [f"{path} imports {name}" for path in python_files(f"{folder}/") for name in imported(path) if name.split(".")[0] in closed]
    assert wrong == []


def test_only_the_sign_in_form_knows_streamlit_authenticator():
    wrong = [str(path) for path in product_files() if any(name.startswith("streamlit_authenticator") for name in imported(path))]
    assert set(wrong) <= {"components/sign_in.py", "db/actions/passwords.py"}


def part_of(name: str) -> str:
    return name.split(".")[1]


def test_inside_the_cellar_every_part_stands_on_those_below():
    rank = {part: number for number, parts in enumerate(CELLAR) for part in parts}
    wrong = []
    for path in python_files("db/"):
        mine = Path(path.parts[1]).stem
        if path.name == "__init__.py" and len(path.parts) == 2:
            continue
        assert mine in rank, f"{path}: give it a place in CELLAR"
        wrong += [f"{path} imports {name}" for name in imported(path) if name.startswith("db.") and rank.get(part_of(name), -1) > rank[mine]]
    assert wrong == []


@pytest.mark.parametrize("word", CLOSED_DOORS)
def test_the_ways_past_filter_and_journal_are_used_in_few_places(word):
    allowed = CLOSED_DOORS[word]
    users = [path.as_posix() for path in product_files() if (word in names_used(path) if word != "text" else "sqlalchemy.text" in set(imported(path)))]
    assert [path for path in users if not path.startswith(allowed)] == []


def test_no_component_hides_a_module_of_python_or_of_a_package():
    taken = set(sys.stdlib_module_names) | set(packages_distributions()) - {"components", "tests"}
    ours = {path.parts[1].removesuffix(".py") for path in python_files("components/")} - {"__init__"}
    assert ours & taken == set()


@pytest.mark.parametrize("path", python_files("pages/"), ids=str)
def test_a_page_is_short_and_swallows_no_error(path):
    assert lines(path) <= 40
    caught = [node.type for node in nodes(path) if isinstance(node, ast.ExceptHandler)]
    assert not any(kind is None or (isinstance(kind, ast.Name) and kind.id in {"Exception", "BaseException"}) for kind in caught)


def test_no_file_is_longer_than_three_hundred_lines():
    assert {str(path): lines(path) for path in product_files() if lines(path) > 300 and "versions" not in path.parts} == {}


def test_no_function_is_longer_than_forty_lines():
    long = {f"{path}:{found.name}": found.end_lineno - found.lineno + 1 for path in product_files() for found in functions(path) if found.end_lineno
            and "versions" not in path.parts}
    assert {name: length for name, length in long.items() if length > 40} == {}


def test_no_module_is_a_drawer_for_everything():
    assert [str(path) for path in product_files() if re.fullmatch(r"(utils?|helpers?|misc|common|manager|.*\d)", path.stem)] == []


def test_the_top_level_holds_only_what_the_design_names():
    assert {path.parts[0] for path in files()} <= TOP_LEVEL


def test_no_file_knows_somebody_s_machine():
    wrong = []
    for path in files():
        if not (ROOT / path).is_file() or path == Path("tests/test_architecture.py") or path.suffix in {".png", ".woff2", ".gz", ".ico"}:
            continue
        content = (ROOT / path).read_text(encoding="utf-8", errors="replace")
        wrong += [f"{path}: {found.group()}" for found in OTHER_MACHINES.finditer(content)]
    assert wrong == []


def pins(name: str) -> dict[str, str]:
    found = (re.match(r"([A-Za-z0-9._-]+)(?:\[[a-z,]+\])?==([^;\s]+)", line) for line in (ROOT / name).read_text(encoding="utf-8").splitlines())
    return {re.sub(r"[-_.]+", "-", match[1]).lower(): match[2] for match in found if match}


def test_every_requirement_is_pinned_and_the_constraints_hold_all_of_them():
    constraints = pins("constraints.txt")
    for name in ("requirements.txt", "requirements-dev.txt"):
        wanted = [line for line in (ROOT / name).read_text(encoding="utf-8").splitlines() if line and not line.startswith(("-", "#"))]
        assert len(pins(name)) == len(wanted), f"{name} has lines without =="
        assert pins(name).items() <= constraints.items()


def test_changes_are_numbered_without_a_gap():
    numbers = sorted(int(path.name[:4]) for path in python_files("db/migrations/versions/"))
    assert numbers
    assert numbers[0] == 1
    assert all(second == first + 1 for first, second in pairwise(numbers))
