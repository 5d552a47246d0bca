"""Mistakes cost nothing: undo, bad input, impatience."""

from __future__ import annotations

from sqlalchemy import select

from db.engine import reading
from db.models import Customer, FollowUp
from db.policy import SYSTEM
from tests.journeys import drawer


def test_the_bar_after_an_action_offers_undo_and_u_takes_it_back(visit, house):
    customer = house.customer("Birch Lane Bakery")
    window = visit()
    window.go(f"customer?id={customer}")
    form = drawer.opened(window, "l")
    drawer.fill_follow_up(form, "Written by mistake")
    drawer.save(window, form)
    window.says("Written by mistake")
    window.says("Follow-up saved")
    window.settle().keyboard.press("u")
    window.says("Undone")
    window.page.get_by_text("Written by mistake").wait_for(state="detached")


def test_bad_input_is_named_beside_its_field_and_nothing_typed_is_lost(visit):
    window = visit()
    window.go("customers")
    form = drawer.opened(window, "n")
    drawer.choose_kind(form, "Customer")
    form.get_by_label("Name *").fill("Copper Kettle Inn")
    form.get_by_text("Contact details").click()
    form.get_by_label("E-mail").wait_for()
    form.get_by_label("Phone").fill("+86 574 5550 0199")
    form.get_by_label("E-mail").fill("kettle.example.com")
    form.get_by_role("button", name="Save").click()
    message = form.locator(".st-key-problem_email")
    message.wait_for()
    gap = message.bounding_box()["y"] - form.get_by_label("E-mail").bounding_box()["y"]
    assert 0 < gap < 80
    assert [form.get_by_label(label).input_value() for label in ("Name *", "Phone", "E-mail")] == ["Copper Kettle Inn", "+86 574 5550 0199", "kettle.example.com"]
    form.get_by_label("E-mail").fill("kettle@example.com")
    drawer.save(window, form)
    window.cell("Copper Kettle Inn").wait_for(state="attached")


def test_an_impatient_double_click_saves_once(visit, house):
    customer = house.customer("Slate Roof Works")
    window = visit()
    window.go(f"customer?id={customer}")
    form = drawer.opened(window, "l")
    drawer.fill_follow_up(form, "Clicked twice")
    form.get_by_role("button", name="Save").dblclick()
    form.wait_for(state="detached")
    window.says("Clicked twice")
    window.settle()
    with house.data(), reading(SYSTEM) as session:
        logged = select(FollowUp.content).join(Customer, Customer.id == FollowUp.customer_id).where(Customer.id == customer)
        assert list(session.scalars(logged)) == ["Clicked twice"]
