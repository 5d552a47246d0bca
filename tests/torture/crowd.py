"""Many people at once: each opens pages and saves a note now and then, with a pause between clicks. A process of its own, beside the server's."""

from __future__ import annotations

import json
import sys
import threading
import time
from dataclasses import asdict, dataclass, field
from random import Random

from tests.tab import Tab
from tests.torture.served import save_note, type_note

PAGES = (("today", ""), ("customers", ""), ("customer", "id={id}"), ("follow_ups", ""), ("dashboard", ""))
NOTE = "customer"
START = 10
"""Seconds within which everybody arrives."""


@dataclass
class Seen:
    """What the crowd saw: seconds of every click, notes that were confirmed, and what went wrong."""

    seconds: list[float] = field(default_factory=list)
    confirmed: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def somebody(server: str, cookie: str, number: int, end: float, pause: float, seen: Seen) -> None:
    chance = Random(number)
    time.sleep(START * chance.random())
    try:
        with Tab(server, cookie) as tab:
            clicks = 0
            while time.monotonic() < end:
                click(tab, f"note {number} {clicks}", PAGES[(number + clicks) % len(PAGES)], chance, seen)
                clicks += 1
                time.sleep(pause * chance.uniform(0.5, 1.5))
    except Exception as error:  # whatever it is, the test is told
        seen.errors.append(f"{number}: {type(error).__name__}: {error}")


def click(tab: Tab, words: str, page: tuple[str, str], chance: Random, seen: Seen) -> None:
    """Open a page; on a customer's, write a note as well."""
    name, query = page
    drawn = tab.open(name, query.format(id=chance.randint(1, 12)))
    seen.seconds.append(drawn.seconds)
    if any(element.WhichOneof("type") == "exception" for element in tab.elements.values()):
        seen.errors.append(f"an error on {name}")
    if name == NOTE:
        type_note(tab, words)
        seen.seconds.append(save_note(tab).seconds)
        if words in tab.words():
            seen.confirmed.append(words)
        else:
            seen.errors.append(f"{words} is not on the page")


def main(server: str, cookies: list[str], people: int, seconds: float, pause: float) -> Seen:
    seen, end = Seen(), time.monotonic() + seconds
    threads = [threading.Thread(target=somebody, args=(server, cookies[number % len(cookies)], number, end, pause, seen)) for number in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return seen


if __name__ == "__main__":
    print(json.dumps(asdict(main(**json.loads(sys.argv[1])))))
