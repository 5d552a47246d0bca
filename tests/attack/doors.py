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
MAIN = 0
"""Where the page's own part begins in Streamlit's places; the side bar's is 1."""
WORKING = {"button", "button_group", "dataframe", "table", "metric", "vega_lite_chart", "download_button", "file_uploader", "selectbox", "multiselect", "text_input", "text_area",
           "number_input", "date_input", "checkbox", "menu_button", "pagination"}


def closed_to(who: str) -> set[str]:
    return BY_ROLE[PEOPLE[who][0]] if who in PEOPLE else EVERYWHERE


def address(key: str) -> str:
    return BY_KEY[key].url_path


def page_hash(key: str) -> str:
    """As Streamlit names a page; the first page's is the script's own."""
    return str(calc_hash(address(key)))


def trespasses(tab: Tab, who: str) -> list[str]:
    """The closed pages that are at work on the screen: headed by their name, with more below than the notice to whom they are open."""
    main = [element for place, element in tab.elements.items() if place[0] == MAIN]
    shown = [element.heading.body for element in main if element.WhichOneof("type") == "heading"]
    works = any(element.WhichOneof("type") in WORKING for element in main)
    titles = {key: TITLES.get(key, BY_KEY[key].title) for key in closed_to(who)}
    return [f"is inside {key}" for key, title in titles.items() if works and title and any(one.startswith(title) for one in shown)]
