"""Large companies are told, and their rows made complete, by a second process while this one writes them down: two cores, half the time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

from db import clock
from db.completion import Completion, Ready
from db.errors import Unavailable
from db.models import NOUNS
from seed.company import Batch

PARCEL = 10_000
"""So many rows go together: while they are written down, as many more are told."""
Tell = Callable[..., Iterator[Batch]]


def told_ahead(completion: Completion, tell: Tell, plan: Any, *rest: Any) -> Iterator[Ready]:
    """The batches of `tell(plan, completion.numbers, *rest)`, made ready elsewhere; the completion then stands where the teller left it.

    Raises Unavailable when the other process ends before its story.
    """
    completion.numbers.look_up(NOUNS)
    context = get_context("spawn")
    here, there = context.Pipe(duplex=False)
    teller = context.Process(target=_tell, args=(there, clock.zone().key, completion, tell, plan, *rest), daemon=True)
    teller.start()
    there.close()
    try:
        while isinstance(said := here.recv(), list):
            yield from said
        completion.go_on_from(said)
    except EOFError as error:
        raise Unavailable("The sample company could not be made.") from error
    finally:
        here.close()
        teller.join()


def _tell(listener: Connection, zone: str, completion: Completion, tell: Tell, plan: Any, *rest: Any) -> None:
    clock.use_zone(zone)
    try:
        for parcel in _parcels(completion.ready(tell(plan, completion.numbers, *rest))):
            listener.send(parcel)
        listener.send(completion)
    except BrokenPipeError:
        pass  # the writer gave up


def _parcels(batches: Iterable[Ready]) -> Iterator[list[Ready]]:
    parcel: list[Ready] = []
    for ready in batches:
        parcel.append(ready)
        if sum(len(each.rows) for each in parcel) >= PARCEL:
            yield parcel
            parcel = []
    yield parcel
