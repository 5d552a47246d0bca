"""ECSI: a satisfaction survey of 250 mobile phone customers on scales from 1 to 10."""

from __future__ import annotations

from datetime import date

import pytest

from db.queries import kpis, satisfaction
from db.queries.periods import Period

MARCH = Period(date(2024, 3, 1), date(2024, 4, 1))
DAY = date(2024, 3, 31)
OVERALL = (1,)


@pytest.fixture
def ecsi(asked):
    return asked("ecsi")


def test_mean_index_and_top_two_of_overall_satisfaction(ecsi, expected):
    reference = expected["ecsi_mobile"]
    assert satisfaction.score(ecsi, DAY, MARCH, question_ids=OVERALL).value == pytest.approx(reference["CUSA1_mean"])
    assert satisfaction.score(ecsi, DAY, MARCH, measure="index", question_ids=OVERALL).value == pytest.approx(reference["CUSA1_index_0_100"], abs=1e-6)
    top = satisfaction.score(ecsi, DAY, MARCH, measure="top_two", question_ids=OVERALL)
    assert (top.value, top.n) == (pytest.approx(reference["CUSA1_top2"]), 250)
    assert [top.low, top.high] == pytest.approx(reference["CUSA1_top2_wilson_95"], abs=1e-6)


def test_distribution_shows_every_point_of_the_scale(ecsi, expected):
    table = satisfaction.distribution(ecsi, DAY, MARCH, question_ids=OVERALL)
    assert table["score"].tolist() == list(range(1, 11))
    counts = {str(score): n for score, n in zip(table["score"], table["n"], strict=True) if n}
    assert counts == expected["ecsi_mobile"]["CUSA1_counts"]
    assert table["share"].sum() == pytest.approx(1)


def test_index_over_three_questions(ecsi, expected):
    assert satisfaction.index(ecsi, DAY, MARCH, (1, 2, 3)).value == pytest.approx(expected["ecsi_mobile"]["three_item_index_equal_weights"], abs=1e-5)
    assert satisfaction.score(ecsi, DAY, MARCH, measure="index").value == pytest.approx(71.97037, abs=1e-5)
    assert kpis.measure(ecsi, "csat_index", DAY, MARCH).value == pytest.approx(71.97037, abs=1e-5)


def test_net_promoter_score_on_a_scale_from_1(ecsi, expected):
    reference = expected["ecsi_mobile"]
    figure = satisfaction.score(ecsi, DAY, MARCH, kind="nps", measure="nps")
    assert list(satisfaction.promoters(ecsi, DAY, MARCH)) == reference["CUSL3_promoters_passives_detractors"]
    assert figure.value == pytest.approx(reference["CUSL3_nps"]["nps"])
    assert [figure.low, figure.high] == pytest.approx(reference["CUSL3_nps"]["adjusted_wald_95"], abs=5e-5)


def test_answers_of_other_days_do_not_count(ecsi):
    assert satisfaction.score(ecsi, date(2024, 3, 4), MARCH).value is None
    assert satisfaction.score(ecsi, DAY, Period(date(2024, 2, 1), date(2024, 3, 1))).value is None
