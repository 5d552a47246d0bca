"""The doors of the house as they are declared: which page each role must not enter, and how its heading would give it away."""

from __future__ import annotations

from streamlit.util import calc_hash

from components.rooms import BY_KEY
from tests.attack.marked_company import PEOPLE
from tests.pages.test_doors import CLOSED, EVERYWHERE
from tests.tab import Tab

BY_ROLE = {"admin": CLOSED["ada"], "manager": CLOSED["mia"], "rep": CLOSED["amy"], "agent": CLOSED["gil"], "viewer": CLOSED["vic"]}
TITLES = {"welcome": "How do you want to begin?", "orders": "Orders and contracts", "today": "Good ", "customer": "", "figure": ""}
"""Pages that are not headed by the name in the side bar."""


def closed_to(who: str) -> set[str]:
    return BY_ROLE[PEOPLE[who][0]] if who in PEOPLE else EVERYWHERE


def address(key: str) -> str:
    return BY_KEY[key].url_path


def page_hash(key: str) -> str:
    """As Streamlit names a page; the first page's is the script's own."""
    return str(calc_hash(address(key)))


def headings(tab: Tab) -> list[str]:
    return [element.heading.body for element in tab.elements.values() if element.WhichOneof("type") == "heading"]


def trespasses(tab: Tab, who: str) -> list[str]:
    """The closed pages whose heading stands on the screen, or whose address is in the navigation."""
    shown = headings(tab)
    inside = [key for key in closed_to(who) if (title := TITLES.get(key, BY_KEY[key].title)) and any(one.startswith(title) for one in shown)]
    named = [key for key in closed_to(who) if who in PEOPLE and tab.pages.get(address(key)) == page_hash(key)]
    return [*(f"is inside {key}" for key in inside), *(f"is offered {key}" for key in named)]
