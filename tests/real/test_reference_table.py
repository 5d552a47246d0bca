"""Published data goes through the real importer, and the command line prints the published figures, on SQLite and on PostgreSQL."""

from __future__ import annotations

import json
from functools import cache

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from db import check
from db.commands import main
from db.models import Customer, FollowUp, Order, OrderLine, SurveyResponse, User
from tests.real.reference import REFERENCE

ARRIVED = {
    "cdnow": {Customer: 2357, Order: 6919}, "telco": {Customer: 7043, Order: 7043}, "ecsi": {Customer: 250, SurveyResponse: 1000},
    "helpdesk": {User: 22}, "superstore": {Customer: 783, Order: 3398, OrderLine: 6791}, "wholesale": {Customer: 440, Order: 440, OrderLine: 2640}, "cases": {},
}

SAID = {
    "cdnow": {Order.channel: {"online"}, Order.kind: {"purchase"}}, "telco": {Order.kind: {"contract"}, Customer.status: {"active", "lost"}},
    "ecsi": {SurveyResponse.channel: {"phone"}}, "helpdesk": {FollowUp.status: {"done"}, FollowUp.direction: {"inbound"}},
}
"""What every imported row says; the headings of two of the files and the words in one of them are Chinese."""
CHECKED = {"ecsi", "wholesale", "helpdesk", "superstore"}
"""The smaller sets show as well as the large ones that what an import wrote is sound."""


def printed(command: str):
    found = CliRunner().invoke(main, [*command.split(), "--json"])
    assert found.exit_code == 0, f"{command}: {found.output or found.exception}"
    return json.loads(found.stdout)


@pytest.mark.parametrize("name", REFERENCE)
def test_the_command_line_prints_the_published_figures_of_imported_data(imported, expected, monkeypatch, name):
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    session = imported(name)
    assert {model: session.scalar(select(func.count()).select_from(model)) for model in ARRIVED[name]} == ARRIVED[name]
    for column, said in SAID.get(name, {}).items():
        assert set(session.scalars(select(column).distinct())) == said, column
    ask = cache(printed)
    figures = REFERENCE[name](expected)
    wrong = {figure.case: (figure.read(ask(figure.command)), figure.wanted) for figure in figures if not figure.is_found_in(ask(figure.command))}
    assert wrong == {}
    if name in CHECKED:
        assert check.check().problems == []
