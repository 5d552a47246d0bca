"""What browser and server say to each other over Streamlit's socket, as far as the gate must understand it."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

SIGNED_IN = {"rerun_script", "stop_script", "file_urls_request", "app_heartbeat", "backend_operation_request"}
SIGNED_OUT = {"rerun_script"}
LARGEST_SIGNED_OUT = 64 * 1024


@dataclass(frozen=True)
class Heard:
    """A message from the browser: may it pass, did a person cause it, and what of it goes on?"""

    allowed: bool
    by_person: bool = False
    data: bytes = b""


def hear(data: bytes | None, signed_in: bool) -> Heard:
    if data is None or (not signed_in and len(data) > LARGEST_SIGNED_OUT):
        return Heard(False)
    message = BackMsg()
    try:
        message.ParseFromString(data)
    except DecodeError:
        return Heard(False)
    kind = message.WhichOneof("type")
    allowed, by_person = kind in (SIGNED_IN if signed_in else SIGNED_OUT), kind == "rerun_script" and not message.rerun_script.is_auto_rerun
    return Heard(allowed, by_person, _countable(message, data))


def _countable(message: BackMsg, data: bytes) -> bytes:
    """Without the numbers that no browser sends, infinite ones and NaN: Streamlit's input of whole numbers breaks on them."""
    wild = [state for state in message.rerun_script.widget_states.widgets if state.WhichOneof("value") == "double_value" and not isfinite(state.double_value)]
    for state in wild:
        state.ClearField("double_value")
    return bytes(message.SerializeToString()) if wild else data


def send_browser_to(path: str) -> bytes:
    """The message that makes the browser leave for another address of ours."""
    message = ForwardMsg()
    message.auth_redirect.url = path
    return bytes(message.SerializeToString())
