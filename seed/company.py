"""The whole company as a stream of rows: first what is shared, then the customers with all that hangs on them, a few at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from db import clock
from db.completion import Numbers
from seed.agenda import Agenda
from seed.answers import Postbox
from seed.catalogue import Catalogue, make_catalogue
from seed.customers import Customer, Registry
from seed.diary import Diary
from seed.occasions import occasions
from seed.plan import Plan
from seed.purchases import Till
from seed.staff import Manager, absence_rows, account_managers, target_rows, team_rows, user_rows
from seed.vocabulary import Vocabulary

AT_ONCE = 500
Row = dict[str, Any]
Batch = tuple[str, list[Row]]
ACTIVE_DAYS, DORMANT_DAYS, GIVEN_UP_DAYS = 180, 365, 270


def company(plan: Plan, numbers: Numbers, teams: dict[str, int], user_names: set[str]) -> Iterator[Batch]:
    """Batches of rows by noun; whatever a row refers to came before it. `teams` and `user_names` are there already."""
    words, opened = Vocabulary(plan.language), clock.at(plan.start)
    managers = account_managers(plan, numbers)
    sides, new_teams = team_rows(words, numbers, teams)
    users = list(user_rows(plan, words, numbers, managers, sides, user_names))
    catalogue = make_catalogue(words, numbers, opened)
    targets, absences = list(target_rows(plan, managers)), list(absence_rows(plan, managers))
    for noun, rows in (("team", new_teams), ("user", users), ("absence", absences), ("target", targets)):
        yield noun, [{**row, "created_at": opened} for row in rows]
    yield from catalogue.rows
    yield from _customers(plan, words, numbers, managers, catalogue)


def _customers(plan: Plan, words: Vocabulary, numbers: Numbers, managers: list[Manager], catalogue: Catalogue) -> Iterator[Batch]:
    writer = Biographer(plan, words, numbers, managers, catalogue)
    for first in range(0, plan.customers, AT_ONCE):
        batch: dict[str, list[Row]] = {noun: [] for noun in ("customer", "contact", "customer_tag", "order", "order_line", "follow_up", "survey_response",
                                                        "survey_invitation")}
        for number in range(first, min(first + AT_ONCE, plan.customers)):
            for noun, rows in writer.story(number).items():
                batch[noun] += rows
        yield from batch.items()


class Biographer:
    """Tells the story of one customer after the other."""

    def __init__(self, plan: Plan, words: Vocabulary, numbers: Numbers, managers: list[Manager], catalogue: Catalogue) -> None:
        self.plan, self.catalogue = plan, catalogue
        self.registry, self.till = Registry(plan, words, numbers, managers), Till(plan, words, numbers, catalogue)
        self.diary, self.postbox, self.agenda = Diary(plan, words, numbers, catalogue), Postbox(plan, words, numbers, catalogue), Agenda(plan, words, numbers)
        self.unhappy_sheet: str = words.words["subject"]["survey_recovery"]

    def story(self, number: int) -> dict[str, list[Row]]:
        customer = self.registry.customer(number)
        orders, lines = self.till.sell(customer)
        follow_ups = self.diary.write(customer, occasions(self.plan, customer))
        answers: list[Row] = []
        waves = self.postbox.waves(customer)
        for sheet in self.postbox.sheets(customer, follow_ups[:], waves):
            answers += sheet
            if self.postbox.is_unhappy(sheet):
                cause = {"id": None, "contact_id": sheet[0]["contact_id"], "done_at": sheet[0]["answered_at"]}
                follow_ups.append(self.diary.win_back(customer, cause, self.unhappy_sheet))
        follow_ups += self.agenda.next_step(customer, follow_ups)
        customer.row["status"] = _status(self.plan, customer, follow_ups)
        return {"customer": [customer.row], "contact": customer.contacts, "customer_tag": self._tags(customer), "order": orders, "order_line": lines,
                "follow_up": follow_ups, "survey_response": answers, "survey_invitation": self.postbox.invitations(customer, waves)}

    def _tags(self, customer: Customer) -> list[Row]:
        if customer.chance.random() < 0.6:
            return []
        likely = self.catalogue.tags if customer.tier == "A" else self.catalogue.tags[1:]
        chosen = customer.chance.sample(likely, customer.chance.choice((1, 1, 2)))
        return [{"customer_id": customer.id, "tag_id": tag, "created_at": customer.row["created_at"]} for tag in chosen]


def _status(plan: Plan, customer: Customer, follow_ups: list[Row]) -> str:
    if customer.since is None:
        given_up = plan.today - customer.first_seen > timedelta(days=GIVEN_UP_DAYS)
        return "lost" if given_up else "prospect" if any(row["status"] == "done" for row in follow_ups) else "lead"
    runs_on = any(order["kind"] == "contract" and not order["ended_on"] and order["ends_on"] >= plan.today for order in customer.orders)
    bought = max((order["ordered_on"] for order in customer.orders), default=customer.since)
    if runs_on or plan.today - bought <= timedelta(days=ACTIVE_DAYS):
        return "active"
    return "dormant" if plan.today - bought <= timedelta(days=DORMANT_DAYS) and not customer.left_on else "lost"
