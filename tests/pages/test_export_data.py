from __future__ import annotations

from tests.db.queries import company
from tests.pages.screen import labelled, open_tab, sees, sees_nothing_of


def offered(screen) -> set[str]:
    return {shown.proto.label for shown in screen.get("download_button")}


def test_an_administrator_takes_out_any_records_contacts_plans_and_everything(acme, visit):
    company.customer(acme.amy)
    screen = visit(acme.ada, "export_data")
    assert offered(screen) == {"CSV", "Excel", "Contacts as vCards", "Planned follow-ups as calendar", "Download everything"}
    sees(screen, "1 record", "Both kinds of headings can be imported again.")


def test_a_manager_takes_out_what_is_the_team_s_but_not_everything(acme, visit):
    company.customer(acme.cy)
    screen = visit(acme.mia, "export_data")
    assert offered(screen) == {"Contacts as vCards", "Planned follow-ups as calendar"}
    sees(screen, "0 records")
    sees_nothing_of(screen, "Everything at once")
    assert "Users" not in labelled(screen, "What goes out?").options


def test_everybody_takes_their_own_plan_along(acme, visit):
    screen = open_tab(visit(acme.amy, "follow_ups"), "follow_ups_view", "month")
    assert "My plan as a calendar file" in offered(screen)
