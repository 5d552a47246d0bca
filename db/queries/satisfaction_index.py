"""The index 0-100 over the questions of one survey, in the manner of the American and the European customer satisfaction index."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pandas as pd

from db.queries.answers import answer_counts, questions
from db.queries.figures import Figure
from db.queries.filters import EVERYBODY, Filters
from db.queries.labels import labelled
from db.queries.periods import Period
from db.queries.satisfaction import index, score
from db.session import CrmSession


def index_of_survey(session: CrmSession, as_of: date, period: Period, filters: Filters = EVERYBODY) -> Figure:
    """The index over the CSAT questions of one survey: of the one that asks most of them, of several such the one answered most in the period.

    left_out: the answers to CSAT questions of other surveys.
    """
    counts = answer_counts(session, period.until(as_of), filters)
    chosen = _index_questions(session, counts)
    figure = index(session, as_of, period, chosen, filters)
    return replace(figure, left_out=sum(n for id_, n in counts.items() if id_ not in chosen))


def index_questions(session: CrmSession, as_of: date, period: Period, filters: Filters = EVERYBODY) -> tuple[int, ...]:
    """The questions that the index of the period is made of."""
    return _index_questions(session, answer_counts(session, period.until(as_of), filters))


def _index_questions(session: CrmSession, counts: Mapping[int, int]) -> tuple[int, ...]:
    surveys: dict[int, list[int]] = {}
    for row in questions(session, "csat"):
        if counts.get(row.id):
            surveys.setdefault(row.survey_id, []).append(row.id)

    def weight(ids: list[int]) -> tuple[int, int, int]:
        return len(ids), sum(counts[id_] for id_ in ids), -min(ids)

    largest = max(surveys.values(), key=weight) if surveys else []
    return tuple(largest)


def index_parts(session: CrmSession, as_of: date, period: Period, filters: Filters = EVERYBODY) -> pd.DataFrame:
    """The index of each question that the whole is made of: group, label, value (0-100), low, high, n."""
    ids = index_questions(session, as_of, period, filters)
    found = [score(session, as_of, period, filters, kind="csat", measure="index", question_ids=(id_,)) for id_ in ids]
    rows = [{"group": id_, "value": figure.value, "low": figure.low, "high": figure.high, "n": figure.n} for id_, figure in zip(ids, found, strict=True)]
    return labelled(session, pd.DataFrame(rows, columns=["group", "value", "low", "high", "n"]), "question")
