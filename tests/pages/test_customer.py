from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from db import records
from db.engine import reading, transaction
from db.history import audit
from db.models import Attachment, Contact, Customer, FollowUp, Order, OrderLine, Product
from db.policy import SYSTEM
from db.queries.customer_page import header
from tests.db.queries import company
from tests.db.queries.company import add, done
from tests.houses import filled_once
from tests.pages.screen import button, choose, go, has_button, labelled, metrics, open_row, open_tab, press, sees, sees_nothing_of, sound, table, words

BOTH = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
@filled_once
def hotel(acme) -> int:
    return company.customer(acme.amy, name="Riverside Hotel", code="C-7001", tier="A", status="active", city="Hangzhou", email="front@example.com", phone="13912342231")


def customer(actor, id_: int) -> Customer:
    with reading(actor) as session:
        return session.get_one(Customer, id_)


def latest(actor, model):
    with reading(actor) as session:
        return session.scalars(select(model).order_by(model.id.desc())).first()


def tab(screen, id_: int, name: str):
    return open_tab(screen, f"customer_tabs_{id_}", name)


@BOTH
def test_the_figures_above_are_those_of_this_customer(acme, hotel, visit):
    other = company.customer(acme.amy, name="Old Mill")
    add(company.purchase(hotel, "2026-01-20", 1200), company.purchase(hotel, "2026-03-02", 800), company.purchase(other, "2026-03-10", 9999),
        done(hotel, "2026-03-08T04:00", acme.amy, rating=5), done(hotel, "2026-01-08T04:00", acme.amy, rating=4), done(hotel, "2026-02-08T04:00", acme.amy, rating=4),
        FollowUp(customer_id=hotel, subject="Renew", due_on=date(2026, 3, 20), owner_id=acme.amy.id), FollowUp(customer_id=hotel, subject="Visit", due_on=date(2026, 4, 20)))
    screen = visit(acme.amy, "customer", id=hotel)
    assert metrics(screen) == {"Turnover so far": "¥2,000", "Last order": "2 Mar", "Last contact": "10 days", "Open follow-ups": "2", "Satisfaction": "4.3 / 5"}
    assert sees(screen, "Riverside Hotel", "C-7001 · Owner Amy", "Tier A", "Active", "2 orders", "usual: every 30 d", "in 2 days", "3 ratings", "Renew")


def test_a_new_customer_has_friendly_gaps(acme, hotel, visit):
    screen = visit(acme.amy, "customer", id=hotel)
    assert metrics(screen) == {"Turnover so far": "¥0", "Last order": "–", "Last contact": "–", "Open follow-ups": "0", "Satisfaction": "–"}
    assert sees(screen, "Nothing happened yet. Log a follow-up and it stands here.", "None planned. Every customer deserves a dated next step.")


def test_the_timeline_tells_what_happened_newest_first(acme, hotel, visit):
    question = company.question("csat", 1, 5, key="How was it?")
    add(done(hotel, "2026-02-01T04:00", acme.amy, content="They liked the tea", outcome="interested", rating=4), company.purchase(hotel, "2026-02-10", 500))
    company.answers(hotel, question, [5], at="2026-02-20T04:00", comment="Lovely")
    screen = visit(acme.amy, "customer", id=hotel)
    assert sees(screen, "They liked the tea", "Interested", "★★★★☆", "¥500", "5/5", "How was it?", "Lovely")
    days = [shown.value for shown in screen.caption if shown.value in {"20 Feb", "10 Feb", "1 Feb"}]
    assert days == ["20 Feb", "10 Feb", "1 Feb"]
    choose(screen, f"kinds_{hotel}", ["order"])
    assert sees_nothing_of(screen, "They liked the tea", "Lovely")


def test_the_note_box_logs_a_follow_up(acme, hotel, visit):
    screen = visit(acme.amy, "customer", id=hotel)
    labelled(screen, "What happened").set_value("  ")
    press(screen, "Save")
    assert sees(screen, "Please write a word about what happened.")
    labelled(screen, "What happened").set_value("Asked for a quote")
    labelled(screen, "Method").set_value("visit")
    press(screen, "Save")
    assert sees(screen, "Asked for a quote", "Follow-up saved", "Undo")
    logged = latest(acme.amy, FollowUp)
    assert (logged.content, logged.method, logged.status, logged.owner_id, logged.done_on) == ("Asked for a quote", "visit", "done", acme.amy.id, date(2026, 3, 18))
    assert metrics(screen)["Last contact"] == "today"
    assert labelled(screen, "What happened").value == ""


def test_what_is_typed_belongs_to_the_same_boxes_when_the_server_was_started_again(acme, hotel, visit):
    screen = visit(acme.amy, "customer", id=hotel)
    labelled(screen, "What happened").set_value("Asked for a quote")
    press(screen, "Save")
    note = labelled(screen, "What happened").key
    press(screen, "Edit")
    city = labelled(screen, "City").key
    after = visit(acme.amy, "customer", **screen.query_params)
    assert labelled(after, "City").key == city
    assert labelled(visit(acme.amy, "customer", id=hotel), "What happened").key == note


def edit(screen, hotel: int):
    screen.button(key=f"edit_{hotel}").click().run()
    return sound(screen)


def test_a_wrong_value_is_named_beside_its_field_and_nothing_typed_is_lost(acme, hotel, visit):
    screen = edit(visit(acme.amy, "customer", id=hotel), hotel)
    labelled(screen, "E-mail").set_value("no address")
    labelled(screen, "City").set_value("Ningbo")
    press(screen, "Save")
    assert sees(screen, "This is not an e-mail address; it should look like name@example.com.", "nothing you typed is lost")
    assert (labelled(screen, "E-mail").value, labelled(screen, "City").value) == ("no address", "Ningbo")
    assert customer(acme.amy, hotel).city == "Hangzhou"
    labelled(screen, "E-mail").set_value("desk@example.com")
    press(screen, "Save")
    assert (customer(acme.amy, hotel).city, customer(acme.amy, hotel).email) == ("Ningbo", "desk@example.com")
    assert sees(screen, "Saved", "Undo", "Ningbo")
    press(screen, "Undo")
    assert customer(acme.amy, hotel).city == "Hangzhou"


@BOTH
def test_two_editors_of_one_field_are_told_and_of_two_fields_are_merged(acme, hotel, visit):
    screen = edit(visit(acme.amy, "customer", id=hotel), hotel)
    labelled(screen, "City").set_value("Ningbo")
    with transaction(acme.mia, "customer.update") as session:
        records.update(session, "customer", hotel, {"city": "Suzhou", "website": "https://hotel.example.com"})
    press(screen, "Save")
    assert sees(screen, "Somebody changed the same fields in the meantime.", "City: you wrote “Ningbo”, it is now “Suzhou”.")
    assert customer(acme.amy, hotel).city == "Suzhou"
    press(screen, "Save")
    assert (customer(acme.amy, hotel).city, customer(acme.amy, hotel).website) == ("Ningbo", "https://hotel.example.com")


def test_contacts_are_added_edited_and_deleted(acme, hotel, visit):
    screen = tab(visit(acme.amy, "customer", id=hotel), hotel, "Contacts")
    assert sees(screen, "Nothing here yet.")
    press(screen, "Add: Contact")
    labelled(screen, "Full name").set_value("Lin Yue")
    labelled(screen, "Role in the decision").set_value("decider")
    press(screen, "Save")
    assert sees(screen, "Key contacts", "Lin Yue", "Decision maker")
    open_row(screen, "contact_of", 0)
    labelled(screen, "Job title").set_value("Director")
    press(screen, "Save")
    assert latest(acme.amy, Contact).position == "Director"
    open_row(screen, "contact_of", 0)
    screen.button(key="delete_contact").click().run()
    assert sees_nothing_of(sound(screen), "Key contacts")
    press(screen, "Undo")
    assert sees(screen, "Lin Yue", "Undone")


@BOTH
def test_the_lines_of_an_order_make_its_amount(acme, hotel, visit):
    tea, cups = add(Product(code="G-1", name="Green tea", price=120), Product(code="G-2", name="Cups", price=None))
    screen = tab(visit(acme.amy, "customer", id=hotel), hotel, "Orders")
    press(screen, "Add: Order")
    labelled(screen, "Date").set_value(date(2026, 3, 17))
    labelled(screen, "Amount").set_value(10)
    press(screen, "Save")
    open_row(screen, "order_of", 0)
    press(screen, "Add: Order line")
    labelled(screen, "Product").set_value(tea)
    labelled(screen, "Quantity").set_value(2.5)
    labelled(screen, "Discount, %").set_value(10.0)
    press(screen, "Save", 1)
    assert latest(acme.amy, Order).amount == 270
    press(screen, "Add: Order line")
    labelled(screen, "Product").set_value(cups)
    press(screen, "Save", 1)
    assert sees(screen, "Please fill in this field.")
    labelled(screen, "Price").set_value(7.99)
    press(screen, "Save", 1)
    assert float(latest(acme.amy, Order).amount) == 277.99
    assert "Amount" not in [widget.label for widget in screen.number_input]
    open_row(screen, "order_line_of", 1)
    screen.button(key="delete_order_line").click().run()
    assert float(latest(acme.amy, Order).amount) == 270
    assert latest(acme.amy, OrderLine).product_id == tea


def test_files_are_kept_and_go_to_the_bin(acme, hotel, visit):
    screen = tab(visit(acme.amy, "customer", id=hotel), hotel, "Files")
    assert sees(screen, "No files yet.")
    screen.file_uploader[0].upload("contract.txt", b"Term: one year").run()
    press(screen, "Keep this file")
    kept = latest(acme.amy, Attachment)
    assert (kept.name, kept.size, kept.customer_id) == ("contract.txt", 14, hotel)
    assert sees(screen, "contract.txt", "File saved")
    screen.button(key=f"delete_file_{kept.id}").click().run()
    assert sees(sound(screen), "No files yet.", "File moved to the recycle bin")


def test_what_is_planned_can_be_ticked_here(acme, hotel, visit):
    plan = add(FollowUp(customer_id=hotel, subject="Renew", due_on=date(2026, 3, 20), owner_id=acme.amy.id))[0]
    screen = tab(visit(acme.amy, "customer", id=hotel), hotel, "Planned")
    screen.button(key=f"tick_{plan}").click().run()
    assert metrics(sound(screen))["Open follow-ups"] == "0"


def test_the_history_tells_old_and_new_and_takes_back(acme, hotel, visit):
    with transaction(acme.amy, "customer.update") as session:
        records.update(session, "customer", hotel, {"tier": "B"})
    screen = tab(visit(acme.amy, "customer", id=hotel), hotel, "History")
    assert sees(screen, "Tier: A → B", "Edited", "Amy")
    screen.button(key="undo_change_0").click().run()
    assert customer(acme.amy, hotel).tier == "A"
    assert sees(sound(screen), "Undone", "Tier: B → A")


def test_the_history_tells_the_users_own_fields_by_name(acme, hotel, visit):
    with transaction(acme.ada, "custom_field.create") as session:
        records.create(session, "custom_field", {"key": "seats", "name_en": "Seats", "kind": "integer"})
    for seats in (40, 60):
        with transaction(acme.amy, "customer.update") as session:
            records.update(session, "customer", hotel, {"seats": seats})
    assert sees(tab(visit(acme.amy, "customer", id=hotel), hotel, "History"), "Seats: 40 → 60", "Seats: – → 40")


def test_an_undo_over_a_later_edit_asks_first(acme, hotel, visit):
    for tier in ("B", "C"):
        with transaction(acme.amy, "customer.update") as session:
            records.update(session, "customer", hotel, {"tier": tier})
    screen = tab(visit(acme.amy, "customer", id=hotel), hotel, "History")
    screen.button(key="undo_change_1").click().run()
    assert sees(sound(screen), "This was changed again since. Put the old value back all the same?", "now “C”, before “A”")
    assert customer(acme.amy, hotel).tier == "C"
    screen.button(key="force_undo").click().run()
    assert customer(acme.amy, hotel).tier == "A"
    assert sees_nothing_of(sound(screen), "This was changed again since")


def test_tags_are_set_in_place(acme, hotel, visit):
    with transaction(acme.ada, "tag.create") as session:
        tag = records.create(session, "tag", {"name": "VIP"}).id
    screen = visit(acme.amy, "customer", id=hotel)
    labelled(screen, "Tags").set_value([tag]).run()
    assert sees(sound(screen), "Tags saved", "VIP")
    with reading(acme.amy) as session:
        assert [name for _, name, _ in header(session, session.get_one(Customer, hotel)).tags] == ["VIP"]


def test_personal_data_is_masked_until_asked_for_and_the_look_is_written_down(acme, hotel, visit):
    screen = visit(acme.amy, "customer", id=hotel)
    assert sees_nothing_of(screen, "13912342231", "front@example.com")
    press(screen, "Show phone and e-mail")
    assert sees(screen, "13912342231", "front@example.com")
    with reading(acme.ada) as session:
        look = audit(session)[0]
    assert (look["action"], look["actor"]) == ("customer.reveal", "Amy")
    assert "C-7001" in look["note"]


def test_the_viewer_can_neither_reveal_nor_change(acme, hotel, visit):
    screen = visit(acme.vic, "customer", id=hotel)
    assert sees_nothing_of(screen, "13912342231", "front@example.com")
    for label in ("Show phone and e-mail", "Edit", "Log follow-up", "Save", "More"):
        assert not has_button(screen, label)
    for name in ("Planned", "Contacts", "Orders", "Files", "History"):
        tab(screen, hotel, name)
        assert not has_button(screen, "Undo")
        assert not any(widget.label.startswith("Add") for widget in screen.button)


@pytest.mark.parametrize("wanted", ["999", "abc", "", "-1", "99999999999999999999"])
def test_an_unknown_number_is_told_plainly(acme, visit, wanted):
    screen = visit(acme.amy, "customer", id=wanted)
    assert sees(screen, "This record no longer exists, or you may not see it.", "To the list of customers")
    assert not screen.metric


def test_another_team_s_customer_is_not_there(acme, hotel, visit):
    for actor in (acme.cy, acme.sol, acme.bo):
        screen = visit(actor, "customer", id=hotel)
        assert sees(screen, "This record no longer exists, or you may not see it.")
        assert "Riverside" not in words(screen)


def test_deleting_leads_back_to_the_list_and_undo_brings_everything_back(acme, hotel, visit):
    add(company.purchase(hotel, "2026-03-02", 800), done(hotel, "2026-03-08T04:00", acme.amy))
    screen = choose(visit(acme.amy, "customer", id=hotel), f"customer_menu_{hotel}", "delete")
    assert sees(screen, "“Riverside Hotel” moved to the recycle bin", "Your customers live here.")
    press(screen, "Undo")
    assert list(table(screen, "customer.grid")["name"]) == ["Riverside Hotel"]
    assert metrics(go(screen, "customer", id=hotel))["Turnover so far"] == "¥800"


def test_a_contract_and_its_end_stand_in_the_timeline(acme, hotel, visit):
    add(Order(customer_id=hotel, code="K-9", kind="contract", ordered_on=date(2026, 1, 1), starts_on=date(2026, 1, 1), ends_on=date(2026, 1, 1) + timedelta(days=365), amount=12000))
    assert sees(visit(acme.amy, "customer", id=hotel), "Contract K-9", "¥12K")


def test_someone_else_s_words_are_never_markup(acme, visit):
    id_ = company.customer(acme.amy, name="**Bold** :red[x] <b>y</b>", city="$a$ `b`")
    add(done(id_, "2026-03-08T04:00", acme.amy, content="# Not a heading"))
    screen = visit(acme.amy, "customer", id=id_)
    assert sees(screen, "**Bold** :red[x]")
    assert button(screen, "Edit")


def test_system_owned_changes_cannot_be_taken_back_from_the_screen(acme, hotel, visit):
    with transaction(SYSTEM, "customer.update") as session:
        records.update(session, "customer", hotel, {"tier": "B"})
    screen = tab(visit(acme.ada, "customer", id=hotel), hotel, "History")
    assert sees(screen, "Tier: A → B")
    assert not has_button(screen, "Undo")
