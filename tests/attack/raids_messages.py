"""Raids with messages that no page of ours would send: other kinds, values that no widget allows, buttons that were never drawn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from google.protobuf.message import Message
from sqlalchemy import func, select
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from db.engine import reading
from db.models import Change
from db.policy import SYSTEM
from tests.attack.doors import address, closed_to, page_hash, trespasses
from tests.attack.marked_company import ONE_OF_EACH
from tests.attack.siege import STRANGER, UNEXPECTED, Siege, bytes_of, heard
from tests.pages.test_doors import EVERYWHERE
from tests.tab import Tab

KINDS = ("clear_cache", "set_run_on_save", "load_git_info", "debug_disconnect_websocket", "debug_shutdown_runtime")
OPERATIONS = ("install_skills", "dismiss_skills_nudge", "deferred_file", "dataframe_chunk")
REPLIES = {"git_info_changed", "script_compile_exception", "page_not_found"}
SMUGGLED = "\0\u202e=cmd|' /C calc'!A0 {{7*7}} " + "W" * 6000
WRONG_VALUES: dict[str, dict[str, Any]] = {
    "selectbox": {"string_value": "no option"}, "radio": {"string_value": "no option"}, "multiselect": {"string_array_value": {"data": ["no option", "", "\0"]}},
    "button_group": {"string_array_value": {"data": ["no option"]}}, "number_input": {"double_value": float("nan")}, "slider": {"double_array_value": {"data": [1e308]}},
    "date_input": {"string_array_value": {"data": ["0001-01-01", "9999-99-99"]}}, "time_input": {"string_value": "99:99"}, "text_input": {"string_value": SMUGGLED},
    "text_area": {"string_value": SMUGGLED}, "checkbox": {"int_value": 7}, "pagination": {"int_value": 10**9}, "menu_button": {"string_trigger_value": {"data": "no option"}},
    "dataframe": {"string_value": '{"selection": {"rows": [99999, -1], "columns": ["x"], "cells": [[99999, "name"]]}}'},
    "vega_lite_chart": {"string_value": '{"selection": {"pick": [{"owner_id": 1}]}}'},
}
"""By the kind of element: what its widget would never send."""


def by_other_kinds(siege: Siege) -> None:
    """Messages for developers and for others' pages: nothing answers, nothing changes, the house goes on."""
    for who in siege.everybody:
        for number, message in enumerate(_messages()):
            with siege.tab(who) as tab:
                tab.open()
                tab.send(message)
                data, _ = heard(tab)
                kinds = {str(one.WhichOneof("type")) for one in tab.last.messages}
                siege.judge("message kind", who, f"{message.WhichOneof('type')} {number}", data, [f"is answered {kind}" for kind in kinds & REPLIES])
    siege.judge("message kind", STRANGER, "health afterwards", b"", [] if siege.server.is_well() else ["the server is down"])


def _messages() -> Iterator[BackMsg]:
    for kind in KINDS:
        yield BackMsg(**{kind: True})
    for operation in OPERATIONS:
        message = BackMsg()
        message.backend_operation_request.request_id = "1"
        getattr(message.backend_operation_request, operation).SetInParent()
        yield message


def by_wrong_values(siege: Siege) -> None:
    """Every widget of every page, given what it does not allow, disabled ones too."""
    for who in filter(ONE_OF_EACH.__contains__, siege.people):
        with siege.tab(who) as tab:
            for key in sorted(EVERYWHERE - closed_to(who)):
                tab.open(address(key), f"id={siege.company.customers['amy']}")
                states, errors = list(_tampered(tab)), siege.server.log.count(UNEXPECTED)
                tab.typed = {}
                data, alive = heard(tab, *states)
                broken = [f"an error that nobody expected on {key}"] if siege.server.log.count(UNEXPECTED) > errors else []
                siege.judge("tampered widget", who, f"{len(states)} on {key}", data, [*broken, *trespasses(tab, who), *([] if alive else ["was thrown out"])])


def _tampered(tab: Tab) -> Iterator[WidgetState]:
    for element in tab.elements.values():
        kind = str(element.WhichOneof("type"))
        widget: Message = getattr(element, kind)
        if kind in WRONG_VALUES and getattr(widget, "id", ""):
            yield WidgetState(id=widget.id, **WRONG_VALUES[kind])  # type: ignore[attr-defined]


def by_buttons_of_others(siege: Siege) -> None:
    """The buttons that an administrator sees on a page, pressed by somebody to whom the page is closed."""
    buttons = _buttons(siege)
    for who in siege.everybody:
        with siege.tab(who) as tab:
            tab.open()
            own = {widget.id for widget in tab.widgets()}
            for key in sorted(closed_to(who)):
                before = _changes(siege)
                pressed = [WidgetState(id=id_, trigger_value=True) for id_ in buttons[key] if id_ not in own]
                data, _ = heard(tab, *pressed, page_script_hash=page_hash(key))
                wrong = ["changed something"] if _changes(siege) != before else []
                siege.judge("button of others", who, f"{len(pressed)} on {key}", data, [*wrong, *trespasses(tab, who)])


def _buttons(siege: Siege) -> dict[str, list[str]]:
    found = {}
    with siege.tab("ada") as tab:
        for key in sorted(EVERYWHERE):
            bytes_of(tab.open(address(key), "id=1"))
            found[key] = [element.button.id for element in tab.elements.values() if element.WhichOneof("type") == "button" and element.button.id]
    return found


def _changes(siege: Siege) -> int:
    with siege.at_home(), reading(SYSTEM) as session:
        return session.scalar(select(func.count(Change.id)), execution_options={"regulars_unguarded": True}) or 0


