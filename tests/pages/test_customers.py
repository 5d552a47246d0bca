from __future__ import annotations

from datetime import date

import pytest

from db import records
from db.engine import reading, transaction
from db.models import Customer, SavedView
from tests.db.queries import company
from tests.db.queries.company import add, done
from tests.houses import filled_once
from tests.pages.screen import button, choose, go, has_button, open_row, press, sees, sees_nothing_of, sound, table, tick_rows, words

BOTH = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)


def names(screen) -> list[str]:
    return list(table(screen, "customer.grid")["name"]) if screen.dataframe else []


@pytest.fixture
@filled_once
def clients(acme) -> dict[str, int]:
    """Four of Amy's, one of Bo's, one of Cy's in the other team."""
    kinds = {"Riverside Hotel": ("A", "active", "hospitality", "Hangzhou"), "Old Mill": ("B", "active", "retail", "Suzhou"), "Tea House": ("A", "lead", "retail", "Hangzhou"),
             "Book Corner": (None, "lost", None, None)}
    found = {name: company.customer(acme.amy, name=name, tier=tier, status=status, industry=industry, city=city, phone="13912342231", email="lin@example.com")
             for name, (tier, status, industry, city) in kinds.items()}
    found["Bo's Bakery"], found["Southern Star"] = company.customer(acme.bo, name="Bo's Bakery"), company.customer(acme.cy, name="Southern Star")
    add(done(found["Old Mill"], "2026-03-10T04:00", acme.amy), done(found["Tea House"], "2026-03-12T04:00", acme.amy))
    return found


def owners(acme, *ids: int) -> list[int | None]:
    with reading(acme.ada) as session:
        return [session.get_one(Customer, id_).owner_id for id_ in ids]


def test_an_empty_house_says_what_to_do(acme, visit):
    screen = visit(acme.ada, "customers")
    assert sees(screen, "Your customers live here. Add the first one, or import a file.")
    assert has_button(screen, "Import")
    assert has_button(screen, "New customer")


@BOTH
def test_everybody_sees_those_of_the_own_reach(acme, clients, visit):
    assert set(names(visit(acme.amy, "customers"))) == {"Riverside Hotel", "Old Mill", "Tea House", "Book Corner"}
    assert set(names(visit(acme.mia, "customers"))) == set(clients) - {"Southern Star"}
    assert set(names(visit(acme.ada, "customers"))) == set(clients)


def test_the_latest_contact_stands_first_and_any_column_can_sort(acme, clients, visit):
    screen = visit(acme.amy, "customers")
    assert names(screen)[:2] == ["Tea House", "Old Mill"]
    choose(screen, "customer.sort", ("name", False))
    assert names(screen) == ["Book Corner", "Old Mill", "Riverside Hotel", "Tea House"]
    choose(screen, "customer.sort", ("name", True))
    assert names(screen)[0] == "Tea House"


@BOTH
@pytest.mark.parametrize("wanted", ["riverside", "Hotel", "C-0001", "Hang", "2231"])
def test_the_search_box_finds_by_name_code_city_and_number(acme, visit, wanted):
    with transaction(acme.amy, "customer.create") as session:
        records.create(session, "customer", {"name": "Riverside Hotel", "city": "Hangzhou", "phone": "13912342231", "owner_id": acme.amy.id})
    screen = choose(visit(acme.amy, "customers"), "customer.search", wanted)
    assert names(screen) == ["Riverside Hotel"]
    choose(screen, "customer.search", "nobody of that name")
    assert sees(screen, "Nothing matches. Clear the search or the filters.")


@BOTH
def test_filters_narrow_together_and_are_cleared_together(acme, clients, visit):
    screen = visit(acme.amy, "customers")
    choose(screen, "customer.filter.tier", ["A"])
    assert set(names(screen)) == {"Riverside Hotel", "Tea House"}
    choose(screen, "customer.filter.industry", ["retail"])
    assert names(screen) == ["Tea House"]
    assert sees(screen, "Filter (2)", "1 record")
    press(screen, "Clear filters")
    assert len(names(screen)) == 4
    assert sees_nothing_of(screen, "Filter (")


def test_a_filter_by_date_reaches_far_back(acme, visit):
    company.customer(acme.amy, name="Old friend", customer_since=date(2009, 5, 1))
    company.customer(acme.amy, name="New friend", customer_since=date(2025, 5, 1))
    screen = choose(visit(acme.amy, "customers"), "customer.filter.customer_since", (date(2009, 1, 1), date(2009, 12, 31)))
    assert names(screen) == ["Old friend"]


def test_filters_survive_leaving_the_page_and_coming_back(acme, clients, visit):
    screen = visit(acme.amy, "customers")
    choose(screen, "customer.filter.tier", ["A"])
    choose(screen, "customer.search", "Tea")
    go(screen, "follow_ups")
    go(screen, "customers")
    assert names(screen) == ["Tea House"]


def test_a_saved_view_keeps_search_filters_and_order(acme, clients, visit):
    screen = visit(acme.amy, "customers")
    choose(screen, "customer.filter.tier", ["A"])
    choose(screen, "customer.search", "e")
    choose(screen, "customer.sort", ("name", True))
    screen.text_input(key="customer.new_view").set_value("Key accounts")
    button(screen, "Save view").click().run()
    assert sees(sound(screen), "View saved", "Key accounts")
    press(screen, "Clear filters")
    choose(screen, "customer.sort", ("name", False))
    assert names(screen)[0] == "Book Corner"
    with reading(acme.amy) as session:
        view = records.get(session, "saved_view", 1)
    choose(screen, "customer.view", view.id)
    assert names(screen) == ["Tea House", "Riverside Hotel"]
    press(screen, "Delete this view")
    assert sees(screen, "View deleted")
    with reading(acme.amy) as session:
        assert session.get(SavedView, view.id) is None
    assert sees_nothing_of(visit(acme.amy, "customers"), "Key accounts")


def test_a_view_is_its_maker_s_alone_unless_shared(acme, clients, visit):
    with transaction(acme.mia, "saved_view.create") as session:
        for name, shared in (("For all", True), ("Mine", False)):
            records.create(session, "saved_view", {"noun": "customer", "name": name, "shared": shared, "user_id": acme.mia.id})
    screen = visit(acme.amy, "customers")
    assert sees(screen, "For all · shared")
    assert sees_nothing_of(screen, "Mine")


def test_ticked_customers_go_to_a_colleague_and_come_back(acme, clients, visit):
    screen = visit(acme.mia, "customers")
    choose(screen, "customer.sort", ("name", False))
    tick_rows(screen, "customer.grid", 1, 2)
    assert sees(screen, "2 chosen")
    choose(screen, "bulk_owner", acme.bo.id)
    screen.button(key="bulk_assign").click().run()
    assert sees(sound(screen), "2 customers assigned to Bo")
    assert owners(acme, clients["Book Corner"], clients["Old Mill"], clients["Tea House"]) == [acme.bo.id, acme.bo.id, acme.amy.id]
    press(screen, "Undo")
    assert sees(screen, "Undone")
    assert owners(acme, clients["Book Corner"], clients["Old Mill"]) == [acme.amy.id, acme.amy.id]


def test_ticked_customers_get_a_new_tag_and_can_be_filtered_by_it(acme, clients, visit):
    screen = visit(acme.amy, "customers")
    choose(screen, "customer.sort", ("name", False))
    tick_rows(screen, "customer.grid", 0, 3)
    choose(screen, "bulk_new_tag", "VIP")
    screen.button(key="bulk_tag_save").click().run()
    assert sees(sound(screen), "Tag set")
    choose(screen, "customer.filter.tags", [1])
    assert names(screen) == ["Book Corner", "Tea House"]


def test_deleting_takes_the_ticked_ones_and_no_tick_moves_to_a_stranger(acme, clients, visit):
    screen = visit(acme.amy, "customers")
    choose(screen, "customer.sort", ("name", False))
    tick_rows(screen, "customer.grid", 0, 1)
    screen.button(key="bulk_delete").click().run()
    assert names(sound(screen)) == ["Riverside Hotel", "Tea House"]
    assert sees(screen, "2 customers moved to the recycle bin")
    assert sees_nothing_of(screen, "chosen")
    press(screen, "Undo")
    assert sees(screen, "Undone")
    assert len(names(screen)) == 4


def test_a_long_list_comes_in_pages(acme, visit):
    add(*(Customer(code=f"K{number:03}", name=f"Shop {number:03}", owner_id=acme.amy.id) for number in range(120)))
    screen = visit(acme.amy, "customers")
    choose(screen, "customer.sort", ("name", False))
    assert (len(names(screen)), names(screen)[0]) == (50, "Shop 000")
    pages = next(widget for widget in screen.get("pagination"))
    pages.set_value(3).run()
    assert (len(names(sound(screen))), names(screen)[-1]) == (20, "Shop 119")
    choose(screen, "customer.search", "Shop 00")
    assert (len(names(screen)), names(screen)[0]) == (10, "Shop 000")


def test_the_viewer_sees_no_personal_data_and_changes_nothing(acme, clients, visit):
    screen = visit(acme.vic, "customers")
    assert len(names(screen)) == 6
    assert sees_nothing_of(screen, "13912342231", "lin@example.com")
    assert not has_button(screen, "New customer")
    assert not has_button(screen, "Import")
    choose(screen, "customer.search", "2231")
    assert names(screen) == []


def test_a_click_opens_the_customer_again_and_again(acme, clients, visit):
    screen = visit(acme.amy, "customers")
    for _ in range(2):
        choose(screen, "customer.sort", ("name", False))
        open_row(screen, "customer.grid", 2)
        assert sees(screen, "Riverside Hotel", "Timeline")
        go(screen, "customers")


def test_previous_and_next_walk_the_list_one_came_from(acme, clients, visit):
    screen = visit(acme.amy, "customers")
    choose(screen, "customer.filter.tier", ["A", "B"])
    choose(screen, "customer.sort", ("name", False))
    open_row(screen, "customer.grid", 1)
    assert sees(screen, "Riverside Hotel", "2 / 3")
    screen.button(key="trail_next").click().run()
    assert sees(sound(screen), "Tea House", "3 / 3")
    assert screen.button(key="trail_next").disabled
    screen.button(key="trail_previous").click().run()
    screen.button(key="trail_previous").click().run()
    assert sees(sound(screen), "Old Mill", "1 / 3")
    assert "Book Corner" not in words(screen)


def test_search_from_anywhere_finds_customers_and_pages(acme, clients, visit):
    screen = press(visit(acme.amy, "today"), "Search")
    choose(screen, "search_words", "river")
    press(screen, next(widget.label for widget in screen.button if widget.label.startswith("Riverside Hotel")))
    assert sees(screen, "Timeline")
    press(screen, "Search")
    choose(screen, "search_words", "work")
    press(screen, "Workload")
    assert sees(screen, "Fairness")
