"""Large companies are told by a second process while this one writes them down: two cores, half the time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

from db import clock
from db.bulk import Numbers
from db.errors import Unavailable
from db.models import NOUNS
from seed.company import Batch

Tell = Callable[..., Iterator[Batch]]


def told_ahead(tell: Tell, plan: Any, numbers: Numbers, *rest: Any) -> Iterator[Batch]:
    """The batches of `tell(plan, numbers, *rest)`, made elsewhere; `numbers` then stands where the teller left it.

    Raises Unavailable when the other process ends before its story.
    """
    numbers.look_up(NOUNS)
    context = get_context("spawn")
    here, there = context.Pipe(duplex=False)
    teller = context.Process(target=_tell, args=(there, clock.zone().key, tell, plan, numbers, *rest), daemon=True)
    teller.start()
    there.close()
    try:
        while isinstance(said := here.recv(), tuple):
            yield said
        numbers.go_on_from(said)
    except EOFError as error:
        raise Unavailable("The sample company could not be made.") from error
    finally:
        here.close()
        teller.join()


def _tell(listener: Connection, zone: str, tell: Tell, plan: Any, numbers: Numbers, *rest: Any) -> None:
    clock.use_zone(zone)
    try:
        for batch in tell(plan, numbers, *rest):
            listener.send(batch)
        listener.send(numbers)
    except BrokenPipeError:
        pass  # the writer gave up
