"""The words that stand in source files: arguments of the functions that speak, and tables of words."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

Words = tuple[str, ...]

SPOKEN = {"t": (0,), "tn": (0, 1), "Message": (0,), "Refused": (0,), "because": (0,), "Unavailable": (0,), "problem": (0, 1), "words": (0,), "Room": (1, 3),
          "Lever": (1,), "Effect": (0,), "Move": (3,)}
"""Function -> which of its arguments are words; of `tn` they are one message, the singular and the plural."""
NAMED = {"VERBS", "OLD_SQLITE", "REASON", "CUSTOMER_NAME", "CONTENTS", "PART_CONTENTS", "LEFT_ROWS", "ROW_HEADINGS", "LINK_HEADINGS"}
"""Constants that are spoken where they are used: a text, or a dictionary from codes to words."""


IN_TEMPLATE = re.compile(r'\bt\("([^"]+)"')


def words_of_template(source: str) -> set[Words]:
    """The words of a light page: what its template passes to `t`."""
    return {(text,) for text in IN_TEMPLATE.findall(source)}


def words_of(source: str) -> set[Words]:
    tree = ast.parse(source)
    constants = dict(_constants(tree))
    found: set[Words] = {(text,) for name, texts in constants.items() if name in NAMED for text in texts}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (name := _name(node.func)) in SPOKEN:
            said = [list(_texts(node.args[place], constants)) for place in SPOKEN[name] if place < len(node.args)]
            found |= set(zip(*said, strict=True)) if name == "tn" else {(text,) for texts in said for text in texts}
    return {words for words in found if words[0]}


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""


def _constants(tree: ast.Module) -> Iterator[tuple[str, list[str]]]:
    """The module's named texts and tables of texts."""
    for node in tree.body:
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target if isinstance(node, ast.AnnAssign) else None
        if isinstance(target, ast.Name) and isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            yield target.id, list(_texts(node.value, {}))


def _texts(node: ast.expr, constants: dict[str, list[str]]) -> Iterator[str]:
    """Every text that an expression may become."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body, constants)
        yield from _texts(node.orelse, constants)
    elif isinstance(node, ast.Dict):
        for value in node.values:
            yield from _texts(value, constants)
    elif isinstance(node, ast.Subscript):
        yield from _texts(node.value, constants)
    elif isinstance(node, ast.Name):
        yield from constants.get(node.id, [])
