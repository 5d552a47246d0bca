"""Follow-ups, orders, products, surveys and targets: list, drawer, and what is special to each."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from db import records
from db.engine import reading, transaction
from db.models import FollowUp, Order, Product, ProductLine, Question, Survey, SurveyInvitation, SurveyResponse, Target
from tests.db.queries import company
from tests.db.queries.company import add, done
from tests.pages.screen import choose, frame, has_button, labelled, open_row, open_tab, press, sees, sees_nothing_of, sound, table, tick_rows

BOTH = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
EMPTY = {"follow_ups": "Planned and finished follow-ups stand here.", "orders": "Orders and contracts stand here.", "products": "Add what you sell",
         "surveys": "Answers stand here.", "targets": "No targets yet."}


def newest(actor, model):
    with reading(actor) as session:
        return session.scalars(select(model).order_by(model.id.desc())).first()


def planned(acme, customer_id: int, subject: str, due: str, owner=None) -> int:
    return add(FollowUp(customer_id=customer_id, subject=subject, due_on=date.fromisoformat(due), owner_id=(owner or acme.amy).id))[0]


@pytest.mark.parametrize("key", EMPTY)
def test_an_empty_list_says_what_will_stand_there(acme, visit, key):
    assert sees(visit(acme.ada, key), EMPTY[key])


def test_who_may_not_enter_is_not_asked_to(acme, visit):
    screen = visit(acme.vic, "orders")
    assert sees(screen, "Nothing here yet that you may see.")
    assert sees_nothing_of(screen, "Enter the first one")


@BOTH
def test_follow_ups_are_listed_and_edited(acme, visit):
    hotel = company.customer(acme.amy, name="Riverside Hotel")
    planned(acme, hotel, "Renew", "2026-03-20")
    add(done(hotel, "2026-03-08T04:00", acme.amy))
    screen = visit(acme.amy, "follow_ups")
    assert list(table(screen, "follow_up.grid")["subject"]) == ["Call", "Renew"]
    choose(screen, "follow_up.filter.status", ["planned"])
    assert list(table(screen, "follow_up.grid")["customer_id"]) == ["Riverside Hotel"]
    open_row(screen, "follow_up.grid", 0)
    labelled(screen, "Subject").set_value("Renew the contract")
    press(screen, "Save")
    assert list(table(screen, "follow_up.grid")["subject"]) == ["Renew the contract"]
    press(screen, "Undo")
    assert list(table(screen, "follow_up.grid")["subject"]) == ["Renew"]


def test_a_follow_up_that_is_set_to_done_was_done_now(acme, visit):
    hotel = company.customer(acme.amy)
    planned(acme, hotel, "Renew", "2026-03-20")
    screen = open_row(visit(acme.amy, "follow_ups"), "follow_up.grid", 0)
    status = [widget for widget in screen.button_group if widget.label == "Status"][-1]
    status.set_value("done")
    press(screen, "Save")
    assert newest(acme.amy, FollowUp).done_on == date(2026, 3, 18)


@BOTH
def test_ticked_follow_ups_are_handed_over_to_whoever_sees_the_customer(acme, visit):
    hotel = company.customer(acme.amy)
    first, second = planned(acme, hotel, "One", "2026-03-20"), planned(acme, hotel, "Two", "2026-03-21")
    screen = tick_rows(visit(acme.mia, "follow_ups"), "follow_up.grid", 0, 1)
    assert sees(screen, "2 chosen")
    choose(screen, "hand_over_to", acme.cy.id)
    press(screen, "Hand over")
    assert sees(screen, "Cy cannot see this customer.")
    choose(screen, "hand_over_to", acme.mia.id)
    press(screen, "Hand over")
    assert sees(screen, "Handed over to Mia")
    with reading(acme.mia) as session:
        assert {session.get_one(FollowUp, id_).owner_id for id_ in (first, second)} == {acme.mia.id}
    press(screen, "Undo")
    with reading(acme.mia) as session:
        assert {session.get_one(FollowUp, id_).owner_id for id_ in (first, second)} == {acme.amy.id}


def test_the_month_shows_each_day_s_work_and_turns(acme, visit):
    hotel = company.customer(acme.amy, name="Riverside Hotel")
    planned(acme, hotel, "Renew", "2026-03-20")
    planned(acme, hotel, "Later", "2026-04-02")
    add(done(hotel, "2026-03-09T04:00", acme.amy))
    screen = choose(visit(acme.amy, "follow_ups"), "follow_ups_view", "month")
    assert sees(screen, "Mar 2026", "Fri 20", "✓1")
    screen.button(key="day_2026-03-20").click().run()
    assert sees(sound(screen), "Renew", "Riverside Hotel", "Fri 20 Mar")
    screen.button(key="day_2026-03-11").click().run()
    assert sees(sound(screen), "Nothing is due on this day.")
    screen.button(key="month_on").click().run()
    assert sees(sound(screen), "Apr 2026")
    screen.button(key="day_2026-04-02").click().run()
    assert sees(sound(screen), "Later")
    screen.button(key="month_now").click().run()
    assert sees(sound(screen), "Mar 2026")


def test_an_order_is_listed_edited_and_deleted_from_its_drawer(acme, visit):
    hotel = company.customer(acme.amy, name="Riverside Hotel")
    add(Order(customer_id=hotel, code="O-1", ordered_on=date(2026, 3, 1), amount=100))
    tea = add(Product(code="G-1", name="Green tea", price=120))[0]
    screen = open_row(visit(acme.amy, "orders"), "order.grid", 0)
    labelled(screen, "Amount").set_value(150)
    press(screen, "Save")
    assert newest(acme.amy, Order).amount == 150
    open_row(screen, "order.grid", 0)
    press(screen, "Add: Order line")
    labelled(screen, "Product").set_value(tea)
    labelled(screen, "Quantity").set_value(2)
    press(screen, "Save", 1)
    assert newest(acme.amy, Order).amount == 240
    press(screen, "Delete")
    assert sees(screen, "Moved to the recycle bin", "Orders and contracts stand here.")
    press(screen, "Undo")
    assert float(table(screen, "order.grid")["amount"].iloc[0]) == 240


def test_products_and_their_lines_are_kept_by_managers(acme, visit):
    screen = open_tab(visit(acme.mia, "products"), "product_tabs", "Product lines")
    screen.button(key="new_product_line").click().run()
    labelled(screen, "Name").set_value("Tea")
    press(screen, "Save")
    assert newest(acme.mia, ProductLine).name == "Tea"
    open_tab(screen, "product_tabs", "Products")
    screen.button(key="new_product").click().run()
    labelled(screen, "Name").set_value("Green tea")
    labelled(screen, "Product line").set_value(newest(acme.mia, ProductLine).id)
    labelled(screen, "Price").set_value(120)
    press(screen, "Save")
    assert newest(acme.mia, Product).price == 120
    assert list(table(screen, "product.grid")["product_line_id"]) == ["Tea"]
    assert not has_button(visit(acme.amy, "products"), "New: Product")


def test_a_product_line_is_never_a_part_of_itself(acme, visit):
    tea = add(ProductLine(name="Tea"))[0]
    green = add(ProductLine(name="Green", parent_id=tea))[0]
    screen = open_tab(visit(acme.mia, "products"), "product_tabs", "Product lines")
    open_row(screen, "product_line.grid", 1)
    labelled(screen, "Part of").set_value(green)
    press(screen, "Save")
    assert sees(screen, "A line cannot be a part of itself.")


def test_a_survey_with_its_questions_is_made_and_answers_are_listed(acme, visit):
    hotel = company.customer(acme.amy, name="Riverside Hotel")
    screen = open_tab(visit(acme.mia, "surveys"), "survey_tabs", "Surveys")
    screen.button(key="new_survey").click().run()
    labelled(screen, "Name").set_value("Spring survey")
    press(screen, "Save")
    open_tab(screen, "survey_tabs", "Questions")
    screen.button(key="new_question").click().run()
    labelled(screen, "Survey").set_value(newest(acme.mia, Survey).id)
    labelled(screen, "Key").set_value("overall")
    labelled(screen, "Wording").set_value("How was it?")
    labelled(screen, "Scale from").set_value(5)
    press(screen, "Save")
    assert sees(screen, "The scale must end above its beginning.")
    labelled(screen, "Scale from").set_value(1)
    press(screen, "Save")
    question = newest(acme.mia, Question)
    company.answers(hotel, question.id, [4], at="2026-03-10T04:00", comment="Fine")
    open_tab(screen, "survey_tabs", "Answers")
    answers = table(screen, "survey_response.grid")
    assert answers[["customer_id", "question_id", "score", "comment"]].to_numpy().tolist() == [["Riverside Hotel", "How was it?", 4, "Fine"]]


def test_a_tier_is_invited_to_a_survey_once_a_wave(acme, visit):
    for tier in "AB":
        company.customer(acme.amy, tier=tier, status="active", name=f"Customer of tier {tier}")
    company.survey(("csat", 1, 5))
    screen = open_tab(visit(acme.mia, "surveys"), "survey_tabs", "Invitations")
    assert sees(screen, "Invitations stand here.")
    assert labelled(screen, "Wave").value == "2026-Q1"
    labelled(screen, "Tier").set_value("A").run()
    press(screen, "Invite 1 customer")
    assert sees(screen, "1 customer invited")
    assert table(screen, "survey_invitation.grid")[["customer_id", "wave", "state"]].to_numpy().tolist() == [["Customer of tier A", "2026-Q1", "Sent"]]
    press(screen, "Invite 2 customers")
    assert len(table(screen, "survey_invitation.grid")) == 2
    press(screen, "Invite 2 customers")
    assert sees(screen, "Nobody new: all of them were invited in this wave")
    assert newest(acme.mia, SurveyInvitation).sent_on == date(2026, 3, 18)


def test_an_answer_off_the_scale_is_refused_however_it_comes(acme, visit):
    hotel, question = company.customer(acme.amy), company.question("csat", 1, 5)
    company.answers(hotel, question, [4], at="2026-03-10T04:00")
    screen = open_row(visit(acme.amy, "surveys"), "survey_response.grid", 0)
    labelled(screen, "Score").set_value(9)
    press(screen, "Save")
    assert sees(screen, "This answer is outside the scale.")
    assert newest(acme.amy, SurveyResponse).score == 4


def test_a_target_is_set_once_per_person_month_and_measure(acme, visit):
    screen = visit(acme.mia, "targets")
    for expected in ("Saved", "There is such a record already."):
        screen.button(key="new_target").click().run()
        labelled(screen, "Account manager").set_value(acme.amy.id)
        labelled(screen, "Month").set_value(date(2026, 3, 14))
        labelled(screen, "Measure").set_value("visits")
        labelled(screen, "Target value").set_value(8)
        press(screen, "Save")
        assert sees(screen, expected)
    target = newest(acme.mia, Target)
    assert (target.month, target.value) == (date(2026, 3, 1), 8)


def test_the_viewer_sees_the_lists_and_edits_nothing(acme, visit):
    hotel = company.customer(acme.amy, name="Riverside Hotel")
    add(Order(customer_id=hotel, code="O-1", ordered_on=date(2026, 3, 1), amount=100))
    planned(acme, hotel, "Renew", "2026-03-20")
    screen = visit(acme.vic, "orders")
    assert list(frame(screen, "amount")["amount"]) == [100]
    assert not any(widget.label.startswith("New") for widget in screen.button)
    open_row(visit(acme.vic, "follow_ups"), "follow_up.grid", 0)


def test_another_team_s_records_are_not_listed(acme, visit):
    hotel = company.customer(acme.amy, name="Riverside Hotel")
    add(Order(customer_id=hotel, code="O-1", ordered_on=date(2026, 3, 1), amount=100))
    planned(acme, hotel, "Renew", "2026-03-20")
    for key in ("orders", "follow_ups"):
        assert sees_nothing_of(visit(acme.cy, key), "Riverside")


def test_a_record_deleted_meanwhile_is_told_plainly(acme, visit):
    hotel = company.customer(acme.amy)
    order = add(Order(customer_id=hotel, code="O-1", ordered_on=date(2026, 3, 1), amount=100))[0]
    screen = open_row(visit(acme.amy, "orders"), "order.grid", 0)
    with transaction(acme.amy, "order.delete") as session:
        records.delete(session, "order", order)
    labelled(screen, "Amount").set_value(5)
    press(screen, "Save")
    assert sees(screen, "This record no longer exists, or you may not see it.")


def test_a_manager_s_targets_are_those_of_the_team(acme, visit):
    with transaction(acme.ada, "target.create") as session:
        for who in (acme.amy, acme.cy):
            records.create(session, "target", {"user_id": who.id, "month": date(2026, 3, 1), "measure": "visits", "value": 7})
    seen = {who.name: list(visit(who, "targets").dataframe[0].value["user_id"]) for who in (acme.ada, acme.mia, acme.sol)}
    assert seen == {"Ada": ["Amy", "Cy"], "Mia": ["Amy"], "Sol": ["Cy"]}
