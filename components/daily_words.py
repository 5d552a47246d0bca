"""The daily report in words and tables, the same on the screen and on paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from components import formats
from db.language import sentences, t, tn
from db.queries.daily import SHOWN, Day

PEOPLE = ("done", "planned", "customers", "orders", "amount", "contracts", "answers", "complaints")


@dataclass(frozen=True)
class Section:
    """keys, headings: the columns; rows: printed cells under them; ids: the customer of each row; total: how many there are, of which the first are shown."""

    key: str
    title: str
    keys: list[str]
    headings: list[str]
    rows: list[list[str]]
    ids: list[int]
    total: int

    @property
    def more(self) -> str:
        return t("The first {shown} of {total}", shown=len(self.rows), total=formats.number(self.total)) if self.total > len(self.rows) >= SHOWN else ""


def sentence(found: Day, currency: str) -> str:
    """The day in one or two sentences, made from its own figures."""
    parts = [part for part in (*_work(found), *_income(found, currency)) if part]
    if not parts:
        return t("Nothing was recorded on this day.")
    told = t("{what}.", what=t(", ").join(parts))
    trouble = int(found.count("complaints") + found.count("unhappy"))
    if not trouble:
        return told
    care = tn("{n} unhappy customer needs care.", "{n} unhappy customers need care.", trouble)
    return sentences((told, care))


def _work(found: Day) -> list[str]:
    done, new = int(found.count("done")), int(found.count("customers"))
    return [
        tn("{n} follow-up done", "{n} follow-ups done", done) if done else "",
        tn("{n} new customer", "{n} new customers", new) if new else "",
    ]


def _income(found: Day, currency: str) -> list[str]:
    orders, contracts, answers = (int(found.count(key)) for key in ("orders", "contracts", "answers"))
    amount = formats.money(found.count("amount"), currency)
    return [
        tn("{n} order worth {amount}", "{n} orders worth {amount}", orders, amount=amount) if orders else "",
        tn("{n} of them a contract", "{n} of them contracts", contracts) if contracts else "",
        tn("{n} survey answered", "{n} surveys answered", answers) if answers else "",
    ]


def people(found: Day, currency: str) -> tuple[list[str], list[list[str]], list[str]]:
    """The team's day: headings, one row of printed cells a person, and the total."""
    headings = [
        t("Account manager"),
        t("Follow-ups done"),
        t("Planned for tomorrow"),
        t("New customers"),
        t("Orders placed"),
        t("Amount"),
        t("Contracts"),
        t("Surveys"),
        t("Complaints"),
    ]
    rows = [[_person(row["manager"]), *_counts(row, currency)] for row in found.people.to_dict("records")]
    return headings, rows, [t("Total"), *_counts({key: found.count(key) for key in PEOPLE}, currency)]


def _counts(row: Mapping[Any, Any], currency: str) -> list[str]:
    return [formats.money(row[key], currency) if key == "amount" else formats.number(row[key]) for key in PEOPLE]


def _person(name: Any) -> str:
    return name if isinstance(name, str) else t("Without owner")


def sections(found: Day, currency: str, with_person: bool) -> list[Section]:
    """What happened, list by list; an empty list is left out."""
    customer, person = ("customer", t("Customer")), [("manager", t("Account manager"))] if with_person else []
    work = [("at", t("Time")), customer, ("subject", t("Subject")), ("method", t("Method"))]
    lists = (
        ("done", t("Follow-ups done"), found.follow_ups, [*work, ("outcome", t("Outcome")), ("rating", t("Satisfaction")), *person]),
        ("planned", t("Planned for tomorrow"), found.planned, [*work, *person]),
        ("customers", t("New customers"), found.customers, [customer, ("tier", t("Tier")), ("source", t("Source")), *person]),
        (
            "orders",
            t("Orders and contracts"),
            found.orders,
            [customer, ("code", t("Code")), ("kind", t("Kind")), ("amount", t("Amount")), ("channel", t("Channel")), *person],
        ),
        ("answers", t("Survey answers"), found.answers, [customer, ("question", t("Question")), ("score", t("Score")), ("comment", t("Comment")), *person]),
    )
    return [_section(key, title, table, dict(columns), found, currency) for key, title, table, columns in lists if len(table)]


def _section(key: str, title: str, table: pd.DataFrame, columns: dict[str, str], found: Day, currency: str) -> Section:
    rows = [[_printed(name, row, currency) for name in columns] for row in table.to_dict("records")]
    total = len(table) if key == "answers" else int(found.count(key))
    return Section(key, title, list(columns), list(columns.values()), rows, [int(id_) for id_ in table["customer_id"]], total)


def _printed(name: str, row: dict[Any, Any], currency: str) -> str:
    value = row[name]
    if value is None or value != value:
        return ""
    if name == "amount":
        return formats.money_exact(value, currency)
    if name == "rating":
        return "★" * int(value)
    if name == "score":
        unhappy = f" · {t('unhappy')}" if row["unhappy"] else ""
        return f"{int(value)} / {int(row['best'])}{unhappy}"
    return str(value)
