"""Open a sample company in a workspace: small ones by the rules, large ones in bulk."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from db import defaults, records
from db.bulk import write
from db.completion import Completion, Numbers
from db.engine import transaction
from db.errors import Invalid
from db.language import current
from db.models import NOUNS, Team, User
from db.policy import Actor, require
from db.session import CrmSession
from seed.ahead import told_ahead
from seed.company import company
from seed.entering import enter
from seed.plan import Plan, present
from seed.vocabulary import Vocabulary

BY_THE_RULES = 2000
"""Up to so many customers are entered like users' data."""
MUST_BE_EMPTY = ("customer", "product", "product_line", "survey", "tag", "custom_field")


def open_sample_company(actor: Actor, customers: int = 300, years: int = 3, managers: int = 6, seed: int = 1, language: str | None = None,
                        day: date | None = None) -> dict[str, int]:
    """Fill the actor's workspace, which must hold no customers or products yet; returns how many rows there are of each noun.

    The company's present is the running hour, or the evening of the given day. Users stay; new ones get no password.
    Raises Invalid when the workspace is not empty, Forbidden for all but administrators.
    """
    require(actor, "create", "user")
    with transaction(actor, "sample.open", note=f"{customers}", at_length=customers > BY_THE_RULES) as session:
        _check_empty(session)
        defaults.add_options(session)
        session.flush()
        plan = Plan(customers, years, managers, seed, language or current(), present(day))
        numbers = Numbers(session)
        teams = {name: id_ for name, id_ in session.execute(select(Team.name, Team.id), execution_options={"with_deleted": True})}
        names = set(session.scalars(select(User.user_name), execution_options={"with_deleted": True}))
        if customers <= BY_THE_RULES:
            return enter(session, company(plan, numbers, teams, names), numbers)
        completion = Completion(session, numbers)
        return write(session, completion, told_ahead(completion, company, plan, teams, names), empty=True)


def _check_empty(session: CrmSession) -> None:
    for noun in MUST_BE_EMPTY:
        if session.scalar(select(NOUNS[noun].id).limit(1), execution_options={"with_deleted": True}) is not None:
            raise Invalid.because("The sample company needs an empty workspace; this one holds customers or products already.")


def make_organisation(actor: Actor, language: str) -> None:
    """Give a new workspace its settings; those of an existing one stay."""
    with transaction(actor, "setup") as session:
        if session.organisation.id is None:
            name = Vocabulary(language).words["organisation"]
            records.create(session, "organisation", {"name": name, "time_zone": "Asia/Shanghai", "currency": "CNY", "language": language})
