"""Satisfaction: CSAT, NPS, CES, the index over several questions, and the rating inside follow-ups."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import true

from db.queries.answers import Answers, Histogram, behind, histogram, left_out, rated_follow_ups, survey_answers
from db.queries.figures import NOTHING, Figure, share
from db.queries.filters import EVERYBODY, Filters, frame
from db.queries.labels import labelled
from db.queries.periods import Period, cut
from db.queries.statistics import mean_interval, net_promoter_interval, net_promoter_score
from db.session import CrmSession

FOLLOW_UP = "follow_up"
KINDS = ("csat", "nps", "ces", FOLLOW_UP)


@dataclass(frozen=True)
class Scores:
    """How often each score was given, on a scale from `minimum` to `maximum`."""

    counts: tuple[tuple[int, int], ...]
    minimum: int
    maximum: int

    @property
    def n(self) -> int:
        return sum(count for _, count in self.counts)

    @property
    def total(self) -> int:
        return sum(score * count for score, count in self.counts)

    def within(self, lowest: int, highest: int) -> int:
        return sum(count for score, count in self.counts if lowest <= score <= highest)

    def mean(self) -> Figure:
        squares = sum(score**2 * count for score, count in self.counts)
        low, high = mean_interval(self.total, squares, self.n)
        return Figure(self.total / self.n if self.n else None, self.total, self.n, self.n, 0, low, high)

    def index(self) -> Figure:
        """The mean moved to 0-100."""
        mean, span = self.mean(), self.maximum - self.minimum
        moved = [None if value is None else (value - self.minimum) / span * 100 for value in (mean.value, mean.low, mean.high)]
        return Figure(moved[0], mean.numerator, mean.denominator, self.n, 0, moved[1], moved[2])

    def top_two(self) -> Figure:
        """The share of the two highest points. ISO 10004:2018."""
        return share(self.within(self.maximum - 1, self.maximum), self.n)

    def agreement(self) -> Figure:
        """The share of the three highest points (CES 2.0: 5 to 7)."""
        return share(self.within(self.maximum - 2, self.maximum), self.n)

    def promoter_counts(self) -> tuple[int, int, int]:
        """Promoters 9-10, passives 7-8, detractors up to 6; on a scale from 1 to 10 too."""
        return self.within(9, 10), self.within(7, 8), self.within(self.minimum, 6)

    def net_promoters(self) -> Figure:
        counts = self.promoter_counts()
        low, high = net_promoter_interval(*counts)
        return Figure(net_promoter_score(*counts), counts[0] - counts[2], self.n, self.n, 0, low, high)


MEASURES: dict[str, Callable[[Scores], Figure]] = {
    "mean": Scores.mean, "top_two": Scores.top_two, "index": Scores.index, "nps": Scores.net_promoters, "agreement": Scores.agreement,
}


def answers_of(session: CrmSession, kind: str, question_ids: tuple[int, ...] = ()) -> Answers | None:
    """The scores of a kind: csat, nps, ces, or follow_up for the rating inside follow-ups."""
    return rated_follow_ups() if kind == FOLLOW_UP else survey_answers(session, kind, question_ids)


def score(session: CrmSession, as_of: date, period: Period, filters: Filters = EVERYBODY, *, kind: str = "csat", measure: str = "mean",
          question_ids: tuple[int, ...] = ()) -> Figure:
    """One figure of the period. measure: mean, top_two, index, nps, agreement."""
    answers = answers_of(session, kind, question_ids)
    if answers is None:
        return NOTHING
    passed = period.until(as_of)
    found = MEASURES[measure](_scores(answers, histogram(session, answers, passed, filters).get("")))
    other = 0 if kind == FOLLOW_UP or question_ids else left_out(session, answers, kind, passed, filters)
    return Figure(**{**vars(found), "left_out": other})


def scores_by(session: CrmSession, as_of: date, period: Period, by: str, filters: Filters = EVERYBODY, *, kind: str = "csat",
              question_ids: tuple[int, ...] = ()) -> pd.DataFrame:
    """One row a group with every measure: group, label, n, mean, mean_low, mean_high, top_two, ... nps, nps_low, nps_high.

    by: month (none is skipped), manager, product, channel, tier, region, industry, kind, question. The group None is 'unknown'.
    """
    counts = score_counts(session, as_of, period, filters, kind, by, question_ids)
    rows = [{"group": group, **_measures(scores)} for group, scores in counts.items()]
    return labelled(session, pd.DataFrame(rows, columns=None if rows else ["group", *_measures(_scores(None, None))]), by)


def score_counts(session: CrmSession, as_of: date, period: Period, filters: Filters = EVERYBODY, kind: str = "csat", by: str = "month",
                 question_ids: tuple[int, ...] = ()) -> dict[Any, Scores]:
    """The counts of each group; months without answers are there too."""
    answers, passed = answers_of(session, kind, question_ids), period.until(as_of)
    counted = histogram(session, answers, passed, filters, by) if answers else {}
    return dict(_grouped(answers, counted, [piece.key for piece in cut(passed)] if by == "month" else ()))


def distribution(session: CrmSession, as_of: date, period: Period, filters: Filters = EVERYBODY, *, kind: str = "csat", by: str = "",
                 question_ids: tuple[int, ...] = ()) -> pd.DataFrame:
    """How often each point of the scale was given, zeros included: group, label, score, n, share; for diverging bars."""
    answers = answers_of(session, kind, question_ids)
    if answers is None:
        return pd.DataFrame(columns=["group", "label", "score", "n", "share"])
    counted = histogram(session, answers, period.until(as_of), filters, by)
    points = range(answers.minimum, answers.maximum + 1)
    rows = [{"group": group, "score": point, "n": scores.within(point, point), "share": scores.within(point, point) / scores.n if scores.n else None}
            for group, scores in _grouped(answers, counted, () if by else ("",)) for point in points]
    return labelled(session, pd.DataFrame(rows, columns=["group", "score", "n", "share"]), by)


def promoters(session: CrmSession, as_of: date, period: Period, filters: Filters = EVERYBODY) -> tuple[int, int, int]:
    """Promoters, passives and detractors."""
    answers = answers_of(session, "nps")
    return _scores(answers, histogram(session, answers, period.until(as_of), filters).get("")).promoter_counts() if answers else (0, 0, 0)


def index(session: CrmSession, as_of: date, period: Period, question_ids: tuple[int, ...], filters: Filters = EVERYBODY,
          weights: tuple[float, ...] = ()) -> Figure:
    """The index 0-100 over several questions, weights adding up to 1, equal unless given. Fornell et al., Journal of Marketing 60, 1996.

    low, high: the weighted ends of the questions' intervals. That is cautious: the same customers answered all of them, and no
    correlation between the answers makes the interval of the whole wider.
    """
    found = [score(session, as_of, period, filters, kind="csat", measure="index", question_ids=(id_,)) for id_ in question_ids]
    if not question_ids or any(figure.value is None for figure in found):
        return NOTHING
    shares = weights or (1 / len(found),) * len(found)

    def weighted(part: str) -> float | None:
        values = [getattr(figure, part) for figure in found]
        return None if None in values else sum(weight * value for weight, value in zip(shares, values, strict=True))

    return Figure(weighted("value"), n=min(figure.n for figure in found), low=weighted("low"), high=weighted("high"))


def lowest_comments(
    session: CrmSession, as_of: date, period: Period, filters: Filters = EVERYBODY, *, kind: str = "csat", limit: int = 20, up_to: float = 1
) -> pd.DataFrame:
    """The comments that came with the lowest scores, the newest first: customer_id, customer, date, value, manager_id, note.

    up_to: only scores in this lower part of the scale; 0.5 leaves out those above its middle.
    """
    answers = answers_of(session, kind)
    if answers is None:
        return pd.DataFrame(columns=["customer_id", "customer", "date", "value", "manager_id", "note"])
    statement = behind(answers, period.until(as_of), filters, true())
    comment, ceiling = statement.selected_columns["note"], answers.minimum + up_to * (answers.maximum - answers.minimum)
    return frame(session, statement.where(comment.is_not(None), answers.score <= ceiling).order_by(None)
                 .order_by(answers.score, answers.day.desc(), answers.model.id).limit(limit))


def _scores(answers: Answers | None, counted: Mapping[int, int] | None) -> Scores:
    low, high = (answers.minimum, answers.maximum) if answers else (1, 5)
    return Scores(tuple(sorted((counted or {}).items())), low, high)


def _grouped(answers: Answers | None, counted: Histogram, wanted: Iterable[str]) -> list[tuple[Any, Scores]]:
    """The scores of each group, in the wanted order, else by name; wanted groups without answers are kept."""
    order = list(wanted) or sorted(counted, key=lambda group: (group is None, group))
    return [(group, _scores(answers, counted.get(group))) for group in order]


def _measures(scores: Scores) -> dict[str, Any]:
    row: dict[str, Any] = {"n": scores.n}
    for name, work_out in MEASURES.items():
        figure = work_out(scores)
        row |= {name: figure.value, f"{name}_low": figure.low, f"{name}_high": figure.high}
    return row
