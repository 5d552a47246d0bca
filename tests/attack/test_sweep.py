"""A hostile client against the running product: every door that it tries stays shut, and the same client finds the holes of an unguarded copy."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.attack import raids_ended, raids_files, raids_messages, raids_pages, raids_sessions
from tests.attack.conftest import TOLD
from tests.attack.marked_company import PEOPLE, may_read
from tests.attack.siege import Siege
from tests.long import long, times

RAIDS: tuple[Callable[[Siege], None], ...] = (
    raids_pages.by_address, raids_pages.by_hash, raids_pages.by_number, raids_pages.by_openings, raids_sessions.by_replayed_session, raids_sessions.by_forged_headers,
    raids_sessions.by_foreign_pages, raids_files.by_addresses_of_files, raids_files.by_paper, raids_files.by_interface, raids_files.by_paths_of_the_server,
    raids_messages.by_other_kinds, raids_messages.by_wrong_values, raids_messages.by_buttons_of_others, raids_ended.by_ended_sessions,
)
IN_SHORT = (raids_sessions.by_replayed_session, raids_sessions.by_foreign_pages, raids_files.by_addresses_of_files)


def swept(siege: Siege, name: str) -> Siege:
    for raid in RAIDS if long() else IN_SHORT:
        raid(siege)
    TOLD.append(f"the sweep of {name}:\n{siege.tally.told()}")
    return siege


def test_nobody_gets_through_a_door_that_is_not_theirs(besiege):
    siege = swept(besiege(tuple(PEOPLE) if long() else ("amy", "cy")), "the product")
    assert siege.tally.findings == []
    assert siege.tally.checks.total() >= times(20, 1000)
    for who in siege.people if long() else ():  # and nobody is kept from what is theirs: their own customer's name, and whatever else its pages show
        mine = [secret for secret in siege.company.secrets.values() if secret.owner == who and may_read(who, secret)]
        assert sum(secret.word.encode() in siege.tally.seen[who] for secret in mine) >= len(mine) / 2, who


@pytest.mark.skipif(not long(), reason="a copy without walls is besieged by `make attack`")
def test_the_same_sweep_finds_the_holes_of_a_copy_without_walls(besiege):
    siege = swept(besiege(("mia", "amy", "vic"), "tests/attack/unguarded.py", STREAMLIT_SERVER_TRUSTED_USER_HEADERS="{}"), "an unguarded copy")
    assert {kind: siege.tally.kinds()[kind] > 0 for kind in siege.tally.checks} == dict.fromkeys(siege.tally.checks, True)
