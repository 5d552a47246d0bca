"""Ways to split customers among colleagues. Pure: the same customers and loads give the same split."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Holding:
    """A customer as far as it matters here."""

    id: int
    tier: str | None
    region: str | None
    load: int


def evenly(held: Iterable[Holding], loads: Mapping[int, float]) -> dict[int, int]:
    """The heaviest customers first, each to whoever carries least by then. Graham, SIAM J. Appl. Math. 17 (1969), longest first."""
    carried, moves = dict(loads), dict[int, int]()
    for holding in sorted(held, key=lambda holding: -holding.load):
        taker = lightest(carried)
        moves[holding.id] = taker
        carried[taker] += holding.load
    return moves


def until_even(held: Sequence[Holding], load: float, loads: Mapping[int, float]) -> dict[int, int]:
    """In the given order, each to whoever carries least, as long as the giver still carries at least as much afterwards."""
    carried, moves = dict(loads), dict[int, int]()
    for holding in held:
        taker = lightest(carried)
        if carried[taker] + holding.load <= load - holding.load:
            moves[holding.id] = taker
            carried[taker] += holding.load
            load -= holding.load
    return moves


def by_group(held: Iterable[Holding], loads: Mapping[int, float], group: Callable[[Holding], str | None],
             at_home: Mapping[str | None, int]) -> dict[str | None, int]:
    """Who gets each tier or region as a whole: whoever is at home there, else whoever carries least; the heaviest group first."""
    weights: dict[str | None, int] = {}
    for holding in held:
        weights[group(holding)] = weights.get(group(holding), 0) + holding.load
    carried, chosen = dict(loads), dict[str | None, int]()
    for name in sorted(weights, key=lambda name: (-weights[name], name or "")):
        chosen[name] = at_home[name] if at_home.get(name) in carried else lightest(carried)
        carried[chosen[name]] += weights[name]
    return chosen


def lightest(loads: Mapping[int, float]) -> int:
    return min(loads, key=lambda who: (loads[who], who))
