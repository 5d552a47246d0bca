"""Links for customers on the Surveys page: of one open invitation, and of all as a file for those who may export."""

from __future__ import annotations

import pytest

from db import clock
from tests.db.queries import company
from tests.db.queries.company import add, invitation, survey
from tests.pages.screen import open_row, open_tab

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def invitations(visit, actor):
    return open_tab(visit(actor, "surveys"), "survey_tabs", "Invitations")


def test_an_open_invitation_shows_its_link_and_an_answered_one_none(acme, visit):
    customer, (asked, _) = company.customer(acme.amy), survey(("csat", 1, 5))
    add(invitation(customer, asked, str(clock.today()), wave="new"), invitation(customer, asked, "2026-01-02", "answered", "2026-01-03", wave="old"))
    screen = open_row(invitations(visit, acme.amy), "survey_invitation", 0)
    assert [block.value.rpartition("/")[0].endswith("/answer") for block in screen.code] == [True]
    assert len(open_row(invitations(visit, acme.amy), "survey_invitation", 1).code) == 0


def test_all_links_are_a_file_for_a_manager_and_not_for_an_account_manager(acme, visit):
    def offered(actor) -> bool:
        return any(button.key == "answer_links" for button in invitations(visit, actor).get("download_button"))

    assert offered(acme.mia)
    assert not offered(acme.amy)
