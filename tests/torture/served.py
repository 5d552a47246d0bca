"""The real server under a person's hands: a tab that writes notes on a customer's page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.tab import Tab

CONTENT = ".content"
KEPT = "SELECT content, count(*) FROM follow_up WHERE content LIKE 'note %' GROUP BY content"
"""How often each note is there."""


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


@dataclass
class Memory:
    """What a browser keeps when its connection breaks: the address and what is typed."""

    page: str
    query: str
    typed: dict[str, Any]

    @classmethod
    def of(cls, tab: Tab) -> Memory:
        return cls(tab.page, tab.query, dict(tab.typed))

    def reconnected(self, server: str, cookie: str) -> Tab:
        tab = Tab(server, cookie)
        tab.page, tab.query, tab.typed = self.page, self.query, self.typed
        tab.run(page_name=self.page)
        return tab
