"""Lead forms in the settings: made closed, opened by an administrator, with the lines for the website."""

from __future__ import annotations

from datetime import timedelta

import pytest

from db import clock, records
from db.actions import leads
from db.engine import transaction
from db.errors import Gone
from db.models import Tag
from tests.db.queries.company import add
from tests.pages.conftest import WEDNESDAY
from tests.pages.screen import has_button, labelled, open_row, press, sees, sees_nothing_of

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_a_form_is_given_several_tags_in_its_drawer(acme, visit):
    ids = add(Tag(name="Fair"), Tag(name="Website"), Tag(name="Newsletter"))
    screen = visit(acme.ada, "settings_forms")
    press(screen, "New lead form")
    labelled(screen, "Name").set_value("Website")
    labelled(screen, "Word in the address").set_value("web")
    assert labelled(screen, "Tags").options == ["Fair", "Newsletter", "Website"]
    labelled(screen, "Tags").set_value([str(ids[0]), str(ids[1])])
    press(screen, "Save")
    listed = visit(acme.ada, "settings_forms")
    assert listed.dataframe[0].value["tags"].tolist() == ["Fair, Website"]
    with transaction(acme.ada, "tag.delete") as session:
        records.delete(session, "tag", ids[0])
    open_row(listed, "lead_form", 0)
    assert labelled(listed, "Tags").value == [str(ids[1])]
    labelled(listed, "Name").set_value("Home page")
    press(listed, "Save")
    with transaction(acme.ada, "tag.restore") as session:
        records.restore(session, "tag", ids[0])
    again = visit(acme.ada, "settings_forms").dataframe[0].value
    assert (again["name"].tolist(), again["tags"].tolist()) == (["Home page"], ["Fair, Website"]), "what lay in the bin comes back"


def test_a_form_is_closed_until_it_is_opened_and_shows_its_address(acme, visit):
    screen = visit(acme.ada, "settings_forms")
    assert sees(screen, "No form yet.")
    press(screen, "New lead form")
    labelled(screen, "Name").set_value("Website")
    labelled(screen, "Word in the address").set_value("web")
    press(screen, "Save")
    with pytest.raises(Gone):
        leads.view("web", "en")
    again = visit(acme.ada, "settings_forms")
    codes = [block.value for block in again.code]
    assert codes[0].endswith("/lead/web")
    assert codes[1].startswith("<iframe ")
    assert sees(again, "closed", "For this, enter the website that shows the form")
    assert has_button(again, "New lead form")


def test_a_lead_from_the_website_is_taken_back_from_the_audit_log(acme, visit):
    with transaction(acme.ada, "lead_form.create") as session:
        records.create(session, "lead_form", {"name": "Website", "key": "web", "active": True, "owner_id": acme.amy.id})
    with clock.frozen(WEDNESDAY - timedelta(minutes=1)):
        stamp = leads.stamp("web")
    leads.receive("web", stamp, {"name": "Lin Yue", "phone": "0798 5550 0103", "consent": "1"}, "en")
    screen = visit(acme.ada, "audit")
    assert sees(screen, "Lead received")
    press(screen, "Undo")
    assert sees(screen, "Undone")
    assert sees_nothing_of(visit(acme.ada, "customers"), "Lin Yue")
