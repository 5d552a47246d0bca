"""The drawer that opens from every page."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from components import duplicate_hint
from db.engine import reading
from db.models import Customer, FollowUp, Order, Question, SurveyResponse
from tests.db.queries import company
from tests.houses import filled_once
from tests.pages.screen import choose, has_button, labelled, press, sees, sees_nothing_of

BOTH = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
@filled_once
def hotel(acme) -> int:
    return company.customer(acme.amy, name="Riverside Hotel", status="active")


def newest(actor, model, **values):
    with reading(actor) as session:
        return session.scalars(select(model).filter_by(**values).order_by(model.id.desc())).first()


def drawer(screen, what: str, words: str | None = "riverside"):
    press(screen, "New")
    choose(screen, "drawer_choice", what)
    return choose(screen, "drawer_customer.words", words) if words else screen


@BOTH
def test_a_follow_up_is_logged_with_its_next_step(acme, hotel, visit):
    screen = drawer(visit(acme.amy, "orders"), "follow_up")
    labelled(screen, "What happened").set_value("They like the offer")
    labelled(screen, "Satisfaction").set_value(4)
    screen.text_input(key="next_subject").set_value("Send the contract")
    screen.date_input(key="next_due_on").set_value(date(2026, 3, 25))
    press(screen, "Save")
    assert sees(screen, "Follow-up saved")
    assert not has_button(screen, "Save")
    done, planned = newest(acme.amy, FollowUp, status="done"), newest(acme.amy, FollowUp, status="planned")
    assert (done.customer_id, done.subject, done.rating, done.owner_id) == (hotel, "They like the offer", 4, acme.amy.id)
    assert (planned.subject, planned.due_on, planned.previous_id) == ("Send the contract", date(2026, 3, 25), done.id)


def test_undo_takes_the_follow_up_and_its_next_step_back_together(acme, hotel, visit):
    screen = drawer(visit(acme.amy, "today"), "follow_up")
    labelled(screen, "What happened").set_value("Typed in error")
    screen.text_input(key="next_subject").set_value("Never mind")
    screen.date_input(key="next_due_on").set_value(date(2026, 3, 25))
    press(screen, "Save")
    press(screen, "Undo")
    assert sees(screen, "Undone")
    assert newest(acme.amy, FollowUp) is None


def test_a_next_step_without_a_day_is_refused_and_everything_typed_stays(acme, hotel, visit):
    screen = drawer(visit(acme.amy, "today"), "follow_up")
    labelled(screen, "What happened").set_value("Long talk")
    screen.text_input(key="next_subject").set_value("Call again")
    press(screen, "Save")
    assert sees(screen, "A planned follow-up needs a due date.")
    assert labelled(screen, "What happened").value == "Long talk"
    assert newest(acme.amy, FollowUp) is None


@BOTH
def test_an_empty_follow_up_is_refused_beside_the_field_that_is_missing(acme, hotel, visit):
    screen = press(drawer(visit(acme.amy, "today"), "follow_up"), "Save")
    assert sees(screen, "Please write what happened.", "Please check the marked fields")
    assert newest(acme.amy, FollowUp) is None


def test_a_low_rating_opens_a_follow_up_to_win_the_customer_back(acme, hotel, visit):
    screen = drawer(visit(acme.amy, "today"), "follow_up")
    labelled(screen, "What happened").set_value("The delivery was late")
    labelled(screen, "Satisfaction").set_value(2)
    press(screen, "Save")
    recovery = newest(acme.amy, FollowUp, status="planned")
    assert (recovery.subject, recovery.due_on, recovery.owner_id) == ("Win back: rated 2 of 5", date(2026, 3, 20), acme.amy.id)
    assert sees(screen, "Win back: rated 2 of 5", "1 coming up")


def test_a_follow_up_is_planned(acme, hotel, visit):
    screen = drawer(visit(acme.amy, "today"), "plan")
    labelled(screen, "Subject").set_value("Spring visit")
    labelled(screen, "Due date").set_value(date(2026, 4, 2))
    press(screen, "Save")
    assert newest(acme.amy, FollowUp).due_on == date(2026, 4, 2)
    assert sees(screen, "Follow-up planned")


def test_a_customer_is_added_and_belongs_to_whoever_added_it(acme, visit):
    screen = drawer(visit(acme.amy, "today"), "customer", words=None)
    press(screen, "Save")
    assert sees(screen, "Please fill in this field.")
    labelled(screen, "Name").set_value("Old Mill")
    press(screen, "Save")
    added = newest(acme.amy, Customer)
    assert (added.name, added.owner_id, added.code) == ("Old Mill", acme.amy.id, "C-0001")
    assert sees(screen, "Customer added")


def test_an_order_is_entered(acme, hotel, visit):
    screen = drawer(visit(acme.amy, "today"), "order")
    labelled(screen, "Amount").set_value(199.9)
    press(screen, "Save")
    order = newest(acme.amy, Order)
    assert (order.customer_id, float(order.amount), order.ordered_on) == (hotel, 199.9, date(2026, 3, 18))


def test_a_survey_sheet_is_entered_on_its_scale_and_never_blank(acme, hotel, visit):
    question = company.question("nps", 0, 10, key="Would you recommend us?")
    screen = drawer(visit(acme.amy, "surveys"), "survey_response")
    press(screen, "Save")
    assert sees(screen, "Please answer at least one question.")
    scale = labelled(screen, "Would you recommend us?")
    assert scale.options == [str(score) for score in range(11)]
    scale.set_value(3)
    labelled(screen, "Comment").set_value("Too slow")
    press(screen, "Save")
    answer = newest(acme.amy, SurveyResponse)
    assert (answer.question_id, answer.score, answer.comment, answer.manager_id, answer.customer_id) == (question, 3, "Too slow", acme.amy.id, hotel)
    assert newest(acme.amy, FollowUp, status="planned").subject == "Win back: unhappy in a survey"


def test_a_customer_marked_as_unhappy_is_won_back_whatever_the_score_and_the_manager_sees_it(acme, hotel, visit):
    question = company.question("nps", 0, 10, key="Would you recommend us?")
    screen = drawer(visit(acme.amy, "surveys"), "survey_response")
    labelled(screen, "Would you recommend us?").set_value(9)
    labelled(screen, "Customer is unhappy").set_value(True)
    press(screen, "Save")
    answer = newest(acme.amy, SurveyResponse)
    assert (answer.question_id, answer.score, answer.unhappy) == (question, 9, True)
    assert sees(visit(acme.mia, "today"), "Unhappy customers to win back", "Riverside Hotel", "Amy · due 20 Mar", "Recovery")
    assert sees(visit(acme.amy, "customer", id=hotel), "Win back: unhappy in a survey", "Recovery")
    assert sees_nothing_of(visit(acme.sol, "today"), "Riverside Hotel")


def test_without_a_survey_the_drawer_says_where_to_make_one(acme, hotel, visit):
    screen = drawer(visit(acme.amy, "today"), "survey_response")
    assert sees(screen, "There is no survey yet. Make one on the Surveys page.")
    assert newest(acme.amy, Question) is None


def test_only_the_own_customers_can_be_chosen(acme, hotel, visit):
    company.customer(acme.cy, name="Riverside South")
    screen = drawer(visit(acme.amy, "today"), "plan")
    assert sees(screen, "Riverside Hotel")
    assert sees_nothing_of(screen, "Riverside South")
    choose(screen, "drawer_customer.words", "nobody of that name")
    assert sees(screen, "No customer matches.")


def test_the_service_agent_is_offered_what_the_role_may_enter(acme, visit):
    screen = press(visit(acme.gil, "today"), "New")
    offered = screen.get_by_key("drawer_choice")
    assert len(offered.options) == 3


def test_who_may_be_entered_already_stands_below_what_was_typed_last_and_is_compared():
    assert duplicate_hint.lowest({"name": "Old Mill", "status": "lead", "phone": "139 1234 2231", "email": None, "notes": "Met at the fair"}) == "phone"
    assert duplicate_hint.lowest({"name": "Old Mill", "phone": "", "email": None}) == "name"


def test_whoever_is_entered_already_is_shown_while_typing_and_keeps_nobody_from_saving(acme, hotel, visit):
    company.customer(acme.bo, name="Old Mill", phone="13912342231")
    screen = drawer(visit(acme.amy, "today"), "customer", words=None)
    labelled(screen, "Name").set_value("Riverside Hotel Ltd").run()
    labelled(screen, "Phone").set_value("139 1234 2231").run()
    assert sees(screen, "2 customers may be entered already", "same name · Owner Amy", "Exists, owned by Bo.")
    assert sees_nothing_of(screen, "Old Mill")
    press(screen, "Save")
    assert newest(acme.amy, Customer).name == "Riverside Hotel Ltd"
