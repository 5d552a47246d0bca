"""The real server is killed while people save and while forms are open: what was confirmed is there, what was typed is still in the form."""

from __future__ import annotations

import threading
import time
from collections import Counter
from random import Random
from urllib.parse import parse_qs

import pytest
from sqlalchemy import text

from components.openings import fresh
from db.engine import engine_for
from tests.journeys.house import House
from tests.long import long
from tests.tab import Ended, Tab
from tests.torture.aftermath import assert_in_order
from tests.torture.served import KEPT, PEOPLE, Memory, editor, save, save_note, submit, type_into, type_note

pytestmark = pytest.mark.skipif(not long(), reason="starts the server again and again: make torture")
WRITERS = 3


def write_notes(house: House, name: str, confirmed: list[str]) -> None:
    """Save one note after the other until the server is gone; confirmed is what then stood on the page."""
    try:
        with Tab(house.server.url, house.cookies["rui"]) as tab:
            tab.open("customer", "id=1")
            for number in range(10_000):
                words = f"note {name} {number}"
                type_note(tab, words)
                save_note(tab)
                assert words in tab.words()
                confirmed.append(words)
    except (Ended, OSError):
        return


def strike(house: House, name: str, chance: Random) -> list[str]:
    """Let people write for a moment, kill the server, start it again; returns the notes that were confirmed."""
    confirmed: list[str] = []
    writers = [threading.Thread(target=write_notes, args=(house, f"{name} {number}", confirmed)) for number in range(WRITERS)]
    for writer in writers:
        writer.start()
    while not confirmed and any(writer.is_alive() for writer in writers):
        time.sleep(0.01)
    time.sleep(chance.uniform(0, 1))
    kill(house)
    for writer in writers:
        writer.join()
    house.server.start()
    return confirmed


def open_forms(house: House, name: str) -> list[Memory]:
    """Four tabs with something typed: a customer's details, a note on another customer, a follow-up in the drawer, and a new contact."""
    details, note, drawer, contact = (Tab(house.server.url, house.cookies["rui"]) for _ in range(4))
    details.open("customer", "id=2&edit=1")
    details.set(f"{editor(details)}.city", string_value=f"Town {name}")
    note.open("customer", "id=3")
    type_note(note, f"note unsaved {name}")
    drawer.open("customer", "id=4")
    drawer.click("Log follow-up")
    type_into(drawer, "content", f"note in the drawer {name}")
    contact.open("customer", f"id=5&edit.contact=new.{fresh()}")
    type_into(contact, "name", f"Person {name}")
    return [Memory.of(tab) for tab in (details, note, drawer, contact)]


def save_forms(house: House, memories: list[Memory]) -> None:
    """The browser finds the server again, with the cookie that it has; the form is there and is saved."""
    details, note, drawer, contact = (memory.reconnected(house.server.url, house.cookies["rui"]) for memory in memories)
    submit(details, f"form.{editor(details)}")
    save_note(note)
    save(drawer, "content")
    save(contact, "name")


def kept(house: House) -> tuple[Counter[str], Counter[str], str]:
    """How often each note and each new contact is there, and the city."""
    with house.data(), engine_for().connect() as connection:
        notes, people = (Counter(dict(iter(connection.execute(text(sql))))) for sql in (KEPT, PEOPLE))
        return notes, people, str(connection.scalar(text("SELECT city FROM customer WHERE id = 2")))


def kill(house: House) -> None:
    assert house.server.process is not None
    house.server.process.kill()
    house.server.process.wait()


def test_nothing_confirmed_is_lost_and_open_forms_keep_what_was_typed(house):
    chance, confirmed = Random(11), list[str]()
    for turn in range(50):
        memories = open_forms(house, str(turn))
        confirmed += strike(house, str(turn), chance)
        save_forms(house, memories)
        confirmed += [f"note unsaved {turn}", f"note in the drawer {turn}"]
        notes, people, city = kept(house)
        assert [words for words in confirmed if notes[words] != 1] == []
        assert set(notes.values()) == {1}
        assert people == {f"Person {one}": 1 for one in range(turn + 1)}
        assert city == f"Town {turn}"
    with house.data():
        assert_in_order()
    print(f"{turn + 1} kills of the server, {len(confirmed)} notes confirmed")


def test_a_form_whose_answer_was_lost_is_saved_once_and_says_so(house):
    memories = open_forms(house, "lost")
    save_forms(house, memories)
    kill(house)
    house.server.start()
    for memory in memories[1:]:
        tab = memory.reconnected(house.server.url, house.cookies["rui"])
        assert "This was already saved" in tab.words()
        assert not {"open", "edit.contact"} & parse_qs(tab.query).keys()
    notes, people, _ = kept(house)
    assert (notes, people) == ({"note unsaved lost": 1, "note in the drawer lost": 1}, {"Person lost": 1})
