"""A tab without a browser: it speaks Streamlit's websocket protocol and keeps what the server has drawn."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from google.protobuf.json_format import MessageToDict
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

LARGEST = 64 * 1024 * 1024
Path = tuple[int, ...]


class Ended(Exception):
    """The server has shown this tab to the door; the address says where to."""


@dataclass
class Drawn:
    """What one run of the script sent: how long it took (seconds), how much it was (bytes), how many messages."""

    seconds: float = 0.0
    size: int = 0
    messages: list[ForwardMsg] = field(default_factory=list)


class Tab:
    """One page in one browser tab. `elements` are what stands on it, by place; typed values travel with the next click, as in a browser."""

    def __init__(self, server: str, cookie: str | None = None, locale: str = "en-US", resume: str = "", **headers: str) -> None:
        """resume: the id of the Streamlit session to take up again, as a browser sends after a short break."""
        self.server, self.locale = server, locale
        address = urlsplit(server)
        cookies = {"Cookie": f"regulars={cookie}"} if cookie else {}
        protocols = ["streamlit", "-", resume] if resume else ["streamlit"]
        self._open = ExitStack()
        self.socket: ClientConnection = self._open.enter_context(connect(
            f"ws://{address.netloc}/_stcore/stream", additional_headers={"Origin": server, **cookies, **headers}, subprotocols=protocols,  # type: ignore[arg-type]
            max_size=LARGEST, compression=None, proxy=None, ping_interval=None,
        ))
        self.socket.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.elements: dict[Path, Element] = {}
        self.blocks: dict[Path, Any] = {}
        self.fragments: dict[str, str] = {}
        self.typed: dict[str, WidgetState] = {}
        self.pages: dict[str, str] = {}
        self.page, self.query, self.session_id = "", "", ""
        self.last = Drawn()

    def __enter__(self) -> Tab:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        with suppress(Exception):
            self._open.close()

    def open(self, page: str = "", query: str = "") -> Drawn:
        """Load an address of the product, for example open("customer", "id=7")."""
        self.page, self.query, self.typed = page, query, {}
        return self.run(page_name=page)

    def set(self, key: str, **value: Any) -> None:
        """Type into the widget with this key, for example set("name", string_value="Ann"); see WidgetState for the kinds of values."""
        self.typed[key] = WidgetState(id=self.widget(key).id, **value)

    def click(self, key: str) -> Drawn:
        """Press a button."""
        return self.change(key, trigger_value=True)

    def change(self, key: str, **value: Any) -> Drawn:
        """Give a widget a value and let the script, or its fragment, run."""
        widget = self.widget(key)
        state = WidgetState(id=widget.id, **value)
        if "trigger" not in next(iter(value)):
            self.typed[key] = state
        return self.run(state, fragment=self.fragments.get(widget.id, ""))

    def run(self, *pressed: WidgetState, fragment: str = "", page_name: str = "", **fields: Any) -> Drawn:
        """One rerun; returns when the script has finished.

        Raises Ended when the server closes the tab.
        """
        self.send(self.message(*pressed, fragment=fragment, page_name=page_name, **fields))
        return self.heard(fragment)

    def message(self, *pressed: WidgetState, fragment: str = "", page_name: str = "", **fields: Any) -> BackMsg:
        message = BackMsg()
        rerun = message.rerun_script
        rerun.query_string, rerun.fragment_id, rerun.page_name = self.query, fragment, page_name
        rerun.page_script_hash = "" if page_name else self.pages.get(self.page, "")
        rerun.context_info.url, rerun.context_info.locale = f"{self.server}/{self.page}", self.locale
        rerun.context_info.timezone = "Asia/Shanghai"
        rerun.widget_states.widgets.extend([*self.typed.values(), *pressed])
        for name, value in fields.items():
            setattr(rerun, name, value)
        return message

    def send(self, message: BackMsg) -> None:
        self.socket.send(message.SerializeToString())

    def ask(self, message: BackMsg, kind: str, patience: float = 10) -> ForwardMsg:
        """Send a message that is no rerun; returns the first answer of this kind, such as "file_urls_response".

        Raises Ended when the server closes the tab, TimeoutError when it does not answer.
        """
        self.send(message)
        end = time.monotonic() + patience
        while True:
            answer = self._next(Drawn(), max(0.01, end - time.monotonic()))
            if answer.WhichOneof("type") == "auth_redirect":
                raise Ended(answer.auth_redirect.url)
            if answer.WhichOneof("type") == kind:
                return answer

    def heard(self, fragment: str = "", patience: float = 60) -> Drawn:
        """All that comes until the script has finished, kept as the page's new state."""
        drawn, begun = Drawn(), time.perf_counter()
        self.last = drawn
        while True:
            message = self._next(drawn, patience)
            kind = message.WhichOneof("type")
            if kind == "auth_redirect":
                raise Ended(message.auth_redirect.url)
            if kind == "new_session":
                self.session_id = message.new_session.initialize.session_id
                if not fragment:
                    self.elements, self.blocks, self.fragments = {}, {}, {}
            elif kind == "navigation":
                self.pages = {page.url_pathname: page.page_script_hash for page in message.navigation.app_pages}
            elif kind == "page_info_changed":
                self.query = message.page_info_changed.query_string
            elif kind == "delta":
                self._draw(message)
            elif kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                drawn.seconds = time.perf_counter() - begun
                return drawn

    def _next(self, drawn: Drawn, patience: float) -> ForwardMsg:
        if hasattr(socket, "TCP_QUICKACK"):
            self.socket.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        try:
            data = self.socket.recv(patience)
        except ConnectionClosed as closed:
            raise Ended(str(closed)) from closed
        message = ForwardMsg.FromString(bytes(data))  # type: ignore[arg-type]
        drawn.size += len(data)
        drawn.messages.append(message)
        return message

    def _draw(self, message: ForwardMsg) -> None:
        place, delta = tuple(message.metadata.delta_path), message.delta
        if delta.WhichOneof("type") == "add_block":
            self.blocks[place] = delta.add_block
            self.elements = {at: one for at, one in self.elements.items() if at[: len(place)] != place}
            return
        self.elements[place] = delta.new_element
        if delta.fragment_id and (identity := getattr(_widget(delta.new_element), "id", "")):
            self.fragments[identity] = delta.fragment_id

    def widgets(self) -> Iterator[Any]:
        """Everything on the page that has an identity: buttons, inputs, tables."""
        for element in self.elements.values():
            widget = _widget(element)
            if getattr(widget, "id", ""):
                yield widget

    def widget(self, key: str) -> Any:
        """The one whose key ends in `key`, else the one with that label.

        Raises KeyError with what there is.
        """
        found = [one for one in self.widgets() if one.id.endswith(f"-{key}")] or [one for one in self.widgets() if getattr(one, "label", None) == key]
        if not found:
            raise KeyError(f"{key} is not among {sorted(one.id.split('-', 2)[-1] for one in self.widgets())}")
        return found[0]

    def words(self) -> str:
        """All text on the page, tables aside."""
        return "\n".join(str(MessageToDict(element)) for element in self.elements.values() if element.WhichOneof("type") != "dataframe")


def _widget(element: Element) -> Any:
    return getattr(element, element.WhichOneof("type") or "empty")
