"""The small published cases for the pure calculations."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from db import clock
from db.queries import statistics
from db.queries.concentration import quadrants
from db.queries.periods import Period, calendar_period, month, previous, same_last_year
from db.queries.survival import kaplan_meier, log_rank, project

TESTS = Path(__file__).resolve().parents[2]


def ids(metric: str, *numbers: int) -> list[str]:
    return [f"{metric}-{number}" for number in numbers]


OF_LATER_SUBJECTS = {
    "response-1", "response-2", "util-1", "util-2", "biz-1", "biz-2", "sla-1", "sla-2", "fcr-1", "erlang-1", "win-1", "win-2", "funnel-1", "roi-1", "roi-2",
    "rule-1", "rule-2", "snaive-1", "snaive-2",
}
"""Response rates and utilisation, tickets and telephone, the sales funnel, campaigns, baskets and forecasts."""


def test_every_case_of_satisfaction_retention_value_and_load_is_tested(vectors):
    sources = "\n".join(path.read_text(encoding="utf-8") for folder in ("db/queries", "real") for path in (TESTS / folder).glob("*.py"))
    several = re.findall(r'ids\("([a-z-]+)", ([\d, ]+)\)', sources)
    named = set(re.findall(r'"([a-z-]+-\d)\b', sources)) | {case for metric, numbers in several for case in ids(metric, *map(int, numbers.split(",")))}
    assert len(vectors) == 68
    assert vectors.keys() - named <= OF_LATER_SUBJECTS
    assert vectors.keys() >= OF_LATER_SUBJECTS


def same(value, reference) -> bool:
    return value is None if reference is None else value == pytest.approx(reference, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("case", ids("nps", 1))
def test_net_promoter_score(vectors, case):
    given, wanted = vectors[case]["input"], vectors[case]["expected"]
    counts = (sum(score >= 9 for score in given), sum(7 <= score <= 8 for score in given), sum(score <= 6 for score in given))
    assert same(statistics.net_promoter_score(*counts), wanted["nps"])


def test_no_answers_no_net_promoter_score():
    assert statistics.net_promoter_score(0, 0, 0) is None
    assert statistics.net_promoter_interval(0, 0, 0) == (None, None)


@pytest.mark.parametrize("case", ids("nps-ci", 1, 2, 3, 4))
def test_net_promoter_interval(vectors, case):
    counts, wanted = vectors[case]["input"], vectors[case]["expected"]
    assert same(statistics.net_promoter_score(*counts), wanted["nps"])
    assert list(statistics.net_promoter_interval(*counts)) == pytest.approx(wanted["adjusted_wald_95"])


def test_two_net_promoter_scores_differ_only_beyond_chance():
    assert statistics.net_promoters_differ((70, 20, 10), (40, 20, 40))
    assert not statistics.net_promoters_differ((19, 7, 10), (18, 8, 10))


def test_wilson_interval_of_a_published_rate(expected):
    low, high = statistics.wilson(1869, 7043)
    assert [low, high] == pytest.approx(expected["telco_churn"]["wilson_95"], abs=1e-6)
    assert statistics.wilson(0, 0) == (None, None)
    assert statistics.wilson(5, 5)[1] == 1.0


@pytest.mark.parametrize("case", ids("fair", 1, 2, 3, 4))
def test_fairness(vectors, case):
    given, wanted = vectors[case]["input"], vectors[case]["expected"]
    assert same(statistics.gini(given), wanted["gini"])
    assert same(statistics.variation(given), wanted["cv"])


def test_one_manager_alone_is_neither_fair_nor_unfair():
    assert statistics.gini([7]) is None
    assert statistics.variation([7]) is None


def test_lorenz_curve_runs_from_nothing_to_all():
    assert statistics.lorenz([3, 1]) == [(0.0, 0.0), (0.5, 0.25), (1.0, 1.0)]
    assert statistics.lorenz([0, 0]) == []


@pytest.mark.parametrize("case", ids("quantile", 1, 2))
def test_median_and_p90(vectors, case):
    assert statistics.median_and_p90(vectors[case]["input"]) == pytest.approx(vectors[case]["expected"])


@pytest.mark.parametrize("case", ids("yoy", 1, 2, 3, 4))
def test_growth(vectors, case):
    given = vectors[case]["input"]
    assert same(statistics.growth(given["now"], given["before"]), vectors[case]["expected"])


@pytest.mark.parametrize("case", ids("clv", 1, 2))
def test_simple_lifetime_value(vectors, case):
    for given, wanted in zip(vectors[case]["input"], vectors[case]["expected"], strict=True):
        assert same(statistics.simple_lifetime_value(*given), wanted)


def test_churn_of_a_year_from_that_of_a_month(vectors):
    assert same(statistics.annual_churn(vectors["annual-1"]["input"]), vectors["annual-1"]["expected"])


@pytest.mark.parametrize("case", ids("km", 1, 2))
def test_kaplan_meier(vectors, case):
    given, wanted = vectors[case]["input"], vectors[case]["expected"]
    curve = kaplan_meier(given["time"], given["event"])
    steps = [list(row) for row in curve.steps[["time", "at_risk", "lost", "survival"]].to_numpy().tolist()]
    assert steps == [pytest.approx(row) for row in wanted["steps"]]
    assert curve.median == wanted["median"]


def test_log_rank_of_two_groups_equals_scipy():
    from scipy import stats

    first, second = ([1, 3, 3, 5, 8, 8], [1, 1, 0, 1, 1, 0]), ([2, 4, 6, 9, 9, 12], [1, 0, 1, 1, 1, 0])
    samples = [stats.CensoredData(uncensored=np.array(t)[np.array(e) == 1], right=np.array(t)[np.array(e) == 0]) for t, e in (first, second)]
    reference = stats.logrank(*samples)
    chi2, p = log_rank([first, second])
    assert (chi2, p) == (pytest.approx(reference.statistic**2), pytest.approx(reference.pvalue))


def test_log_rank_needs_two_groups_and_a_loss():
    assert log_rank([([1, 2], [1, 1])]) is None
    assert log_rank([([1, 2], [0, 0]), ([3], [0])]) is None


@pytest.mark.parametrize("case", ids("sbg", 1, 2, 3))
def test_retention_projection(vectors, case):
    here = vectors[case]["input"]
    found = project([before - after for before, after in pairwise(here)], [0] * (len(here) - 1) + [here[-1]])
    assert [found.alpha, found.beta] == pytest.approx(vectors[case]["expected"], rel=0.001)


def test_projected_retention_rises_with_age():
    found = project([369, 163, 86, 56, 37, 27, 21], [0] * 7 + [241])
    rates = [found.retention(year) for year in range(1, 9)]
    assert rates == sorted(rates)
    assert found.survival(1) == pytest.approx(rates[0])


def test_portfolio(vectors):
    case = vectors["portfolio-1"]
    assert quadrants(case["input"]["historic"], case["input"]["potential"]) == case["expected"]
    assert quadrants([1.0, 2.0], [None, 3.0])[0] == "unknown"


def test_month_to_date_is_compared_with_the_same_days(vectors):
    wanted = vectors["period-1"]["expected"]
    day = date.fromisoformat(vectors["period-1"]["input"]["as_of"])
    now = month(day).until(day)
    assert [now.start.isoformat(), now.last.isoformat()] == wanted["now"]
    before = previous(month(day), day)
    assert [before.start.isoformat(), before.last.isoformat()] == wanted["before"]


def test_year_to_date_on_a_leap_day(vectors):
    wanted = vectors["period-2"]["expected"]
    day = date.fromisoformat(vectors["period-2"]["input"]["as_of"])
    year = calendar_period(day, "year")
    assert [year.until(day).start.isoformat(), year.until(day).last.isoformat()] == wanted["now"]
    before = same_last_year(year, day)
    assert [before.start.isoformat(), before.last.isoformat()] == wanted["before"]


@pytest.mark.parametrize("case", ids("tz", 1, 2))
def test_an_instant_belongs_to_the_month_of_the_zone(vectors, case):
    given = vectors[case]["input"]
    clock.use_zone(given["zone"])
    assert f"{clock.local(datetime.fromisoformat(given['utc'])):%Y-%m}" == vectors[case]["expected"]
    first = date.fromisoformat(f"{vectors[case]['expected']}-01")
    assert clock.at(first).astimezone(ZoneInfo(given["zone"])).replace(tzinfo=UTC) == datetime.combine(first, datetime.min.time(), UTC)
    clock.use_zone("UTC")


def test_a_period_of_days_is_compared_with_as_many_days_before():
    chosen = Period(date(2024, 3, 5), date(2024, 3, 12))
    assert previous(chosen, date(2024, 6, 1)) == Period(date(2024, 2, 27), date(2024, 3, 5))


def test_an_organisation_s_year_may_begin_in_april():
    assert calendar_period(date(2024, 2, 10), "year", 4) == Period(date(2023, 4, 1), date(2024, 4, 1))
    assert calendar_period(date(2024, 5, 10), "quarter", 4) == Period(date(2024, 4, 1), date(2024, 7, 1))
