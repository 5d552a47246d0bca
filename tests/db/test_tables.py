"""The tables behind the charts: the same rows on the command line as on the screen, in the columns that are declared."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from db.commands import main
from db.commands.documentation import figures_page
from db.engine import reading
from db.errors import Unavailable
from db.language import LANGUAGES, speaking, t
from db.models import Product
from db.models.order import OrderLine
from db.queries import cohorts, rfm, workload
from db.queries.chart_data import Asked
from db.queries.kpis import KPIS
from db.queries.periods import month
from db.queries.tables import TABLES, read
from tests.db.queries import company
from tests.houses import filled_once

ROOT = Path(__file__).resolve().parents[2]
DAY = date(2024, 3, 31)


def run(*arguments: str, status: int = 0) -> str:
    found = CliRunner().invoke(main, ["table", *arguments], env={"LC_ALL": "C.UTF-8"})
    assert found.exit_code == status, found.output
    return found.output


@pytest.fixture
@filled_once
def busy(acme):
    question, [product] = company.question("csat", 1, 5), company.add(Product(code="T", name="Tea"))
    for number, owner in enumerate((acme.amy, acme.amy, acme.cy, acme.cy, acme.cy)):
        customer = company.customer(owner, tier="AB"[number % 2], customer_since=date(2024, 1, 1), potential_value=100 * number)
        company.answers(customer, question, [number % 5 + 1], manager=owner)
        late = company.add(company.purchase(customer, "2024-03-10", 5))[0]
        company.add(OrderLine(customer_id=customer, order_id=late, product_id=product, price=5, cost=4), company.purchase(customer, "2023-12-10", 10 * number),
                    company.contract(customer, "2022-01-01", "2024-03-10" if number % 2 else None, 10, terms="yearly", end_reason="price"),
                    company.done(customer, "2024-03-05T02:00", owner, rating=4, method="visit"), company.planned(customer, "2024-03-20", owner))
    return acme


def test_every_table_keeps_its_columns_whatever_it_is_asked_by_and_by_whom(busy):
    for actor in (busy.ada, busy.amy):
        with reading(actor) as session:
            for key, table in TABLES.items():
                for by in (table.groups if actor is busy.ada else ()) or ("",):
                    assert tuple(read(session, key, Asked(as_of=DAY, by=by)).columns) == table.columns, (key, by)


def test_only_the_models_have_nothing_to_say_about_five_customers(busy):
    with reading(busy.ada) as session:
        silent = {key for key in TABLES if read(session, key, Asked(as_of=DAY)).empty}
    assert silent == {"buying_model", "customer_outlook", "projection"}


def test_an_empty_company_has_tables_without_figures(acme):
    with reading(acme.ada) as session:
        for key in TABLES:
            table = read(session, key, Asked(as_of=DAY))
            numbers = table.select_dtypes("number").drop(columns="manager_id", errors="ignore")
            assert not numbers.fillna(0).to_numpy().any(), key


def test_the_rows_are_those_of_the_chart(busy):
    with reading(busy.ada) as session:
        asked = Asked(as_of=DAY)
        assert read(session, "purchase_cohorts", asked).equals(cohorts.purchase_cohorts(session, DAY, cohorts=12))
        assert read(session, "rfm_grid", asked).equals(rfm.rfm_grid(session, DAY))
        drawn = workload.with_targets(session, workload.workload(session, DAY, month(DAY)), DAY, month(DAY))
        table = read(session, "workload", asked)
        assert table.equals(drawn[list(table.columns)])


def test_a_table_is_printed_as_lines_json_and_csv(busy):
    day = ("--as-of", "2024-03-31")
    assert "terms" not in run("losses", "--by", "tier", *day)
    rows = json.loads(run("losses", "--by", "terms", *day, "--json"))
    assert [(row["group"], row["customers"], row["lost"]) for row in rows] == [("yearly", 5, 2)]
    assert list(csv.DictReader(run("end_reasons", "--from", "2024-01-01", *day, "--csv").splitlines())) == [{"reason": "price", "contracts": "2", "monthly": "20.0"}]
    assert run("end_reasons", "--as-of", "2023-03-31", "--csv").split() == ["reason,contracts,monthly"]


def test_a_rep_sees_the_rows_of_her_own_customers(busy):
    assert [row["manager"] for row in json.loads(run("workload", "--user", "amy", "--as-of", "2024-03-31", "--json"))] == ["Amy"]


def test_what_there_is_can_be_listed_and_what_there_is_not_is_said(acme):
    assert {row["table"] for row in json.loads(run("--list", "--json"))} == TABLES.keys()
    assert "table --list" in run("no_such_table", status=1)
    assert "only by: month, quarter, year" in run("movements", "--by", "weather", status=1)
    with reading(acme.ada) as session, pytest.raises(Unavailable):
        read(session, "abc", Asked(as_of=DAY, by="month"))


def test_the_page_of_figures_is_current(tmp_path):
    CliRunner().invoke(main, ["kpi", "--document", str(tmp_path / "figures.md")])
    written = (tmp_path / "figures.md").read_text(encoding="utf-8")
    assert written == figures_page()
    assert (ROOT / "docs" / "figures.md").read_text(encoding="utf-8") == written, "run: python -m db kpi --document docs/figures.md"


def test_the_page_of_figures_says_everything_in_both_languages():
    page = (ROOT / "docs" / "figures.md").read_text(encoding="utf-8")
    usual = SimpleNamespace(active_days=90, at_risk_days=180, dormant_days=365)
    for kpi in KPIS.values():
        for language in LANGUAGES:
            with speaking(language):
                said = [t(text) for text in (kpi.label, kpi.question, kpi.source, kpi.pitfalls) if text]
                assert all(text in page for text in (*said, t(kpi.formula, **kpi.terms(usual)))), kpi.key
