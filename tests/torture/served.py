"""The real server under a person's hands: a tab that writes notes on a customer's page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from streamlit.proto.TextInput_pb2 import TextInput
from streamlit.proto.WidgetStates_pb2 import WidgetState

from tests.tab import Tab

CONTENT = ".content"
KEPT = "SELECT content, count(*) FROM follow_up WHERE content LIKE 'note %' GROUP BY content"
PEOPLE = "SELECT name, count(*) FROM contact WHERE name LIKE 'Person %' GROUP BY name"
"""How often each note, and each new contact, is there."""


def note(tab: Tab) -> str:
    """The key of the box for notes on a customer's page."""
    return next(key for widget in tab.widgets() if (key := str(widget.id).split("-", 2)[-1]).startswith("note.") and key.endswith(CONTENT)).removesuffix(CONTENT)


def type_note(tab: Tab, words: str) -> None:
    tab.set(note(tab) + CONTENT, string_value=words)


def save_note(tab: Tab) -> Any:
    return submit(tab, note(tab))


def submit(tab: Tab, form: str) -> Any:
    """Press the button of a form, whatever its word in the reader's language."""
    [key] = [key for widget in tab.widgets() if (key := str(widget.id).split("-", 2)[-1]).startswith(f"FormSubmitter:{form}-")]
    return tab.click(key)


def editor(tab: Tab) -> str:
    """The beginning of the keys of the form for a customer's details."""
    return next(key for widget in tab.widgets() if (key := str(widget.id).split("-", 2)[-1]).startswith("customer") and key.endswith(".city")).removesuffix(".city")


def box(tab: Tab, name: str) -> str:
    """The beginning of the keys of the form that has an input of this name, such as "log.4.v0.k3f9ab2c" for content."""
    found = (key for widget in tab.widgets() if (key := str(widget.id).split("-", 2)[-1]).endswith(f".{name}") and not key.startswith("note."))
    return next(found).removesuffix(f".{name}")


def type_into(tab: Tab, name: str, words: str) -> None:
    tab.set(f"{box(tab, name)}.{name}", string_value=words)


def save(tab: Tab, name: str) -> Any:
    """Press the button of the form that has an input of this name."""
    return submit(tab, f"form.{box(tab, name)}")


@dataclass
class Memory:
    """What a browser keeps when its connection breaks: the address, what is typed, and what the server wrote into inputs."""

    page: str
    query: str
    typed: dict[str, Any]

    @classmethod
    def of(cls, tab: Tab) -> Memory:
        inputs = [one for one in tab.widgets() if isinstance(one, TextInput)]
        written = {str(one.id): WidgetState(id=one.id, string_value=one.value if one.set_value else one.default) for one in inputs}
        return cls(tab.page, tab.query, written | {str(state.id): state for state in tab.typed.values()})

    def reconnected(self, server: str, cookie: str) -> Tab:
        tab = Tab(server, cookie)
        tab.page, tab.query, tab.typed = self.page, self.query, dict(self.typed)
        tab.run(page_name=self.page)
        return tab
