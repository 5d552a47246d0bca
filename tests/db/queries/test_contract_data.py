"""Telco and the 6-MP trial: customers under contract. Published curves and rates."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from db.queries import cohorts, retention, tenure
from db.queries.periods import Period
from tests.db.queries.loading import GEHAN_DAY, TELCO_DAY


@pytest.fixture
def telco(asked):
    return asked("telco")


@pytest.fixture
def gehan(asked):
    return asked("gehan")


def test_share_of_contract_customers_lost_so_far(telco, expected):
    figure = retention.lost_so_far(telco, TELCO_DAY, None)
    assert (figure.numerator, figure.denominator) == (1869, 7043)
    assert figure.value == pytest.approx(expected["telco_churn"]["churn_rate"], abs=1e-5)
    assert [figure.low, figure.high] == pytest.approx(expected["telco_churn"]["wilson_95"], abs=1e-6)


def test_share_of_the_monthly_revenue_lost_so_far(telco):
    figure = retention.revenue_lost_so_far(telco, TELCO_DAY, None)
    assert figure.numerator == pytest.approx(139130.85, abs=0.01)
    assert figure.denominator == pytest.approx(456116.60, abs=0.01)
    assert figure.value == pytest.approx(0.305034, abs=1e-6)


@pytest.mark.parametrize("by", ["industry", "terms"])
def test_losses_by_kind_of_contract(telco, expected, by):
    table = retention.losses_by(telco, TELCO_DAY, by).set_index("group")
    for kind, (customers, lost, rate) in expected["telco_churn"]["by_contract"].items():
        assert (table.loc[kind, "customers"], table.loc[kind, "lost"]) == (customers, lost)
        assert table.loc[kind, "rate"] == pytest.approx(rate, abs=1e-6)


def test_nobody_is_lost_before_the_day_the_contracts_ended(telco):
    assert retention.lost_so_far(telco, TELCO_DAY - timedelta(days=1), None).numerator == 0


def test_the_churn_of_the_last_day_rests_on_the_customers_of_its_morning(telco, expected):
    table = retention.movements(telco, TELCO_DAY, [Period(TELCO_DAY, TELCO_DAY + timedelta(days=1))])
    newcomers = expected["telco_churn"]["rows_with_tenure_0"]
    assert table[["start", "lost", "won"]].iloc[0].tolist() == [7043 - newcomers, 1869, newcomers]
    assert table["then"].iloc[0] - table["kept"].iloc[0] == pytest.approx(139130.85, abs=0.01)
    assert table["grr"].iloc[0] == table["nrr"].iloc[0]


def test_survival_curve_with_its_band(telco, expected):
    curve = tenure.survival_curves(telco, TELCO_DAY)[""]
    for months, share in expected["telco_churn"]["km_all"].items():
        assert curve.at(int(months)) == pytest.approx(share, abs=1e-6)
    at_12 = curve.steps[curve.steps["time"] == 12].iloc[0]
    assert [at_12["low"], at_12["high"]] == pytest.approx(expected["telco_churn"]["km_12_loglog_95"], abs=1e-6)
    assert curve.median is None
    assert (curve.n, curve.lost) == (7043, 1869)
    assert curve.drawn()["at_risk"].min() >= 10


def test_survival_by_kind_of_contract(telco, expected):
    curves = tenure.survival_curves(telco, TELCO_DAY, by="terms")
    for kind, (*shares, median) in expected["telco_churn"]["km_by_contract_12_24_60_72_median"].items():
        assert [curves[kind].at(months) for months in (12, 24, 60, 72)] == pytest.approx(shares, abs=1e-6)
        assert curves[kind].median == median


def test_remission_curve_and_medians(gehan, expected):
    curves = tenure.survival_curves(gehan, GEHAN_DAY, by="region")
    for week, share in expected["gehan"]["km_6MP"].items():
        assert curves["6-MP"].at(int(week)) == pytest.approx(share, abs=5e-5)
    assert {name: curve.median for name, curve in curves.items()} == expected["gehan"]["medians"]


def test_log_rank_between_the_groups(gehan, expected):
    chi2, p = tenure.difference(gehan, GEHAN_DAY, "region")
    assert chi2 == pytest.approx(expected["gehan"]["logrank_chi2"], abs=5e-4)
    assert p < 0.001


def test_contract_cohorts_never_rise(gehan):
    matrix = cohorts.contract_cohorts(gehan, GEHAN_DAY)
    for _, row in matrix.groupby("cohort"):
        assert row["share"].is_monotonic_decreasing
    assert matrix["cohort"].min() == date(2021, 2, 1)
