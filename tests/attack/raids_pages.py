"""Raids on the pages: by address, by page hash, by the numbers of other people's records."""

from __future__ import annotations

from urllib.parse import quote

from components.drawer_address import ENTRIES
from db.models import NOUNS
from tests.attack.doors import address, page_hash, trespasses
from tests.attack.siege import UNEXPECTED, Siege, bytes_of, heard
from tests.pages.test_doors import EVERYWHERE


def by_address(siege: Siege) -> None:
    """Every page by its address, with the number of a record that is somebody else's."""
    for who in siege.everybody:
        with siege.tab(who) as tab:
            for key in sorted(EVERYWHERE):
                data = bytes_of(tab.open(address(key), f"id={siege.company.customers['cy']}"))
                siege.judge("direct address", who, key, data, trespasses(tab, who))


def by_hash(siege: Siege) -> None:
    """Every page by its hash, whether it was offered or not."""
    for who in siege.everybody:
        with siege.tab(who) as tab:
            tab.open()
            for key in sorted(EVERYWHERE):
                data, _ = heard(tab, page_script_hash=page_hash(key))
                siege.judge("page hash", who, key, data, trespasses(tab, who))


def by_number(siege: Siege) -> None:
    """Every customer by number, and every pair on the page that merges two."""
    for who in siege.everybody:
        with siege.tab(who) as tab:
            for owner, id_ in siege.company.customers.items():
                siege.judge("record number", who, f"the customer of {owner}", bytes_of(tab.open("customer", f"id={id_}")))
                siege.judge("record number", who, f"merging with the customer of {owner}", bytes_of(tab.open("merge", f"one=1&two={id_}")))


def by_openings(siege: Siege) -> None:
    """Every form that an address can open, of records that are somebody else's, and of what is not there."""
    nouns = (*ENTRIES, "complete", *(f"record.{noun}" for noun in NOUNS), "record.nothing", "\0", "<script>")
    for who in siege.everybody:
        with siege.tab(who) as tab:
            for what in nouns:
                for id_ in (siege.company.customers["cy"], ""):
                    address = f"open={quote(what)}.{id_}.k3f9ab2c&for={siege.company.customers['cy']}&edit.contact={id_}.k3f9ab2c"
                    errors = siege.server.log.count(UNEXPECTED)
                    data = bytes_of(tab.open("customer", f"id={siege.company.customers['amy']}&{address}"))
                    broken = ["an error that nobody expected"] if siege.server.log.count(UNEXPECTED) > errors else []
                    siege.judge("record number", who, f"the form {what} {id_}", data, [*broken, *trespasses(tab, who)])
