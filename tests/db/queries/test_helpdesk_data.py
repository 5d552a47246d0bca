"""Helpdesk: how evenly 22 agents shared the tickets of 2012."""

from __future__ import annotations

from datetime import date

import pytest

from db.queries import workload
from db.queries.periods import Period

YEAR = Period(date(2012, 1, 1), date(2013, 1, 1))
DAY = date(2013, 12, 31)


@pytest.fixture
def helpdesk(asked):
    return asked("helpdesk")


def test_tickets_per_agent(helpdesk, expected):
    table = workload.workload(helpdesk, DAY, YEAR)
    worked = {str(agent): done for agent, done in zip(table["manager_id"], table["done"], strict=True) if done}
    assert worked == expected["helpdesk"]["tickets_per_agent_2012"]


def test_fairness_counts_agents_with_nothing_as_zero(helpdesk, expected):
    table = workload.workload(helpdesk, DAY, YEAR)
    even = workload.balance(table, "done")
    assert table["manager_id"].notna().sum() == expected["helpdesk"]["agents"]
    assert [even.gini, even.cv] == pytest.approx(expected["helpdesk"]["gini_cv_2012_all_agents"], abs=1e-5)


def test_fairness_among_those_who_worked(helpdesk, expected):
    table = workload.workload(helpdesk, DAY, YEAR)
    even = workload.balance(table[table["done"] > 0], "done")
    assert [even.gini, even.cv] == pytest.approx(expected["helpdesk"]["gini_cv_2012_working_agents"], abs=1e-5)
