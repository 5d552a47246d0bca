from __future__ import annotations

from datetime import date, timedelta

import pytest

from db import records
from db.engine import reading, transaction
from db.models import Customer, FollowUp, Order
from tests.db.queries import company
from tests.db.queries.company import add, done, planned
from tests.houses import filled_once
from tests.pages.screen import choose, has_button, labelled, press, sees, sees_nothing_of, sound, words

TODAY = date(2026, 3, 18)


def follow_up(actor, id_: int) -> FollowUp:
    with reading(actor) as session:
        return session.get_one(FollowUp, id_)


def sections(screen) -> list[str]:
    return [shown.value for shown in screen.markdown if shown.value.startswith("**") and ":gray[" in shown.value and ":material" not in shown.value]


@pytest.fixture
@filled_once
def agenda(acme) -> dict[str, int]:
    """Amy's follow-ups, one late, one today, one on the last of the seven days and one after it; and one of Bo's."""
    hotel, mill = company.customer(acme.amy, name="Riverside Hotel"), company.customer(acme.bo, name="Old Mill")
    planned_on = {"late": "2026-03-16", "today": "2026-03-18", "ahead": "2026-03-25", "later": "2026-03-26"}
    found = {name: add(FollowUp(customer_id=hotel, subject=f"Call {name}", method="call", due_on=date.fromisoformat(day), owner_id=acme.amy.id))[0]
             for name, day in planned_on.items()}
    found["other"] = add(FollowUp(customer_id=mill, subject="Call other", due_on=date(2026, 3, 18), owner_id=acme.bo.id))[0]
    return {**found, "hotel": hotel, "mill": mill}


@pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
def test_the_day_of_an_account_manager(agenda, acme, visit):
    screen = visit(acme.amy, "today")
    assert sees(screen, "Good morning, Amy", "Wed 18 Mar · 1 overdue, 1 due today, 1 coming up", "Call late", "2 days late", "Call today", "Call ahead", "Wed 25 Mar", "Riverside Hotel")
    assert sections(screen) == ["**Overdue** :gray[1]", "**Today** :gray[1]", "**Next 7 days** :gray[1]"]
    assert sees_nothing_of(screen, "Call later", "Call other", "Old Mill")


def test_nothing_to_do_is_said_kindly(acme, visit):
    screen = visit(acme.amy, "today")
    assert sees(screen, "Nothing is waiting for you", "0 due today, 0 coming up")
    assert sees_nothing_of(screen, "Needs attention", "Getting started")


def test_a_tick_completes_a_follow_up_and_undo_opens_it_again(agenda, acme, visit):
    screen = visit(acme.amy, "today")
    screen.button(key=f"tick_{agenda['late']}").click().run()
    assert sees(sound(screen), "1 due today, 1 coming up", "Done", "Undo")
    assert sees_nothing_of(screen, "Call late")
    assert follow_up(acme.amy, agenda["late"]).status == "done"
    press(screen, "Undo")
    assert sees(screen, "1 overdue", "Call late", "Undone")
    assert follow_up(acme.amy, agenda["late"]).status == "planned"


@pytest.mark.parametrize(("choice", "day"), [("tomorrow", date(2026, 3, 19)), ("monday", date(2026, 3, 23)), ("week", date(2026, 3, 25))])
def test_snoozing_moves_a_follow_up(agenda, acme, visit, choice, day):
    screen = choose(visit(acme.amy, "today"), f"menu_{agenda['late']}", choice)
    assert follow_up(acme.amy, agenda["late"]).due_on == day
    assert sees(screen, "1 due today, 2 coming up", "Moved to")


def test_a_follow_up_can_be_called_off(agenda, acme, visit):
    screen = choose(visit(acme.amy, "today"), f"menu_{agenda['today']}", "cancel")
    assert follow_up(acme.amy, agenda["today"]).status == "cancelled"
    assert sees(screen, "1 overdue, 0 due today", "Cancelled")


def test_a_note_and_the_next_step_go_with_the_tick(agenda, acme, visit):
    screen = choose(visit(acme.amy, "today"), f"menu_{agenda['today']}", "note")
    labelled(screen, "What happened").set_value("They want 40 rooms")
    labelled(screen, "Satisfaction").set_value(5)
    screen.text_input(key="next_subject").set_value("Send the offer")
    screen.date_input(key="next_due_on").set_value(date(2026, 3, 20))
    press(screen, "Save")
    finished = follow_up(acme.amy, agenda["today"])
    assert (finished.status, finished.content, finished.rating) == ("done", "They want 40 rooms", 5)
    assert sees(screen, "Send the offer", "1 overdue, 0 due today, 2 coming up")


def test_a_long_section_is_folded_until_asked_for(acme, visit):
    id_ = company.customer(acme.amy)
    add(*(planned(id_, "2026-03-17", acme.amy) for _ in range(31)))
    screen = visit(acme.amy, "today")
    assert len([widget for widget in screen.button if str(widget.key).startswith("tick_")]) == 8
    assert sees(screen, "31 overdue")
    press(screen, "Show 22 more")
    assert len([widget for widget in screen.button if str(widget.key).startswith("tick_")]) == 30
    assert sees(screen, "All 31 of them")


def test_the_manager_sees_the_team_s_day_and_the_own_one(agenda, acme, visit):
    company.customer(acme.cy, name="Southern Star")
    add(FollowUp(customer_id=agenda["mill"], subject="Visit at noon", status="done", done_at=company.datetime(2026, 3, 18, 1, tzinfo=company.UTC), owner_id=acme.bo.id))
    screen = visit(acme.mia, "today")
    assert sees(screen, "Call other", "Call today", "1 overdue, 2 due today, 1 coming up", "By person", "Logged today", "Visit at noon")
    assert [widget.label for widget in screen.button if str(widget.key).startswith("person_")] == ["Amy", "Bo"]
    assert sees(screen, "1 overdue", "1 due today", "1 done")
    choose(screen, "today_scope", "mine")
    assert sees(screen, "0 due today, 0 coming up")
    assert sees_nothing_of(screen, "Call other", "By person")


def test_the_viewer_sees_the_day_and_can_do_nothing(agenda, acme, visit):
    screen = visit(acme.vic, "today")
    assert sees(screen, "Call late", "Call other")
    assert not [widget for widget in screen.button if str(widget.key).startswith("tick_")]
    assert not has_button(screen, "Log follow-up")
    assert not has_button(screen, "New")


def test_whoever_needs_attention_stands_there_with_the_reason(acme, visit):
    silent = company.customer(acme.amy, name="Silent Ltd", tier="B", status="active", customer_since=date(2025, 1, 1))
    unhappy = company.customer(acme.amy, name="Cross Ltd", status="active")
    ending = company.customer(acme.amy, name="Term Ltd", status="active", customer_since=TODAY)
    company.customer(acme.amy, name="Lin Yue", kind="person", birthday=date(1980, 3, 20), birthday_mmdd=320, customer_since=TODAY)
    company.customer(acme.bo, name="Bo's own", birthday=date(1980, 3, 20), birthday_mmdd=320)
    add(done(silent, "2026-01-07T04:00", acme.amy), done(unhappy, "2026-03-10T04:00", acme.amy, rating=2),
        Order(customer_id=ending, code="K-1", kind="contract", ordered_on=TODAY - timedelta(days=300), starts_on=TODAY - timedelta(days=300), ends_on=date(2026, 4, 2)))
    screen = visit(acme.amy, "today")
    assert sees(screen, "Needs attention", "Silent Ltd", "70 days without contact; usual is every 60", "Cross Ltd", "Rated 2 of 5 on 10 Mar", "Term Ltd", "Contract ends 2 Apr",
                "Lin Yue", "Birthday 20 Mar")
    assert sees_nothing_of(screen, "Bo's own")


def test_the_first_steps_tick_themselves_and_go_when_done(acme, visit):
    screen = visit(acme.ada, "today")
    assert sees(screen, "Getting started", "1/5", "Add or import your customers")
    id_ = company.customer(acme.amy)
    add(done(id_, "2026-03-10T04:00", acme.amy), company.purchase(id_, "2026-03-01"))
    assert sees(screen.run(), "4/5")
    with transaction(acme.ada, "target.create") as session:
        records.create(session, "target", {"user_id": acme.amy.id, "month": TODAY, "measure": "visits", "value": 5})
    assert sees_nothing_of(screen.run(), "Getting started")


def test_a_lost_customer_wants_no_contact(acme, visit):
    id_ = company.customer(acme.amy, name="Gone Ltd", status="lost", customer_since=date(2020, 1, 1))
    with reading(acme.amy) as session:
        assert session.get_one(Customer, id_).contact_due_on is None
    assert "Gone Ltd" not in words(visit(acme.amy, "today"))
