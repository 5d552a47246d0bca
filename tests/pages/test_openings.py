"""What is open stands in the address: it is there again after a restart, it is saved once, and nobody opens with it what is not theirs."""

from __future__ import annotations

from datetime import date

import pytest
import streamlit as st
from sqlalchemy import func, select
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Widget
from streamlit.util import calc_hash

from components.drawer_address import Drawer, drawer
from components.rooms import BY_KEY
from db import records
from db.actions import follow_ups
from db.engine import reading, transaction
from db.models import Contact, FollowUp, Order, OrderLine, Product, SavedView, SurveyInvitation, SurveyResponse
from db.models.lists import LISTS
from tests.db.queries import company
from tests.db.queries.company import add
from tests.pages.conftest import cookie_of, entrance, tokens
from tests.pages.screen import choose, has_button, labelled, open_row, open_tab, press, sees, sees_nothing_of, sound, tick, tick_rows

NUMBER = "k3f9ab2c"
SAVED_BEFORE = "This was already saved."


@pytest.fixture
def hotel(acme) -> int:
    return company.customer(acme.amy, name="Riverside Hotel", code="C-7001", status="active")


@pytest.fixture
def mill(acme) -> int:
    return company.customer(acme.cy, name="Old Mill")


def contact(actor, customer_id: int, name: str = "Lin Mei") -> int:
    with transaction(actor, "contact.create") as session:
        return records.create(session, "contact", {"customer_id": customer_id, "name": name}).id


def count(actor, model, **values) -> int:
    with reading(actor) as session:
        return session.scalar(select(func.count()).select_from(model).filter_by(**values))


def notes(actor) -> list[str]:
    with reading(actor) as session:
        return list(session.scalars(select(FollowUp.content)))


def started_anew(actor, key: str, screen: AppTest, **tab: str) -> AppTest:
    """The page on a server that knows nothing but what the browser tells it: the address, what stands in the inputs, and the tab, if it is not the first."""
    after = entrance(tokens.digest(cookie_of(actor)))
    after.query_params.update(screen.query_params)
    for name, label in tab.items():
        after.session_state[name] = label
    after._page_hash = calc_hash(BY_KEY[key].url_path)
    after._run(WidgetStates(widgets=[one._widget_state for one in screen._tree if isinstance(one, Widget)]))
    after._page_hash = ""
    return sound(after)


def test_the_drawer_is_there_again_with_the_same_boxes_and_customer(acme, hotel, visit):
    screen = press(visit(acme.amy, "today"), "New")
    choose(screen, "drawer_choice", "plan")
    choose(screen, "drawer_customer.words", "riverside")
    labelled(screen, "Subject").set_value("Spring visit")
    again = started_anew(acme.amy, "today", screen)
    assert (labelled(again, "Subject").value, again.get_by_key("drawer_customer.words").value) == ("Spring visit", "riverside")
    press(again, "Save")
    assert count(acme.amy, FollowUp, subject="Spring visit", customer_id=hotel) == 1


def test_a_reload_opens_the_drawer_at_the_same_kind_of_entry_and_customer(acme, hotel, visit):
    screen = press(visit(acme.amy, "today"), "New")
    choose(screen, "drawer_choice", "plan")
    choose(screen, "drawer_customer.words", "riverside")
    after = visit(acme.amy, "today", **screen.query_params)
    assert after.get_by_key("drawer_choice").value == "plan"
    assert after.selectbox(key="drawer_customer.choice.").value == hotel


def test_a_drawer_that_was_saved_before_the_server_could_say_so_says_it_and_is_closed(acme, hotel, visit):
    address = {"open": f"follow_up.{hotel}.{NUMBER}"}
    screens = [visit(acme.amy, "today", **address) for _ in range(2)]
    for screen in screens:
        labelled(screen, "What happened").set_value("They like the offer")
        press(screen, "Save")
        assert "open" not in screen.query_params
    assert sees(screens[0], "Follow-up saved")
    assert sees(screens[1], SAVED_BEFORE)
    after = visit(acme.amy, "today", **address)
    assert sees(after, SAVED_BEFORE)
    assert "open" not in after.query_params
    assert count(acme.amy, FollowUp) == 1


@pytest.mark.parametrize("restarted", [False, True], ids=["at once", "after a restart"])
def test_what_is_typed_into_both_of_two_duplicated_tabs_is_saved_from_both(acme, hotel, visit, restarted):
    one, other = (visit(acme.amy, "today", open=f"follow_up.{hotel}.{NUMBER}") for _ in range(2))
    for screen, words in ((one, "They like the offer"), (other, "They want it in May")):
        labelled(screen, "What happened").set_value(words)
    press(one, "Save")
    other = started_anew(acme.amy, "today", other) if restarted else other
    assert labelled(other, "What happened").value == "They want it in May"
    press(other, "Save")
    assert sees(other, "Follow-up saved")
    assert "open" not in other.query_params
    assert sorted(notes(acme.amy)) == ["They like the offer", "They want it in May"]


def test_a_duplicated_tab_in_which_nothing_was_typed_yet_is_still_there_to_type_in(acme, hotel, visit):
    one, other = (visit(acme.amy, "today", open=f"follow_up.{hotel}.{NUMBER}") for _ in range(2))
    labelled(one, "What happened").set_value("They like the offer")
    press(one, "Save")
    other = started_anew(acme.amy, "today", other)
    labelled(other, "What happened").set_value("They want it in May")
    press(other, "Save")
    assert sorted(notes(acme.amy)) == ["They like the offer", "They want it in May"]


def test_a_number_is_used_up_for_one_person_only(acme, hotel, visit):
    for actor in (acme.amy, acme.ada):
        screen = visit(actor, "today", open=f"plan.{hotel}.{NUMBER}")
        labelled(screen, "Subject").set_value("Spring visit")
        press(screen, "Save")
        assert sees(screen, "Follow-up planned")
    assert count(acme.ada, FollowUp) == 2


def test_every_opening_and_every_success_has_a_number_of_its_own(acme, hotel, visit):
    screen, addresses = visit(acme.amy, "today"), []
    for subject in ("Spring visit", "Summer visit"):
        press(screen, "New")
        choose(screen, "drawer_choice", "plan")
        choose(screen, "drawer_customer.words", "riverside")
        addresses.append(screen.query_params["open"])
        labelled(screen, "Subject").set_value(subject)
        press(screen, "Save")
    assert len(set(addresses)) == 2
    assert count(acme.amy, FollowUp) == 2
    assert "open" not in screen.query_params


def test_the_form_of_a_contact_is_there_again_on_its_tab_and_is_saved_once(acme, hotel, visit):
    screens = [visit(acme.amy, "customer", id=hotel, **{"edit.contact": f"new.{NUMBER}"}) for _ in range(2)]
    assert labelled(screens[0], "Full name").key == labelled(screens[1], "Full name").key
    for screen in screens:
        labelled(screen, "Full name").set_value("Lin Mei")
        press(screen, "Save")
        assert "edit.contact" not in screen.query_params
    assert sees(screens[1], SAVED_BEFORE)
    assert count(acme.amy, Contact) == 1


def test_a_survey_sheet_is_there_again_and_is_saved_once(acme, hotel, visit):
    company.question("nps", 0, 10, key="Would you recommend us?")
    screen = visit(acme.amy, "surveys", open=f"survey_response.{hotel}.{NUMBER}")
    labelled(screen, "Would you recommend us?").set_value(9)
    labelled(screen, "Comment").set_value("Fine")
    press(started_anew(acme.amy, "surveys", screen), "Save")
    assert sees(started_anew(acme.amy, "surveys", screen), SAVED_BEFORE)
    assert count(acme.amy, SurveyResponse, comment="Fine") == 1


def test_a_line_of_an_order_is_there_again_below_its_order_and_is_saved_once(acme, hotel, visit):
    tea, order = add(Product(name="Tea", price=5), Order(customer_id=hotel, code="O-1", ordered_on=date(2026, 3, 1), amount=100))
    screen = visit(acme.amy, "orders", open=f"record.order.{order}.{NUMBER}", **{"edit.order_line": "new.b54y2qeh"})
    labelled(screen, "Product").set_value(tea)
    press(started_anew(acme.amy, "orders", screen), "Save", 1)
    after = started_anew(acme.amy, "orders", screen)
    assert sees(after, SAVED_BEFORE)
    assert after.query_params == {"open": f"record.order.{order}.{NUMBER}"}
    assert count(acme.amy, OrderLine) == 1


def test_a_note_whose_answer_was_lost_is_saved_once(acme, hotel, visit):
    screen = visit(acme.amy, "customer", id=hotel)
    labelled(screen, "What happened").set_value("Asked for a quote")
    lost = started_anew(acme.amy, "customer", screen)
    assert labelled(lost, "What happened").value == "Asked for a quote"
    press(lost, "Save")
    after = started_anew(acme.amy, "customer", screen)
    assert sees(after, SAVED_BEFORE)
    assert labelled(after, "What happened").value == ""
    labelled(after, "What happened").set_value("And for a tasting")
    press(after, "Save")
    assert count(acme.amy, FollowUp) == 2


def test_a_view_whose_answer_was_lost_is_saved_once_and_the_next_one_is_another(acme, hotel, visit):
    screen = visit(acme.amy, "customers")
    screen.text_input(key="customer.new_view").set_value("Key accounts")
    press(started_anew(acme.amy, "customers", screen), "Save view")
    after = started_anew(acme.amy, "customers", screen)
    assert sees(after, SAVED_BEFORE)
    press(press(after, "Save view"), "Save view")
    assert count(acme.amy, SavedView, name="Key accounts") == 3


def test_follow_ups_for_a_list_whose_answer_was_lost_are_planned_once(acme, hotel, visit):
    nobody_s = company.customer(None, name="Nobody's")
    screen = tick(choose(visit(acme.ada, "data_care", part="faults"), "care_fault", "unassigned"), "fault_unassigned", nobody_s)
    press(started_anew(acme.ada, "data_care", screen), "Create a follow-up for 1 customer")
    with transaction(acme.ada, "follow_up.complete") as session:
        follow_ups.complete(session, session.scalars(select(FollowUp.id)).one())
    after = started_anew(acme.ada, "data_care", screen)
    assert sees(after, SAVED_BEFORE)
    assert not has_button(after, "Create a follow-up for 1 customer")
    press(tick(after, "fault_unassigned", nobody_s), "Create a follow-up for 1 customer")
    assert count(acme.ada, FollowUp) == 2


def test_invitations_whose_answer_was_lost_are_noted_once(acme, hotel, visit):
    company.survey(("csat", 1, 5))
    screen = open_tab(visit(acme.mia, "surveys"), "survey_tabs", "Invitations")
    labelled(screen, "Wave").set_value("Spring")
    press(started_anew(acme.mia, "surveys", screen, survey_tabs="Invitations"), "Invite 1 customer")
    after = started_anew(acme.mia, "surveys", screen, survey_tabs="Invitations")
    assert sees(after, SAVED_BEFORE)
    assert labelled(after, "Wave").value == "2026-Q1"
    assert count(acme.mia, SurveyInvitation, wave="Spring") == 1


def test_what_others_wrote_before_the_restart_is_told_and_not_overwritten(acme, hotel, visit):
    lin = contact(acme.amy, hotel)
    screen = visit(acme.amy, "customer", id=hotel, **{"edit.contact": f"{lin}.{NUMBER}"})
    labelled(screen, "Job title").set_value("Buyer")
    with transaction(acme.ada, "contact.update") as session:
        records.update(session, "contact", lin, {"position": "Director"}, 1)
    after = started_anew(acme.amy, "customer", screen)
    assert labelled(after, "Job title").value == "Buyer"
    press(after, "Save")
    assert sees(after, "Job title: you wrote “Buyer”, it is now “Director”.")


def test_a_record_that_hangs_elsewhere_is_neither_opened_nor_moved(acme, hotel, mill, visit):
    other = contact(acme.amy, company.customer(acme.amy, name="Tea House"), "Mo Yan")
    for address in (f"{other}.{NUMBER}", f"{contact(acme.cy, mill)}.{NUMBER}", f"999999.{NUMBER}", f"x.{NUMBER}", "new.short", "new"):
        screen = visit(acme.amy, "customer", id=hotel, **{"edit.contact": address})
        assert sees_nothing_of(screen, "Mo Yan", "Close")


@pytest.fixture
def address(monkeypatch) -> dict[str, str]:
    params: dict[str, str] = {}
    monkeypatch.setattr(st, "query_params", params)
    monkeypatch.setattr(st, "session_state", {})
    return params


def test_an_address_that_names_nothing_of_the_actors_opens_nothing(acme, hotel, mill, address):
    amys = contact(acme.amy, hotel)
    for of in ("", "nothing", f"follow_up.{mill}", "follow_up.999999", "follow_up.x", "plan.-1", "customer.x", "complete", "complete.1", "record",
               "record.nothing", "record.change.1", "record.user", f"record.user.{acme.amy.id}", "record.organisation.1", "record.attachment", "record.saved_view",
               f"record.contact.{amys}", "record.customer", "record.target", "record.option.industry", "record.option", "record.order.999999", "record.order.x",
               "record.absence.x", "<script>", "a" * 5000):
        address["open"] = f"{of}.{NUMBER}"
        assert drawer(acme.amy) is None, of
    for open_ in ("", ".", "follow_up", "follow_up.", f"follow_up.{hotel}", f"follow_up.{hotel}.K3F9AB2C", f"follow_up.{hotel}.{NUMBER}x"):
        address["open"] = open_
        assert drawer(acme.amy) is None, open_


def test_an_address_opens_what_the_actor_may(acme, hotel, address):
    industry = next(iter(LISTS))
    for actor, of, wanted in ((acme.amy, f"follow_up.{hotel}", Drawer("follow_up", NUMBER, hotel)), (acme.amy, "plan.", Drawer("plan", NUMBER)),
                              (acme.amy, "record.absence.", Drawer("record", NUMBER, noun="absence")),
                              (acme.ada, f"record.user.{acme.amy.id}", Drawer("record", NUMBER, noun="user", id=acme.amy.id)),
                              (acme.ada, f"record.option.{industry}", Drawer("record", NUMBER, noun="option", list_key=industry))):
        address["open"] = f"{of}.{NUMBER}"
        assert drawer(actor) == wanted


def test_a_row_that_is_not_there_is_no_trouble(acme, hotel, visit):
    screen = visit(acme.amy, "customers")
    open_row(tick_rows(screen, "customer.grid", 99999, -1), "customer.grid", 99999)
    assert sees(screen, "Riverside Hotel")
    assert not has_button(screen, "Hand over")
