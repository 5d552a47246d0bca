"""The reference table: the published figures of each data set, and the command that must print them.

A figure: the case, the command, what to read from its rows, what it must be, within which tolerance (counts exactly, rates 1e-6 unless published with fewer
places, model parameters half a percent).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pytest

from tests.real.cases import given, vectors

Rows = list[dict[str, Any]]
MODEL = {"rel": 0.005}


@dataclass(frozen=True)
class Printed:
    case: str
    command: str
    read: Callable[[Rows], Any]
    wanted: Any

    def is_found_in(self, rows: Rows) -> bool:
        return bool(self.read(rows) == self.wanted)


def near(wanted: Any, **tolerance: float) -> Any:
    return pytest.approx(wanted, **(tolerance or {"abs": 1e-6}))


def only(*names: str) -> Callable[[Rows], list[Any]]:
    """These columns of the one row."""
    return lambda rows: [rows[0][name] for name in names] if len(rows) == 1 else rows


def column(name: str, **where: Any) -> Callable[[Rows], list[Any]]:
    return lambda rows: [row[name] for row in rows if all(row[key] == value for key, value in where.items())]


def pairs(key: str, *names: str) -> Callable[[Rows], dict[Any, Any]]:
    """key -> the value of the column, or the list of them."""
    return lambda rows: {row[key]: row[names[0]] if len(names) == 1 else [row[name] for name in names] for row in rows}


def at(*times: float, **where: Any) -> Callable[[Rows], list[float]]:
    """A curve's height after these times."""
    def heights(rows: Rows) -> list[float]:
        steps = [(row["time"], row["survival"]) for row in rows if all(row[key] == value for key, value in where.items())]
        return [min((height for time, height in steps if time <= moment), default=1.0) for moment in times]
    return heights


def summed(name: str, by: str) -> Callable[[Rows], dict[Any, Any]]:
    def sums(rows: Rows) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        for row in rows:
            found[row[by]] = found.get(row[by], 0) + row[name]
        return found
    return sums


def year_over_year(rows: Rows) -> list[float]:
    years = summed("amount", "year")([{**row, "year": row["group"][:4]} for row in rows])
    return [(now - before) / before for before, now in pairwise(years.values())]


def scored(best: int) -> Callable[[Rows], int]:
    """How many customers have this score in recency, frequency and money."""
    return lambda rows: sum(row["customers"] for row in rows if row["r"] == row["f"] == row["m"] == best)


def cohort(month: str) -> Callable[[Rows], list[int]]:
    return column("active", cohort=f"{month}-01")


def cdnow(expected: dict[str, Any]) -> list[Printed]:
    cut, last, whole = "--as-of 1997-09-30 --to 1998-06-30", "--as-of 1998-06-30", "--as-of 1998-06-30 --from 1997-01-01"
    reference = expected["cdnow_sample"]
    rfm = {letter: {int(score): n for score, n in scores.items()} for letter, scores in reference["rfm"]["ties_together"].items()}
    return [
        Printed("customers and repeaters in 39 weeks", f"table buying_model {cut}", only("customers", "repeaters", "weeks"), [2357, 946, 39.0]),
        Printed("purchases and their amount", f"kpi sales {whole}", only("n", "value"), [6919, near(reference["amount"], abs=0.01)]),
        Printed("BG/NBD", f"table buying_model {cut}", only("r", "alpha", "a", "b"), near([0.2426, 4.4136, 0.7929, 2.4259], **MODEL)),
        Printed("BG/NBD, likelihood", f"table buying_model {cut}", only("log_likelihood"), [near(-9582.429, abs=0.01)]),
        Printed("gamma-gamma", f"table buying_model {cut}", only("p", "q", "v"), near([6.250, 3.744, 15.444], **MODEL)),
        Printed("gamma-gamma, likelihood", f"table buying_model {cut}", only("spending_log_likelihood"), [near(-4055.918, abs=0.01)]),
        Printed("E[Y(39)] for x = 2, t_x = 30.43, T = 38.86", f"table customer_outlook {cut}", column("expected", customer="Cdnow 1"), [near(1.226, **MODEL)]),
        Printed("hold-out, expected and actual", f"table buying_model {cut}", only("expected", "actual"), [near(1653.4, **MODEL), 1882]),
        *(Printed(f"RFM, {letter}", f"table rfm {last}", summed("customers", letter.lower()), scores) for letter, scores in rfm.items()),
        Printed("RFM, 555 with ties together", f"table rfm {last}", scored(5), 233),
        Printed("RFM, 111 with ties together", f"table rfm {last}", scored(1), 177),
        *(Printed(f"cohort {month}", f"table purchase_cohorts {last}", cohort(month), active) for month, active in reference["cohort_months_active"].items()),
        Printed("repeat rate", f"kpi repeat_purchase_rate {last}", only("numerator", "denominator", "value"), [1139, 2357, near(0.483241)]),
        *(Printed(f"repeated within {days} days", f"table repeat_within --by {days} {last}", lambda rows: sum(row["repeated"] for row in rows), n)
          for days, n in reference["repeat_within_days"].items()),
        Printed("stages", f"table stages {last}", pairs("stage", "customers"),
                {"prospect": 0, "active": 300, "at_risk": 215, "dormant": 303, "lost": 1539, "new": 0}),
        Printed("dormancy", f"kpi dormancy_rate {last}", only("numerator", "denominator"), [303, 2357]),
        Printed("ABC", f"table abc {whole}", pairs("grade", "customers"), {"A": 777, "B": 804, "C": 776}),
        Printed("top-20 % share and Gini of spend", f"table concentration {whole}", only("customers", "top_fifth_share", "gini"), [2357, near(0.67455, abs=5e-6), near(0.630917)]),
        Printed("portfolio at medians", f"table portfolio --by model {cut}", pairs("quadrant", "customers"),
                {"invest_keep": 819, "hold": 360, "invest_grow": 374, "release": 804}),
        Printed("from quarter to quarter", f"table activity {last}", lambda rows: [[row["active"], row["retained"]] for row in rows[2:7]],
                list(reference["quarter_active_and_retained_next"].values())),
    ]


def telco(expected: dict[str, Any]) -> list[Printed]:
    day, reference = "--as-of 2024-03-31", expected["telco_churn"]
    by_kind = reference["km_by_contract_12_24_60_72_median"]
    return [
        Printed("churn", f"kpi contracts_lost {day}", only("numerator", "denominator", "value", "low", "high"),
                [1869, 7043, near(0.26537, abs=1e-5), *(near(end) for end in reference["wilson_95"])]),
        Printed("churn by contract", f"table losses --by terms {day}", pairs("group", "customers", "lost", "rate"),
                {kind: [customers, lost, near(rate)] for kind, (customers, lost, rate) in reference["by_contract"].items()}),
        Printed("revenue churn", f"kpi contract_revenue_lost {day}", only("numerator", "denominator", "value"),
                [near(139130.85, abs=0.01), near(456116.60, abs=0.01), near(0.305034)]),
        Printed("S(t)", f"table survival {day}", at(*(float(months) for months in reference["km_all"])), near(list(reference["km_all"].values()))),
        Printed("band of S(12)", f"table survival {day}", lambda rows: [rows[11]["time"], rows[11]["low"], rows[11]["high"]],
                [12, *(near(end) for end in reference["km_12_loglog_95"])]),
        *(Printed(f"S(12), S(24), S(60), S(72) of {kind}", f"table survival --by terms {day}", at(12, 24, 60, 72, group=kind), near(shares))
          for kind, (*shares, _) in by_kind.items()),
        Printed("medians by contract", f"table survival_groups --by terms {day}", pairs("group", "median"), {kind: months[-1] for kind, months in by_kind.items()}),
        Printed("median of all: not reached", f"table survival_groups {day}", only("customers", "lost", "median"), [7043, 1869, None]),
    ]


def ecsi(expected: dict[str, Any]) -> list[Printed]:
    march, reference = "--as-of 2024-03-31", expected["ecsi_mobile"]
    return [
        Printed("overall satisfaction", f"table csat --by question {march}", lambda rows: [rows[0][name] for name in ("label", "n", "mean", "top_two")],
                ["Overall satisfaction", 250, near(7.988), near(0.268)]),
        Printed("its interval", f"table csat --by question {march}", lambda rows: [rows[0]["top_two_low"], rows[0]["top_two_high"]], near(reference["CUSA1_top2_wilson_95"])),
        Printed("index over three questions", f"kpi csat_index {march}", only("value"), [near(reference["three_item_index_equal_weights"], abs=1e-5)]),
        Printed("recommendation", f"kpi nps {march}", only("value", "n", "low", "high"), [near(14.0), 250, near(4.2937, abs=5e-5), near(23.3743, abs=5e-5)]),
        Printed("how often each score was given", f"table csat_distribution --by question {march}", column("n", label="Overall satisfaction"),
                [reference["CUSA1_counts"].get(str(score), 0) for score in range(1, 11)]),
    ]


def helpdesk(expected: dict[str, Any]) -> list[Printed]:
    year, reference = "--as-of 2013-12-31 --from 2012-01-01 --to 2012-12-31", expected["helpdesk"]
    return [
        Printed("tickets of each agent in 2012", f"table workload {year}", lambda rows: {row["manager"].removeprefix("Agent "): row["done"] for row in rows if row["done"]},
                reference["tickets_per_agent_2012"]),
        Printed("agents", f"table workload {year}", len, 22),
        Printed("Gini and CV over 22 agents", f"table balance {year}", lambda rows: [[row["gini"], row["cv"]] for row in rows if row["measure"] == "done"],
                [near(reference["gini_cv_2012_all_agents"], abs=1e-5)]),
    ]


def superstore(expected: dict[str, Any]) -> list[Printed]:
    whole, reference = "--as-of 2017-12-31 --from 2014-01-01", expected["superstore_esc"]
    years = {number: f"--as-of 2017-12-31 --from {number}-01-01 --to {number}-12-31" for number in (2014, 2015, 2016, 2017)}
    return [
        Printed("sales by region", f"table sales --by place {whole}", pairs("group", "amount"),
                {region: near(amount, abs=0.01) for region, (amount, _) in reference["by_region"].items()}),
        Printed("profit by region", f"table profit --by place {whole}", pairs("group", "profit"),
                {region: near(profit, abs=0.01) for region, (_, profit) in reference["by_region"].items()}),
        Printed("gross profit", f"kpi gross_profit {whole} --to 2017-12-31", only("value"), [near(sum(profit for _, profit in reference["by_region"].values()), abs=0.02)]),
        *(Printed(f"sales of {number}", f"kpi sales {period}", only("value"), [near(reference["by_year"][str(number)][0], abs=0.03)])
          for number, period in years.items()),
        *(Printed(f"NRR to {number}", f"kpi purchase_net_retention {years[number]}", only("value"), [near(reference["nrr"][str(number - 1)], abs=1e-5)])
          for number in (2015, 2016, 2017)),
        *(Printed(f"GRR to {number}", f"kpi purchase_gross_retention {years[number]}", only("value"), [near(reference["grr"][str(number - 1)], abs=1e-5)])
          for number in (2015, 2016, 2017)),
        Printed("customers who bought again in the next year", "table activity --by year --as-of 2017-12-31", lambda rows: [row["rate"] for row in rows[-4:-1]],
                near(list(reference["customer_retention"].values()))),
        Printed("year over year", f"table sales --by month {whole}", year_over_year, near(list(reference["yoy_sales"].values()), abs=2e-6)),
        Printed("ABC", f"table abc {whole}", pairs("grade", "customers"), reference["abc_customers"]),
    ]


def wholesale(expected: dict[str, Any]) -> list[Printed]:
    year, reference = "--as-of 2011-12-31 --from 2011-01-01", expected["wholesale"]
    means = {"Fresh": 12000.30, "Milk": 5796.27, "Grocery": 7951.28, "Frozen": 3071.93, "Detergents_Paper": 2881.49, "Delicassen": 1524.87}
    return [
        Printed("means by kind", f"table sales --by product {year}", lambda rows: {row["label"]: row["amount"] / row["customers"] for row in rows},
                {kind: near(mean, abs=0.005) for kind, mean in means.items()}),
        Printed("sales", f"kpi sales {year}", only("value", "n"), [reference["total"], 440]),
        Printed("ABC", f"table abc {year}", pairs("grade", "customers"), {"A": 252, "B": 114, "C": 74}),
        Printed("top-20 % share", "kpi top_fifth_share --as-of 2011-12-31", only("value"), [near(reference["top20_percent_share"])]),
        Printed("Gini", "kpi spending_gini --as-of 2011-12-31", only("value"), [near(reference["gini"])]),
    ]


def nps(case: str, month: str) -> list[Printed]:
    wanted = vectors()[case]["expected"]
    return [Printed(case, f"kpi nps --as-of {month}-28", only("value", "n", "low", "high"), [near(wanted["nps"]), wanted["n"], *(near(end) for end in wanted["adjusted_wald_95"])])]


def fair(case: str, month: str) -> list[Printed]:
    wanted = vectors()[case]["expected"]
    return [Printed(case, f"table balance --as-of {month}-28", lambda rows: [[row["gini"], row["cv"]] for row in rows if row["measure"] == "done"],
                    [[None if value is None else near(value) for value in (wanted["gini"], wanted["cv"])]])]


def abc(case: str, month: str) -> list[Printed]:
    wanted = vectors()[case]["expected"] or []
    return [Printed(case, f"table abc --as-of {month}-28 --from {month}-01", pairs("grade", "customers"), {grade: wanted.count(grade) for grade in sorted(set(wanted))})]


def survived(case: str) -> list[Printed]:
    wanted, day = vectors()[case]["expected"], "--by terms --as-of 2012-12-01"
    steps = [near(step) for step in wanted["steps"]]
    return [
        Printed(f"{case}, steps", f"table survival {day}", lambda rows: [[row[name] for name in ("time", "at_risk", "lost", "survival")] for row in rows if row["group"] == case], steps),
        Printed(f"{case}, median", f"table survival_groups {day}", column("median", group=case), [wanted["median"]]),
    ]


def projected(case: str, tier: str, day: str) -> Printed:
    return Printed(case, f"table projection --by tier --as-of {day}", lambda rows: [[row["alpha"], row["beta"]] for row in rows if row["group"] == tier and row["year"] == 0],
                   [near(vectors()[case]["expected"], rel=0.001)])


def cases(expected: dict[str, Any]) -> list[Printed]:
    remission, revenue = expected["gehan"], "--as-of 2023-03-31"
    gehan = "--by terms --as-of 2000-01-01"
    found = {case: vectors()[case]["expected"] for case in ("csat-1", "nps-1", "ces-1", "fair-3", "crr-1", "rev-1", "load-1", "cohort-1", "overdue-1", "overdue-2")}
    return [
        Printed("6-MP curve", f"table survival {gehan}", at(*(float(week) for week in remission["km_6MP"]), group="6-MP"), near(list(remission["km_6MP"].values()), abs=5e-5)),
        Printed("medians", f"table survival_groups {gehan}", pairs("group", "median"), {"6-MP": 23, "control": 8}),
        Printed("log-rank", f"table survival_groups {gehan}", column("chi2"), [near(16.793, abs=5e-4)] * 2),
        projected("sbg-1", "A", "2007-02-01"), projected("sbg-2", "B", "2007-02-01"), projected("sbg-3", "A", "2004-02-01"),
        *survived("km-1"), *survived("km-2"),
        *nps("nps-ci-1", "2024-02"), *nps("nps-ci-2", "2024-03"), *nps("nps-ci-3", "2024-04"), *nps("nps-ci-4", "2024-05"),
        Printed("nps-1", "kpi nps --as-of 2024-01-31", only("value", "n"), [near(found["nps-1"]["nps"]), 5]),
        Printed("nps-2: nobody asked", "kpi nps --as-of 2023-12-31", only("value", "n"), [None, 0]),
        Printed("csat-1, mean", "kpi csat_mean --as-of 2024-01-31", only("n", "value"), [5, near(found["csat-1"]["mean"])]),
        Printed("csat-1, top two", "kpi csat_top_two --as-of 2024-01-31", only("value"), [near(found["csat-1"]["top2"])]),
        Printed("csat-2: only blanks", "kpi csat_mean --as-of 2024-06-30", only("n", "value"), [0, None]),
        Printed("ces-1, mean", "kpi ces_mean --as-of 2024-01-31", only("value"), [near(found["ces-1"]["mean"])]),
        Printed("ces-1, agreement", "kpi ces_agreement --as-of 2024-01-31", only("value"), [near(found["ces-1"]["agree"])]),
        Printed("crr-1", "kpi retention_rate --as-of 2016-01-31", only("denominator", "value"), [given("crr-1")["start"], near(found["crr-1"]["crr"])]),
        Printed("crr-1, churn", "kpi churn_rate --as-of 2016-01-31", only("value"), [near(found["crr-1"]["churn"])]),
        Printed("crr-1, end and new", "table movements --from 2016-01-01 --as-of 2016-01-31", only("end", "won"), [190, 30]),
        Printed("crr-2: nobody at the start", "kpi retention_rate --as-of 2015-06-30", only("denominator", "value"), [0, None]),
        Printed("rev-1, GRR", f"kpi gross_revenue_retention {revenue}", only("denominator", "value"), [near(10.0), near(found["rev-1"]["grr"])]),
        Printed("rev-1, NRR", f"kpi net_revenue_retention {revenue}", only("value"), [near(found["rev-1"]["nrr"])]),
        Printed("rev-2: no revenue at the start", "table movements --from 2016-01-01 --as-of 2016-01-31", only("then", "grr", "nrr"), [0, None, None]),
        *abc("abc-1", "2019-01"), *abc("abc-2", "2019-02"), *abc("abc-3", "2019-03"), *abc("abc-4", "2019-04"),
        Printed("fair-3", "kpi spending_gini --as-of 2025-12-31", only("n", "value"), [10, near(0.4620911)]),
        *fair("fair-1", "2024-01"), *fair("fair-2", "2024-02"), *fair("fair-4", "2024-03"),
        Printed("load-1", "table workload --as-of 2000-01-01", column("load", manager="Amy"), [found["load-1"]]),
        *(Printed(case, f"table workload --as-of {given(case)['now'][:10]}", column("days_overdue", manager="Amy"), [found[case]]) for case in ("overdue-1", "overdue-2")),
        Printed("portfolio-1", "table portfolio --as-of 1985-12-31", pairs("quadrant", "customers"), {"invest_keep": 1, "hold": 1, "invest_grow": 1, "release": 1}),
        Printed("stage-1 (and the four of portfolio-1, long lost)", "table stages --as-of 1990-12-31", lambda rows: [row["customers"] for row in rows[1:5]], [2, 2, 2, 1 + 4]),
        *(Printed(f"cohort-1, {month}", "table purchase_cohorts --as-of 2024-03-31", cohort(month), active) for month, active in found["cohort-1"].items()),
    ]


REFERENCE: dict[str, Callable[[dict[str, Any]], list[Printed]]] = {
    "cdnow": cdnow, "telco": telco, "ecsi": ecsi, "helpdesk": helpdesk, "superstore": superstore, "wholesale": wholesale, "cases": cases,
}
