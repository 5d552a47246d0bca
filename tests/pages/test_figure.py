"""A figure's own page, the catalogue of all figures, targets, the plan, and the screen on the wall."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from db.models import Target
from tests.db.queries import company
from tests.houses import filled_once
from tests.pages.screen import choose, has_button, metrics, press, sees, sees_nothing_of, sound, table


@pytest.fixture
@filled_once
def shop(acme) -> SimpleNamespace:
    """Two buyers of Amy's, one of Cy's; today is 18 March 2026."""
    hotel, mill = company.customer(acme.amy, name="Riverside Hotel", tier="A"), company.customer(acme.amy, name="Old Mill", tier="B")
    star = company.customer(acme.cy, name="Southern Star", tier="A")
    company.add(company.purchase(hotel, "2026-03-05", 1000), company.purchase(mill, "2026-03-06", 300), company.purchase(star, "2026-03-10", 2000))
    company.add(Target(user_id=acme.amy.id, month=date(2026, 3, 1), measure="sales", value=Decimal(2200)))
    return SimpleNamespace(hotel=hotel)


def test_the_catalogue_leads_to_every_figure_with_its_formula(acme, visit):
    assert sees(visit(acme.amy, "figures"), "Satisfied customers", "answers in the two highest points of the scale ÷ all answers", "Target 80.0%")


def test_a_figure_s_page_shows_definition_groups_and_rows_of_one_s_own_reach(acme, shop, visit):
    screen = visit(acme.ada, "figure", kpi="sales")
    assert sees(screen, "How much did customers order?", "¥3,300", "Over the months", "Where it differs", "3 rows")
    assert set(table(screen, "rows_table_sales")["Customer"]) == {"Riverside Hotel", "Old Mill", "Southern Star"}
    theirs = visit(acme.amy, "figure", kpi="sales")
    assert sees(theirs, "¥1,300", "2 rows")
    assert sees_nothing_of(theirs, "Southern Star")
    assert not has_button(theirs, "Set the target")


def test_an_unknown_figure_in_the_address_shows_a_known_one(acme, visit):
    assert sees(visit(acme.ada, "figure", kpi="<script>"), "Satisfied customers")


def test_what_if_moves_with_its_levers(acme, shop, visit):
    screen = visit(acme.ada, "figure", kpi="sales")
    choose(screen, "what_if_sales_price", 10.0)
    assert sees(screen, "¥3,300", "¥3,630")


def test_a_target_set_here_holds_everywhere(acme, visit):
    screen = visit(acme.ada, "figure", kpi="nps")
    screen.get_by_key("target_value_nps").set_value(40.0)
    press(screen, "Save")
    assert sees(screen, "+40")
    assert sees(visit(acme.vic, "figures"), "Target +40")


def test_the_dashboard_against_the_plan(acme, shop, visit):
    """Amy's 1,300 against 2,200 x 13 of 22 working days."""
    screen = choose(visit(acme.amy, "dashboard"), "versus", "plan")
    sales = next(metric for metric in screen.metric if metric.label == "Sales")
    assert (sales.value, sales.delta) == ("¥1,300", "±0.0%")
    assert metrics(screen)["Sales"] == "¥1,300"


def test_wall_mode_is_kept_in_the_address_and_left_again(acme, visit):
    screen = visit(acme.ada, "dashboard")
    press(screen, "Wall mode")
    assert has_button(sound(screen), "Leave wall mode")
    press(screen, "Leave wall mode")
    assert has_button(screen, "Wall mode")
