"""Reruns of a page and of a floor by turns, so that both meet the same weather."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from tests.bench.servers import cpu_seconds
from tests.browser import Server
from tests.tab import Tab


@dataclass(frozen=True)
class Reruns:
    """Milliseconds a rerun: the median that the visitor waits, and the mean of the server's processor; bytes of the last one."""

    wall: float
    cpu: float
    size: int


def nothing() -> None:
    """Between two reruns from the cache."""


def shape_of(tab: Tab) -> str:
    """The floor's page with as many pieces as this one."""
    kinds = [element.WhichOneof("type") for element in tab.elements.values()]
    tables, charts = (sum(kind in names for kind in kinds) for names in (("dataframe", "arrow_data_frame"), ("vega_lite_chart", "arrow_vega_lite_chart")))
    return f"shape=same&texts={len(kinds) - tables - charts}&tables={tables}&charts={charts}"


def by_turns(visits: list[tuple[Server, Tab]], times: int, between: Callable[[], None] = nothing) -> list[Reruns]:
    """One rerun of each tab after the other, so many rounds; `between` comes before each round, outside the clock."""
    for _, tab in visits:
        tab.run()
    waited: list[list[float]] = [[] for _ in visits]
    used, sizes = [0.0] * len(visits), [0] * len(visits)
    for _ in range(times):
        between()
        for place, (server, tab) in enumerate(visits):
            before = cpu_seconds(server)
            drawn = tab.run()
            used[place] += cpu_seconds(server) - before
            waited[place].append(drawn.seconds)
            sizes[place] = drawn.size
    return [Reruns(1000 * median(waited[place]), 1000 * used[place] / times, sizes[place]) for place in range(len(visits))]
