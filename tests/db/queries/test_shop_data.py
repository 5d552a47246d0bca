"""Superstore, three regions: sales, growth, retention and concentration of a shop without contracts."""

from __future__ import annotations

from datetime import date

import pytest

from db.queries import concentration, purchases, sales
from db.queries.periods import Period, calendar_period, same_last_year
from db.queries.statistics import growth

LAST_DAY = date(2017, 12, 31)
ALL_TIME = Period(date(2014, 1, 1), date(2018, 1, 1))


@pytest.fixture
def shop(asked):
    return asked("superstore")


def year(number: int) -> Period:
    return calendar_period(date(number, 6, 1), "year")


def test_sales_by_place_and_year(shop, expected):
    table = sales.sales_by(shop, LAST_DAY, ALL_TIME, "place").set_index("group")
    for region, (amount, _) in expected["superstore_esc"]["by_region"].items():
        assert table.loc[region, "amount"] == pytest.approx(amount, abs=1)
    for number, (amount, _) in expected["superstore_esc"]["by_year"].items():
        assert sales.sales(shop, LAST_DAY, year(int(number))).value == pytest.approx(amount, abs=1)


@pytest.mark.parametrize("number", [2015, 2016, 2017])
def test_growth_over_last_year(shop, expected, number):
    before = sales.sales(shop, LAST_DAY, same_last_year(year(number), LAST_DAY)).value
    assert growth(sales.sales(shop, LAST_DAY, year(number)).value, before) == pytest.approx(expected["superstore_esc"]["yoy_sales"][str(number)], abs=1e-5)


def test_growth_of_a_running_year_compares_the_same_days(shop, expected):
    before, now, change = expected["superstore_esc"]["ytd_15_june_2016_2017_growth"]
    day = date(2017, 6, 15)
    found = [sales.sales(shop, day, period).value for period in (same_last_year(year(2017), day), year(2017))]
    assert found == [pytest.approx(before, abs=1), pytest.approx(now, abs=1)]
    assert growth(found[1], found[0]) == pytest.approx(change, abs=1e-5)


def test_average_order(shop, expected):
    assert sales.average_order(shop, LAST_DAY, ALL_TIME).value == pytest.approx(expected["superstore_esc"]["average_order_value"], abs=0.01)


@pytest.mark.parametrize("number", [2014, 2015, 2016])
def test_revenue_retention_from_year_to_year(shop, expected, number):
    gross, net = sales.purchase_revenue(shop, LAST_DAY, year(number + 1))
    assert gross.value == pytest.approx(expected["superstore_esc"]["grr"][str(number)], abs=1e-5)
    assert net.value == pytest.approx(expected["superstore_esc"]["nrr"][str(number)], abs=1e-5)


def test_customers_who_bought_again_in_the_next_year(shop, expected):
    table = purchases.activity(shop, LAST_DAY, "year", 4)
    assert table["rate"].tolist()[:3] == pytest.approx(list(expected["superstore_esc"]["customer_retention"].values()), abs=1e-6)


def test_concentration_of_the_whole_time(shop, expected):
    classes = concentration.abc_classes(shop, LAST_DAY, ALL_TIME)
    assert dict(zip(classes["grade"], classes["customers"], strict=True)) == expected["superstore_esc"]["abc_customers"]
    assert concentration.top_fifth_share(shop, LAST_DAY, ALL_TIME).value == pytest.approx(expected["superstore_esc"]["top20_percent_share"], abs=1e-5)
