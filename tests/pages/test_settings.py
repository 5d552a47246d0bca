"""What the administrator sets is true at once."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from db import records
from db.actions import resets
from db.engine import reading, transaction
from db.models import Customer, FollowUp, Option, Organisation, User
from db.queries.lists import ListQuery
from db.transfer import export, importer, reader
from tests.db.queries import company
from tests.db.queries.company import add
from tests.pages.screen import choose, go, has_button, labelled, open_row, open_tab, press, sees, sound, table

BOTH = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)


def newest(actor, model):
    with reading(actor) as session:
        return session.scalars(select(model).order_by(model.id.desc())).first()


def organisation(acme) -> Organisation:
    with reading(acme.ada) as session:
        return session.scalars(select(Organisation)).one()


def test_another_rhythm_holds_at_once(acme, visit):
    hotel = company.customer(acme.amy, tier="A", status="active", customer_since=date(2026, 1, 1))
    screen = visit(acme.ada, "settings_organisation")
    labelled(screen, "Cadence of tier A, days").set_value(14)
    press(screen, "Save")
    assert sees(screen, "Settings saved", "Undo")
    assert sees(visit(acme.amy, "customer", id=hotel), "usual: every 14 d")
    with reading(acme.amy) as session:
        assert session.get_one(Customer, hotel).contact_due_on == date(2026, 1, 15)


def test_another_time_zone_cuts_days_anew(acme, visit):
    hotel = company.customer(acme.amy)
    follow_up = add(FollowUp(customer_id=hotel, subject="Late call", status="done", done_at=datetime(2026, 3, 17, 18, tzinfo=UTC), owner_id=acme.amy.id))[0]
    screen = visit(acme.ada, "settings_organisation")
    labelled(screen, "Time zone").set_value("America/New_York")
    press(screen, "Save")
    with reading(acme.amy) as session:
        assert session.get_one(FollowUp, follow_up).done_on == date(2026, 3, 17)
    assert sees(visit(acme.amy, "today"), "Tue 17 Mar")
    press(screen, "Undo")
    with reading(acme.amy) as session:
        assert session.get_one(FollowUp, follow_up).done_on == date(2026, 3, 18)


def test_settings_are_checked_and_a_colleague_s_settings_are_kept(acme, visit):
    screen = visit(acme.ada, "settings_organisation")
    labelled(screen, "Cadence of tier A, days").set_value(0)
    labelled(screen, "Holidays").set_value("2026-05-01\n2026-13-01")
    press(screen, "Save")
    assert sees(screen, "The smallest allowed value is 1.", "“2026-13-01” is not a date; please write it as 2026-03-31.")
    with transaction(acme.ada, "organisation.update") as session:
        records.update(session, "organisation", organisation(acme).id, {"cadence_b": 45})
    labelled(screen, "Cadence of tier A, days").set_value(20)
    labelled(screen, "Holidays").set_value("2026-05-01")
    press(screen, "Save")
    now = organisation(acme)
    assert (now.cadence_a, now.cadence_b, now.holidays) == (20, 45, ["2026-05-01"])


@BOTH
def test_a_new_drop_down_value_is_there_at_once(acme, visit):
    screen = choose(visit(acme.ada, "settings_fields"), "option_list", "source")
    press(screen, "New value")
    assert "Drop-down list" not in [widget.label for widget in screen.text_input]
    labelled(screen, "Key").set_value("Not A Key")
    labelled(screen, "English name").set_value("Podcast")
    press(screen, "Save")
    assert sees(screen, "Please use lower-case letters, digits and _, beginning with a letter.")
    labelled(screen, "Key").set_value("podcast")
    press(screen, "Save")
    added = newest(acme.ada, Option)
    assert (added.list_key, added.key, added.position) == ("source", "podcast", 110)
    assert table(screen, "options_source")["name_en"].iloc[-1] == "Podcast"
    press(visited := visit(acme.amy, "today"), "New")
    choose(visited, "drawer_choice", "customer")
    labelled(visited, "Name").set_value("Listener")
    labelled(visited, "Source").set_value("podcast")
    press(visited, "Save")
    assert newest(acme.amy, Customer).source == "podcast"
    company.customer(acme.amy, name="Somebody else")
    listed = choose(go(visited, "customers"), "customer.filter.source", ["podcast"])
    assert list(table(listed, "customer.grid")["name"]) == ["Listener"]


def test_the_same_key_twice_in_one_list_is_refused(acme, visit):
    screen = choose(visit(acme.ada, "settings_fields"), "option_list", "source")
    press(screen, "New value")
    labelled(screen, "Key").set_value("fair")
    labelled(screen, "English name").set_value("Fair again")
    press(screen, "Save")
    assert sees(screen, "There is such a record already.")


@BOTH
def test_a_used_value_is_retired_and_never_deleted(acme, visit):
    hotel = company.customer(acme.amy, name="Riverside Hotel", source="fair")
    screen = choose(visit(acme.ada, "settings_fields"), "option_list", "source")
    place = list(table(screen, "options_source")["key"]).index("fair")
    open_row(screen, "options_source", place)
    assert "Key" not in [widget.label for widget in screen.text_input]
    press(screen, "Delete")
    assert sees(screen, "This value is in use. Retire it instead")
    labelled(screen, "Retired").set_value(True)
    press(screen, "Save")
    edited = visit(acme.amy, "customer", id=hotel)
    assert sees(edited, "Trade fair")
    press(visited := visit(acme.amy, "today"), "New")
    choose(visited, "drawer_choice", "customer")
    assert "Trade fair" not in labelled(visited, "Source").options
    open_row(screen, "options_source", list(table(screen, "options_source")["key"]).index("walk_in"))
    press(screen, "Delete")
    assert sees(screen, "Moved to the recycle bin")
    assert "walk_in" not in list(table(screen, "options_source")["key"])


def add_field(acme, **values):
    with transaction(acme.ada, "custom_field.create") as session:
        return records.create(session, "custom_field", {"kind": "text", **values}).id


@BOTH
def test_a_field_of_one_s_own_is_there_at_once_in_form_list_filter_import_and_export(acme, visit):
    screen = open_tab(visit(acme.ada, "settings_fields"), "field_tabs", "Custom fields")
    assert sees(screen, "No fields of your own yet.")
    screen.button(key="new_custom_field").click().run()
    labelled(screen, "Key").set_value("favourite")
    labelled(screen, "English name").set_value("Favourite tea")
    labelled(screen, "Kind").set_value("choice")
    press(screen, "Save")
    open_tab(screen, "field_tabs", "Drop-down values")
    choose(screen, "option_list", "custom:favourite")
    for key, name in (("green", "Green tea"), ("black", "Black tea")):
        press(screen, "New value")
        labelled(screen, "Key").set_value(key)
        labelled(screen, "English name").set_value(name)
        press(screen, "Save")
    hotel = company.customer(acme.amy, name="Riverside Hotel")
    edited = visit(acme.amy, "customer", id=hotel)
    edited.button(key=f"edit_{hotel}").click().run()
    labelled(edited, "Favourite tea").set_value("green")
    press(edited, "Save")
    assert sees(edited, "Green tea")
    company.customer(acme.amy, name="Old Mill")
    listed = choose(go(edited, "customers"), "customer.filter.favourite", ["green"])
    assert table(listed, "customer.grid")[["name", "favourite"]].to_numpy().tolist() == [["Riverside Hotel", "Green tea"]]
    read = reader.read("new.csv", b"Name,Favourite tea\nTea House,Black tea\n")
    importer.run(acme.ada, "customer", read, importer.match(acme.ada, "customer", read).suggested)
    assert newest(acme.ada, Customer).custom == {"favourite": "black"}
    with reading(acme.ada) as session:
        exported = export.export(session, "customer", ListQuery(sort="name", descending=False)).decode("utf-8-sig")
    assert [row["favourite"] for row in csv.DictReader(exported.splitlines())] == ["", "green", "black"]


@pytest.mark.parametrize(("kind", "typed", "shown"), [("text", "Corner table", "Corner table"), ("long_text", "By the window", "By the window"), ("integer", 40, "40"),
                                                       ("money", 12.5, "¥12.50"), ("date", date(2026, 4, 1), "1 Apr 2026"), ("boolean", True, "Yes")])
def test_every_kind_of_own_field_is_kept_shown_listed_and_sorted(acme, visit, kind, typed, shown):
    add_field(acme, key="own", name_en="Own field", kind=kind)
    hotel = company.customer(acme.amy, name="Riverside Hotel")
    screen = visit(acme.amy, "customer", id=hotel)
    for _ in range(2):
        screen.button(key=f"edit_{hotel}").click().run()
        labelled(sound(screen), "Own field").set_value(typed)
        press(screen, "Save")
        assert sees(screen, shown)
    listed = choose(go(screen, "customers"), "customer.sort", ("own", True))
    assert len(table(listed, "customer.grid")) == 1


def test_numbers_in_own_fields_sort_by_size(acme, visit):
    add_field(acme, key="seats", name_en="Seats", kind="integer")
    for name, seats in (("Small", 9), ("Large", 100), ("Middle", 20)):
        company.customer(acme.amy, name=name, custom={"seats": seats})
    screen = choose(visit(acme.amy, "customers"), "customer.sort", ("seats", True))
    assert list(table(screen, "customer.grid")["name"]) == ["Large", "Middle", "Small"]


def test_two_editors_of_different_own_fields_keep_both(acme, visit):
    add_field(acme, key="seats", name_en="Seats", kind="integer")
    add_field(acme, key="floor", name_en="Floor", kind="integer")
    hotel = company.customer(acme.amy)
    screen = visit(acme.amy, "customer", id=hotel)
    screen.button(key=f"edit_{hotel}").click().run()
    labelled(screen, "Seats").set_value(40)
    with transaction(acme.mia, "customer.update") as session:
        records.update(session, "customer", hotel, {"floor": 3})
    press(screen, "Save")
    assert newest(acme.amy, Customer).custom == {"seats": 40, "floor": 3}


def test_an_own_field_cannot_take_the_place_of_another(acme, visit):
    screen = open_tab(visit(acme.ada, "settings_fields"), "field_tabs", "Custom fields")
    screen.button(key="new_custom_field").click().run()
    labelled(screen, "Key").set_value("name")
    labelled(screen, "English name").set_value("Another name")
    press(screen, "Save")
    assert sees(screen, "“name” is already in use.")


def test_kind_and_key_of_an_own_field_stay(acme, visit):
    field = add_field(acme, key="seats", name_en="Seats", kind="integer")
    screen = open_row(open_tab(visit(acme.ada, "settings_fields"), "field_tabs", "Custom fields"), "custom_field.grid", 0)
    assert not {"Key", "Kind"} & {widget.label for widget in [*screen.text_input, *screen.selectbox]}
    labelled(screen, "English name").set_value("Chairs")
    press(screen, "Save")
    with transaction(acme.ada, "custom_field.update") as session, pytest.raises(Exception, match="cannot be changed later"):
        records.update(session, "custom_field", field, {"kind": "text"})


def test_tags_are_kept_on_their_tab(acme, visit):
    screen = open_tab(visit(acme.ada, "settings_fields"), "field_tabs", "Tags")
    screen.button(key="new_tag").click().run()
    labelled(screen, "Name").set_value("VIP")
    press(screen, "Save")
    assert list(table(screen, "tag.grid")["name"]) == ["VIP"]


def test_a_colleague_is_invited_by_a_link_that_works_once(acme, visit):
    screen = visit(acme.ada, "settings_people")
    press(screen, "Invite a colleague")
    labelled(screen, "User name").set_value("Two words")
    labelled(screen, "Full name").set_value("Dora")
    press(screen, "Save")
    assert sees(screen, "A user name is one word without spaces.")
    labelled(screen, "User name").set_value("Dora")
    labelled(screen, "Role").set_value("rep")
    labelled(screen, "Team").set_value(acme.teams["South"])
    press(screen, "Save")
    link = screen.code[0].value
    assert link.startswith("http://localhost:8501/reset?token=")
    invited = newest(acme.ada, User)
    assert (invited.user_name, invited.role, invited.team_id) == ("dora", "rep", acme.teams["South"])
    token = link.split("token=")[1]
    assert resets.user_name_of(token) == "dora"
    resets.choose_password(token, "green lamp river 9")
    assert resets.user_name_of(token) is None
    press(screen, "I have copied it")
    assert not screen.code


def test_a_new_role_holds_at_once(acme, visit):
    screen = visit(acme.ada, "settings_people")
    choose(screen, "user.sort", ("name", False))
    open_row(screen, "user.grid", 1)
    assert labelled(screen, "Full name").value == "Amy"
    labelled(screen, "Role").set_value("viewer")
    press(screen, "Save")
    with reading(acme.ada) as session:
        assert session.get_one(User, acme.amy.id).role == "viewer"
    assert not has_button(visit(acme.amy, "customers"), "New customer")


def test_somebody_who_may_not_sign_in_any_more_is_out_at_the_next_click(acme, visit):
    theirs = visit(acme.amy, "customers")
    with transaction(acme.ada, "user.update") as session:
        records.update(session, "user", acme.amy.id, {"active": False})
    theirs.run()
    assert not theirs.dataframe
    assert not theirs.exception


@pytest.mark.parametrize("label", ["Role", "Can sign in"])
def test_the_last_administrator_stays(acme, visit, label):
    screen = visit(acme.ada, "settings_people")
    choose(screen, "user.sort", ("name", False))
    open_row(screen, "user.grid", 0)
    labelled(screen, label).set_value("viewer" if label == "Role" else False)
    press(screen, "Save")
    assert sees(screen, "At least one administrator must remain.")
    with reading(acme.ada) as session:
        assert (session.get_one(User, acme.ada.id).role, session.get_one(User, acme.ada.id).active) == ("admin", True)


def test_a_user_name_that_differs_only_in_case_is_taken(acme, visit):
    screen = visit(acme.ada, "settings_people")
    choose(screen, "user.sort", ("name", False))
    open_row(screen, "user.grid", 1)
    labelled(screen, "User name").set_value("BO")
    press(screen, "Save")
    assert sees(screen, "There is such a record already.")


def test_teams_and_the_table_of_roles(acme, visit):
    screen = open_tab(visit(acme.ada, "settings_people"), "people_tabs", "Teams")
    screen.button(key="new_team").click().run()
    labelled(screen, "Name").set_value("West")
    press(screen, "Save")
    assert "West" in list(table(screen, "team.grid")["name"])
    open_tab(screen, "people_tabs", "Roles")
    assert screen.table[0].value.loc["Manager"].tolist() == ["team"] * 7
    assert screen.table[0].value.loc["Viewer"].tolist() == ["all", "–", "–", "–", "–", "–", "–"]
