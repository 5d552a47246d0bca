"""The pages that are measured, each with its floor and its mark: so many times that floor is allowed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """floor: hello, table or chart; mark: the most that a rerun may be, as a multiple of the floor, of each chart's worth on pages of charts; share: the most that SQL may be of it."""

    key: str
    floor: str
    mark: float
    share: float
    from_cache: float = 0.0

    @property
    def path(self) -> str:
        return "" if self.key == "today" else self.key.replace("_", "-")


LIST, CARD = (1.5, 0.05), (2.5, 0.05)
PAGES = (
    Page("today", "table", *CARD), Page("customers", "table", *LIST), Page("follow_ups", "table", *LIST), Page("orders", "table", *LIST), Page("surveys", "table", *LIST),
    Page("customer", "table", *CARD), Page("dashboard", "chart", 2.0, 0.2, 1.3), Page("satisfaction", "chart", 2.0, 0.2, 1.3), Page("retention", "chart", 2.0, 0.2, 1.3),
    Page("workload", "chart", 2.0, 0.2, 1.3),
)
FLOORS = ("hello", "table", "chart")
CUSTOMER = 40
"""The customer whose page is opened: the first account manager's."""


def query_of(page: Page) -> dict[str, str]:
    return {"id": str(CUSTOMER)} if page.key == "customer" else {}
