"""What browser and server say to each other over Streamlit's socket, as far as the gate must understand it."""

from __future__ import annotations

from dataclasses import dataclass

from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

SIGNED_IN = {"rerun_script", "stop_script", "file_urls_request", "app_heartbeat", "backend_operation_request"}
SIGNED_OUT = {"rerun_script"}
LARGEST_SIGNED_OUT = 64 * 1024


@dataclass(frozen=True)
class Heard:
    """A message from the browser: may it pass, and did a person cause it?"""

    allowed: bool
    by_person: bool = False


def hear(data: bytes | None, signed_in: bool) -> Heard:
    if data is None or (not signed_in and len(data) > LARGEST_SIGNED_OUT):
        return Heard(False)
    message = BackMsg()
    try:
        message.ParseFromString(data)
    except DecodeError:
        return Heard(False)
    kind = message.WhichOneof("type")
    return Heard(kind in (SIGNED_IN if signed_in else SIGNED_OUT), kind == "rerun_script" and not message.rerun_script.is_auto_rerun)


def send_browser_to(path: str) -> bytes:
    """The message that makes the browser leave for another address of ours."""
    message = ForwardMsg()
    message.auth_redirect.url = path
    return bytes(message.SerializeToString())
