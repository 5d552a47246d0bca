"""CDNOW: customers without a contract. Reference values by Fader and Hardie, and worked out independently from the file."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from db.queries import cohorts, concentration, lifetime, purchases, rfm, stages
from db.queries.buying_model import BuyingModel
from db.queries.periods import Period

LAST_DAY = date(1998, 6, 30)
CUT = date(1997, 9, 30)
ALL_TIME = Period(date(1997, 1, 1), date(1998, 7, 1))


@pytest.fixture
def cdnow(asked):
    return asked("cdnow")


def test_half_of_the_customers_come_back(cdnow):
    figure = purchases.repeat_rate(cdnow, LAST_DAY)
    assert (figure.numerator, figure.denominator) == (1139, 2357)
    assert figure.value == pytest.approx(0.483241, abs=1e-6)


@pytest.mark.parametrize("days", [30, 90, 180, 365])
def test_repeat_purchases_within_days_of_the_first(cdnow, expected, days):
    table = purchases.repeat_within(cdnow, LAST_DAY, days)
    assert table["repeated"].sum() == expected["cdnow_sample"]["repeat_within_days"][str(days)]
    assert table["month"].tolist() == ["1997-01", "1997-02", "1997-03"]


def test_customers_too_young_to_tell_are_left_out_of_repeat_within(cdnow):
    assert purchases.repeat_within(cdnow, date(1997, 1, 20), 30).empty


def test_gaps_between_purchases(cdnow, expected):
    median, _, p90 = purchases.gaps(cdnow, LAST_DAY)
    assert [median, p90] == expected["cdnow_sample"]["gap_days_median_p90"]


def test_rfm_scores_keep_ties_together(cdnow, expected):
    table = rfm.rfm_distribution(cdnow, LAST_DAY)
    reference = expected["cdnow_sample"]["rfm"]["ties_together"]
    for letter in "rfm":
        assert table.groupby(letter)["customers"].sum().to_dict() == {int(score): n for score, n in reference[letter.upper()].items()}
    best = table[(table["r"] == 5) & (table["f"] == 5) & (table["m"] == 5)]["customers"].sum()
    worst = table[(table["r"] == 1) & (table["f"] == 1) & (table["m"] == 1)]["customers"].sum()
    assert [best, worst] == expected["cdnow_sample"]["rfm"]["count_555_111_ties_together"]


def test_rfm_of_single_customers(cdnow, expected):
    table = rfm.rfm_customers(cdnow, LAST_DAY, limit=3000).set_index("customer_id")
    for number, (recency, frequency, spent, scores, _) in expected["cdnow_sample"]["rfm"]["customers"].items():
        row = table.loc[int(number)]
        assert [row["recency_days"], row["frequency"], f"{row['r']}{row['f']}{row['m']}"] == [recency, frequency, scores]
        assert row["spent"] == pytest.approx(spent, abs=0.005)


def test_rfm_grid_adds_up_to_the_amounts_by_recency(cdnow, expected):
    grid = rfm.rfm_grid(cdnow, LAST_DAY)
    sums = (grid["mean_spent"] * grid["customers"]).groupby(grid["r"]).sum()
    for score, amount in expected["cdnow_sample"]["rfm"]["amount_by_r_score"].items():
        assert sums[int(score)] == pytest.approx(amount, abs=0.01)


def test_cohorts_by_first_purchase(cdnow, expected):
    matrix = cohorts.purchase_cohorts(cdnow, LAST_DAY)
    for month, active in expected["cdnow_sample"]["cohort_months_active"].items():
        assert matrix[matrix["cohort"] == date.fromisoformat(f"{month}-01")]["active"].tolist() == active


def test_a_month_that_is_still_running_has_no_cell(cdnow):
    matrix = cohorts.purchase_cohorts(cdnow, date(1998, 6, 29))
    assert matrix.groupby("cohort")["months_after"].max().tolist() == [16, 15, 14]


def test_activity_from_quarter_to_quarter(cdnow, expected):
    table = purchases.activity(cdnow, LAST_DAY, "quarter", 6)
    reference = list(expected["cdnow_sample"]["quarter_active_and_retained_next"].values())
    assert table[["active", "retained"]].to_numpy().tolist()[:5] == reference
    assert np.isnan(table["rate"].iloc[5])


@pytest.mark.parametrize("day", [LAST_DAY, CUT])
def test_lifecycle_stages(cdnow, expected, day):
    found = stages.stages(cdnow, day)
    assert [found[stage] for stage in stages.STAGES] == expected["cdnow_sample"]["lifecycle_active_atrisk_dormant_lost"][day.isoformat()]
    assert found["prospect"] == 0


def test_stages_by_month_end_with_the_stages_of_today(cdnow):
    table = stages.stages_by_month(cdnow, LAST_DAY, 18)
    assert table.iloc[-1][list(stages.STAGES)].tolist() == [300, 215, 303, 1539]
    assert table.iloc[8][list(stages.STAGES)].tolist() == [411, 310, 1636, 0]


def test_abc_classes_and_concentration(cdnow, expected):
    classes = concentration.abc_classes(cdnow, LAST_DAY, ALL_TIME)
    assert dict(zip(classes["grade"], classes["customers"], strict=True)) == expected["cdnow_sample"]["abc"]
    assert concentration.top_fifth_share(cdnow, LAST_DAY, ALL_TIME).value == pytest.approx(0.67455, abs=1e-5)
    assert concentration.spending_gini(cdnow, LAST_DAY, ALL_TIME).value == pytest.approx(0.630917, abs=1e-6)


def test_buying_model_equals_the_published_fit(cdnow, expected):
    found = lifetime.outlook(cdnow, CUT, weeks=39)
    assert found is not None
    reference = expected["cdnow_sample"]["bgnbd"]
    for name in ("r", "alpha", "a", "b"):
        assert getattr(found.buying, name) == pytest.approx(reference[name], rel=0.005)
    assert found.buying.log_likelihood == pytest.approx(reference["loglik"], abs=0.01)
    assert (len(found.customers), int((found.customers["repeats"] > 0).sum())) == (2357, 946)
    assert found.customers["repeats"].mean() == pytest.approx(reference["mean_x"], abs=1e-6)
    assert found.customers["expected"].sum() == pytest.approx(reference["expected_39w_total"], rel=0.005)
    table = found.customers.set_index("customer_id")
    for number, chance in reference["p_alive"].items():
        assert table.loc[int(number), "alive"] == pytest.approx(chance, rel=0.005)
        assert table.loc[int(number), "expected"] == pytest.approx(reference["expected_39w"][number], rel=0.005)
    assert table.loc[3, "too_early"]


def test_spend_model_equals_the_published_fit(cdnow, expected):
    found = lifetime.outlook(cdnow, CUT, weeks=39)
    reference = expected["cdnow_sample"]["gamma_gamma"]
    for name in ("p", "q", "v"):
        assert getattr(found.spending, name) == pytest.approx(reference[name], rel=0.005)
    assert found.spending.log_likelihood == pytest.approx(reference["loglik"], abs=0.01)
    table = found.customers.set_index("customer_id")
    for number, amount in reference["expected_spend"].items():
        assert table.loc[int(number), "amount"] == pytest.approx(amount, rel=0.005)
    assert found.unrelated


def test_expected_purchases_of_the_published_example():
    model = BuyingModel(0.243, 4.414, 0.793, 2.426)
    assert model.expected(39, np.array([2.0]), np.array([30.43]), np.array([38.86]))[0] == pytest.approx(1.226, abs=0.001)


def test_portfolio_at_the_medians(cdnow, expected):
    table = lifetime.portfolio_by_model(lifetime.outlook(cdnow, CUT, weeks=39))
    counts, reference = table["quadrant"].value_counts(), expected["cdnow_sample"]["portfolio"]
    assert counts.to_dict() == {"invest_keep": reference["high_high"], "hold": reference["high_low"], "invest_grow": reference["low_high"], "release": reference["low_low"]}


def test_no_model_is_shown_for_few_repeaters(cdnow):
    assert lifetime.outlook(cdnow, date(1997, 1, 31)) is None


def test_what_lies_after_the_as_of_date_does_not_count(cdnow):
    assert purchases.repeat_rate(cdnow, date(1996, 12, 31)).value is None
    assert purchases.repeat_rate(cdnow, date(1997, 1, 31)).denominator == 781
