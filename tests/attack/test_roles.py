"""People of every role do anything at all to anybody's records: what happens is what the table of roles says, and they see what it says."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from itertools import count

from hypothesis import HealthCheck, Phase, settings, strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from db import clock, records
from db.actions import customers, follow_ups
from db.engine import reading
from db.errors import Forbidden, Gone
from db.queries.lists import ListQuery, page
from tests.attack.conftest import TOLD
from tests.attack.office import STEPS, Office, furnish, numbers
from tests.attack.role_table import ACCOUNT, NOUNS
from tests.conftest import ACME
from tests.journeys.house import at_home
from tests.long import times

NAMES = tuple(ACME)
_ticks = count(1)
who_, pick_, nouns_ = st.sampled_from(NAMES), st.integers(0, 10**6), st.sampled_from(NOUNS)


class AnyDay(Office):
    """One step of anybody's work each."""

    @rule(who=who_, owner=st.sampled_from((*NAMES, None)))
    def enters_a_customer(self, who: str, owner: str | None) -> None:
        values = {"name": f"House {next(numbers)}", "owner_id": self.ids.get(owner or ""), "im": f"secret{next(numbers)}"}
        made = self.attempt(who, lambda session: records.create(session, "customer", values).id)
        self.expect(owner in self.house.reach(who, "create", "customer"), made is not None, f"{who} enters a customer of {owner}")
        self.keep("customer", made, owner=owner)

    @rule(who=who_, pick=pick_, noun=st.sampled_from(("contact", "follow_up", "order")))
    def enters_a_customer_s_record(self, who: str, pick: int, noun: str) -> None:
        if (customer := self.chosen(pick, "customer")) is None:
            return
        given = {"contact": {"name": "Ann"}, "follow_up": {"subject": "Call", "due_on": clock.today()}, "order": {"ordered_on": clock.today()}}[noun]
        create = follow_ups.plan if noun == "follow_up" else lambda session, values: records.create(session, noun, values)
        made = self.attempt(who, lambda session: create(session, {"customer_id": customer.id, **given}).id)
        allowed = customer.gone is None and customer.owner in self.house.reach(who, "create", noun)
        self.expect(allowed, made is not None, f"{who} enters a {noun} of {customer}")
        self.keep(noun, made, customer=customer)

    @rule(who=who_, noun=st.sampled_from(("product", "tag")))
    def enters_into_the_catalogue(self, who: str, noun: str) -> None:
        made = self.attempt(who, lambda session: records.create(session, noun, {"name": f"Thing {next(numbers)}"}).id)
        self.expect(None in self.house.reach(who, "create", noun), made is not None, f"{who} enters a {noun}")
        self.keep(noun, made)

    @rule(who=who_, owner=who_, shared=st.booleans())
    def keeps_a_view(self, who: str, owner: str, shared: bool) -> None:
        values = {"noun": "customer", "name": "View", "user_id": self.ids[owner], "shared": shared}
        made = self.attempt(who, lambda session: records.create(session, "saved_view", values).id)
        self.expect(owner == who or self.house.people[who].role == "admin", made is not None, f"{who} keeps a view for {owner}")
        self.keep("saved_view", made, owner=owner, shared=shared)

    @rule(who=who_, owner=who_)
    def notes_an_absence(self, who: str, owner: str) -> None:
        day = clock.today() + timedelta(days=next(numbers) % 20_000)  # nobody is away twice on one day
        values = {"user_id": self.ids[owner], "starts_on": day, "ends_on": day}
        made = self.attempt(who, lambda session: records.create(session, "absence", values).id)
        self.expect(owner in self.house.reach(who, "create", "absence"), made is not None, f"{who} notes that {owner} is away")
        self.keep("absence", made, owner=owner)

    @rule(who=who_, owner=who_)
    def sets_a_target(self, who: str, owner: str) -> None:
        year, month = divmod(next(numbers) % 1200, 12)  # one target a month
        values = {"user_id": self.ids[owner], "month": date(2000 + year, month + 1, 1), "measure": "sales", "value": 1}
        made = self.attempt(who, lambda session: records.create(session, "target", values).id)
        self.expect(owner in self.house.reach(who, "create", "target"), made is not None, f"{who} sets a target for {owner}")
        self.keep("target", made, owner=owner)

    @rule(who=who_, pick=pick_, noun=nouns_)
    def edits(self, who: str, pick: int, noun: str) -> None:
        if (row := self.chosen(pick, noun)) is None:
            return
        key = {"follow_up": "subject", "order": "notes", "absence": "note", "target": "value"}.get(noun, "name")
        new = next(numbers) if noun == "target" else f"New {next(numbers)}"
        done = self.attempt(who, lambda session: records.update(session, noun, row.id, {key: new}))
        self.expect(self.house.allows(who, "update", row), done is not None, f"{who} edits {row}")

    @rule(who=who_, pick=pick_, noun=nouns_)
    def deletes(self, who: str, pick: int, noun: str) -> None:
        if (row := self.chosen(pick, noun)) is None:
            return
        done = self.attempt(who, lambda session: records.delete(session, noun, row.id))
        self.expect(self.house.allows(who, "delete", row), done is not None, f"{who} deletes {row}")
        if done is not None:
            self.bury(row, next(_ticks))

    @rule(who=who_, pick=pick_)
    def brings_a_customer_back(self, who: str, pick: int) -> None:
        row = self.chosen(pick, "customer")
        if row is None or row.gone is None:
            return
        done = self.attempt(who, lambda session: records.restore(session, "customer", row.id))
        self.expect(row.owner in self.house.reach(who, "delete", "customer"), done is not None, f"{who} brings back {row}")
        if done is not None:
            for one in self.rows:
                one.gone = None if one.gone == row.gone and one.customer is row else one.gone
            row.gone = None

    @rule(who=who_, pick=pick_, to=st.sampled_from((*NAMES, None)), by_form=st.booleans())
    def gives_a_customer_away(self, who: str, pick: int, to: str | None, by_form: bool) -> None:
        row = self.chosen(pick, "customer")
        if row is None or row.owner == to:
            return
        values, verb = {"owner_id": self.ids.get(to or "")}, "update" if by_form else "assign"
        give = (lambda session: customers.update(session, row.id, values)) if by_form else lambda session: customers.assign(session, [row.id], values["owner_id"]) or None
        done = self.attempt(who, give)
        reach = self.house.reach(who, verb, "customer")
        self.expect(row.gone is None and {row.owner, to} <= reach, done is not None, f"{who} gives {row} to {to}")
        if done is not None:
            row.owner = to

    @rule(who=who_, pick=pick_, noun=nouns_)
    def opens(self, who: str, pick: int, noun: str) -> None:
        if (row := self.chosen(pick, noun)) is None:
            return
        try:
            with reading(self.actor(who)) as session:
                found = records.get(session, noun, row.id).id == row.id
        except (Forbidden, Gone):
            found = False
        STEPS["read"] += 1
        assert found == self.house.allows(who, "read", row), f"{who} opens {row}: {'a leak' if found else 'wrongly refused'}"

    @rule(who=who_, noun=st.sampled_from(ACCOUNT))
    def looks_through_a_list(self, who: str, noun: str) -> None:
        with reading(self.actor(who)) as session:
            found = page(session, noun, ListQuery(limit=1000), ("im",) if noun == "customer" else ())
        STEPS["listed"] += 1
        assert set(found.index) == {row.id for row in self.rows if row.noun == noun and self.house.allows(who, "read", row)}, f"{who} looks through {noun}"
        assert self.house.people[who].role != "viewer" or "secret" not in found.to_csv(), f"{who} sees personal data"

    @rule(who=who_, whom=st.sampled_from(("amy", "bo", "cy", "gil", "mia", "sol")), team=st.sampled_from(("North", "South", None)))
    def moves_a_colleague_to_a_team(self, who: str, whom: str, team: str | None) -> None:
        if self.house.people[whom].team == team:
            return
        done = self.attempt(who, lambda session: records.update(session, "user", self.ids[whom], {"team_id": self.teams[team]}))
        self.expect(who == "ada", done is not None, f"{who} moves {whom} to {team}")
        if done is not None:
            self.house.people[whom].team = team

    @rule(who=who_, whom=st.sampled_from(("amy", "bo", "cy", "gil", "sol")), role=st.sampled_from(("manager", "rep", "agent", "viewer")))
    def gives_a_colleague_a_role(self, who: str, whom: str, role: str) -> None:
        if self.house.people[whom].role == role:
            return
        done = self.attempt(who, lambda session: records.update(session, "user", self.ids[whom], {"role": role}))
        self.expect(who == "ada", done is not None, f"{who} makes {whom} a {role}")
        if done is not None:
            self.house.people[whom].role = role

    @rule(who=who_, all_=st.booleans())
    def lets_managers_see_all_teams(self, who: str, all_: bool) -> None:
        if self.house.managers_see_all == all_:
            return
        done = self.attempt(who, lambda session: records.update(session, "organisation", 1, {"managers_see_all": all_}))
        self.expect(who == "ada", done is not None, f"{who} lets managers see all: {all_}")
        self.house.managers_see_all = all_ if done is not None else not all_


def test_whatever_people_do_happens_as_the_table_of_roles_says(sqlite_acme, tmp_path):
    Office.template = tmp_path / "template.db"
    shutil.copyfile(sqlite_acme, Office.template)
    with at_home(f"sqlite:///{Office.template}"):
        Office.furnished = furnish()
    checked = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)
    run_state_machine_as_test(AnyDay, settings=settings(max_examples=times(5, 560), stateful_step_count=times(30, 50), deadline=None, database=None, phases=(Phase.generate,), suppress_health_check=checked))
    total = sum(STEPS.values())
    TOLD.append(f"authorisation: {total} generated steps ({', '.join(f'{number} {kind}' for kind, number in STEPS.items())}), none wrong")
    assert total >= times(20, 20_000)
