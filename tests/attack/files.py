"""Files that pages offer and take, as a browser asks for them."""

from __future__ import annotations

from streamlit.proto.BackMsg_pb2 import BackMsg

from tests.tab import Tab


def offered(tab: Tab) -> list[str]:
    """The ids of the files that the page would make when they are asked for."""
    return [widget.deferred_file_id for widget in tab.widgets() if getattr(widget, "deferred_file_id", "")]


def address_of(tab: Tab, file_id: str) -> str:
    """Let the file be made; its address, or why there is none."""
    message = BackMsg()
    request = message.backend_operation_request
    request.request_id, request.session_id, request.deferred_file.file_id = "1", tab.session_id, file_id
    answer = tab.ask(message, "backend_operation_response").backend_operation_response
    return answer.deferred_file.url or answer.error_msg


def place_for(tab: Tab, name: str = "letter.csv") -> str:
    """The address under which the page's session takes a file."""
    message = BackMsg()
    request = message.file_urls_request
    request.request_id, request.session_id = "1", tab.session_id
    request.file_names.append(name)
    return str(tab.ask(message, "file_urls_response").file_urls_response.file_urls[0].upload_url)
