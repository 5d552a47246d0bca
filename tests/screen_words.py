"""Every word that a screen draws: labels, texts, headings, options, chart titles and tips."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from google.protobuf.message import Message
from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block, Dataframe, Table

NOT_SHOWN = {"id", "key", "icon", "image", "url", "form_id", "page_script_hash", "query_param_key", "query_params", "query_string", "columns", "spec", "color", "shortcut", "type", "user_key",
             "script_name", "format", "data_type", "arrow_data", "vega_lite_chart", "element_id", "alignment", "imgs", "mime", "persist_state", "js", "css", "src", "options_json",
             "language", "name", "accept", "autocomplete", "placement", "page", "tooltip_position", "gap", "file_name", "default_type"}
"""Parts of Streamlit's messages that are no words for people."""
SPOKEN_IN_CHARTS = {"title", "text", "alt"}
STRUCTURE = re.compile(r"<style>.*?</style>|<svg.*?</svg>|<[^>]+>|:material/\w+:|:[a-z]+(?:-[a-z]+)?\[|\]\([^)]*\)|https?://\S+", re.S)


def drawn(screen: AppTest) -> set[str]:
    """All texts of the side bar and the page, markup removed."""
    return {text for node in _nodes(screen._tree) for raw in _texts(node) if (text := STRUCTURE.sub(" ", raw).strip())}


def bytes_of(screen: AppTest) -> int:
    """How many bytes everything on the screen is for the browser."""
    return sum(node.proto.ByteSize() for node in _nodes(screen._tree) if isinstance(getattr(node, "proto", None), Message))


def _nodes(node: Any) -> Iterator[Any]:
    if "-kept_" in str(getattr(getattr(node, "proto", None), "id", "")):  # what the browser keeps is not shown
        return
    yield node
    for child in getattr(node, "children", {}).values():
        yield from _nodes(child)


def _texts(node: Any) -> Iterator[str]:
    if isinstance(getattr(node, "proto", None), Message):
        yield from _strings(node.proto)
    if isinstance(node, Dataframe | Table):
        yield from _table(node)
    if node.type == "vega_lite_chart":
        yield from _chart(node.proto)
    if isinstance(node, Block) and node.type == "tab":
        yield str(node.label)


def _strings(message: Message) -> Iterator[str]:
    for field, value in message.ListFields():
        if field.name in NOT_SHOWN:
            continue
        values = value if field.is_repeated else [value]
        if field.message_type is not None and field.message_type.GetOptions().map_entry:
            continue
        for one in values:
            if isinstance(one, str):
                yield one
            elif isinstance(one, Message):
                yield from _strings(one)


def _table(node: Any) -> Iterator[str]:
    """Headings, and the words in the cells of the columns that are shown."""
    settings = json.loads(node.proto.columns) if getattr(node.proto, "columns", "") else {}
    frame = node.value
    for name in frame.columns:
        setting = settings.get(str(name)) or {}
        if not setting.get("hidden"):
            yield str(setting.get("label") or name)
            yield from (value for value in frame[name] if isinstance(value, str) and not value.startswith(("http", "data:")))
    for name, setting in settings.items():
        yield from (str((setting or {}).get(part) or "") for part in ("help", "label"))
        yield from (str(option) for option in ((setting or {}).get("type_config") or {}).get("options") or [] if isinstance(option, str) and name)
    if node.type == "table":
        yield from (str(label) for label in frame.index if isinstance(label, str))


def _chart(proto: Any) -> Iterator[str]:
    spec = json.loads(proto.spec)
    encoded = set(_shown_fields(spec))
    yield from _spoken(spec)
    for dataset in [*proto.datasets, *([proto] if proto.HasField("data") else [])]:
        frame = convert_arrow_bytes_to_pandas_df(dataset.data.data)
        yield from (value for name in frame.columns if name in encoded for value in frame[name] if isinstance(value, str))


def _shown_fields(spec: Any) -> Iterator[str]:
    if isinstance(spec, dict):
        if isinstance(spec.get("field"), str):
            yield spec["field"]
        for value in spec.values():
            yield from _shown_fields(value)
    elif isinstance(spec, list):
        for value in spec:
            yield from _shown_fields(value)


def _spoken(spec: Any, key: str = "") -> Iterator[str]:
    """Titles and tips; a tip without a title would show the column's name."""
    if isinstance(spec, str) and key in SPOKEN_IN_CHARTS:
        yield spec
    elif isinstance(spec, dict):
        for tip in [found for found in _listed(spec.get("tooltip")) if isinstance(found, dict) and "field" in found and "title" not in found]:
            yield str(tip["field"])
        for name, value in spec.items():
            yield from _spoken(value, name)
    elif isinstance(spec, list):
        for value in spec:
            yield from _spoken(value, key)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
