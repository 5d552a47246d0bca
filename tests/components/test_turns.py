"""Pages are drawn one at a time, in the order of coming; who takes long holds nobody up, and an open page stands back."""

from __future__ import annotations

import time
from threading import Event, Thread

import pytest

from components.turns import Turns

PATIENCE = 10


class Visitor(Thread):
    """Somebody's page: drawn once it is its turn, until it is told to end."""

    def __init__(self, turns: Turns, order: list[str], name: str) -> None:
        super().__init__(name=name, daemon=True)
        self.turns, self.order = turns, order
        self.drawn, self.end = Event(), Event()
        waiting = turns.waiting()
        self.start()
        until = time.monotonic() + PATIENCE
        while not self.drawn.is_set() and turns.waiting() == waiting and time.monotonic() < until:
            time.sleep(0.001)

    def run(self) -> None:
        with self.turns.turn():
            self.order.append(self.name)
            self.drawn.set()
            self.end.wait(PATIENCE)

    def leave(self) -> None:
        self.end.set()
        self.join(PATIENCE)


def test_pages_are_drawn_one_at_a_time_in_the_order_of_coming():
    turns, order = Turns(enough=PATIENCE), []
    visitors = [Visitor(turns, order, name) for name in ("amy", "ben", "gil", "vic")]
    for number, visitor in enumerate(visitors):
        assert visitor.drawn.wait(PATIENCE)
        assert order == ["amy", "ben", "gil", "vic"][: number + 1]
        visitor.leave()


def test_a_page_that_takes_long_is_not_waited_for_and_does_not_give_away_the_place_of_the_next():
    turns, order = Turns(enough=0.6), []
    slow, next_one = Visitor(turns, order, "slow"), Visitor(turns, order, "next")
    assert next_one.drawn.wait(PATIENCE)
    slow.leave()
    third = Visitor(turns, order, "third")
    assert not third.drawn.wait(0.2)
    next_one.leave()
    assert third.drawn.wait(PATIENCE)
    third.leave()


def test_a_page_that_fails_gives_its_place_back():
    turns = Turns(enough=PATIENCE)
    with pytest.raises(ZeroDivisionError), turns.turn():
        raise ZeroDivisionError
    visitor = Visitor(turns, [], "next")
    assert visitor.drawn.wait(PATIENCE)
    visitor.leave()


def test_it_is_known_how_many_wait():
    turns = Turns(enough=PATIENCE)
    assert turns.waiting() == 0
    visitors = [Visitor(turns, [], name) for name in ("first", "second", "third")]
    assert turns.waiting() == 2
    for visitor in visitors:
        visitor.leave()
    assert turns.waiting() == 0
