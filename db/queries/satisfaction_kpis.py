"""The KPIs of satisfaction."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from db.queries import invitations
from db.queries.answers import Answers, behind
from db.queries.figures import Figure
from db.queries.filters import AnySelect, Filters
from db.queries.kpi import Kpi, Question, Rows, Series
from db.queries.periods import Period, cut
from db.queries.satisfaction import FOLLOW_UP, MEASURES, answers_of, score, score_counts
from db.queries.satisfaction_index import index_of_survey, index_questions
from db.session import CrmSession

SURVEYED = ("survey_response", "question", "customer")


def _figure(kind: str, measure: str) -> Question:
    return partial(_score, kind, measure)


def _score(kind: str, measure: str, session: CrmSession, as_of: date, period: Period, filters: Filters) -> Figure:
    return score(session, as_of, period, filters, kind=kind, measure=measure)


def _series(kind: str, measure: str) -> Series:
    return partial(_scores, kind, measure)


def _scores(kind: str, measure: str, session: CrmSession, as_of: date, periods: list[Period], filters: Filters) -> list[Figure]:
    """Months in one question; other periods one by one."""
    if any(len(list(cut(period))) > 1 or period.start.day > 1 for period in periods):
        return [score(session, as_of, period, filters, kind=kind, measure=measure) for period in periods]
    counts = score_counts(session, as_of, Period(periods[0].start, periods[-1].end), filters, kind)
    return [MEASURES[measure](counts[period.key]) for period in periods]


def _rows(kind: str, best: int) -> Rows:
    """The answers; counted: those among the `best` highest points of the scale."""
    def rows(session: CrmSession, as_of: date, period: Period, filters: Filters) -> AnySelect | None:
        answers = answers_of(session, kind)
        if answers is None:
            return None
        return behind(answers, period.until(as_of), filters, _counted(answers, best))
    return rows


def _index_rows(session: CrmSession, as_of: date, period: Period, filters: Filters) -> AnySelect | None:
    asked = index_questions(session, as_of, period, filters)
    answers = answers_of(session, "csat", asked) if asked else None
    return behind(answers, period.until(as_of), filters, _counted(answers, 0)) if answers else None


def _counted(answers: Answers, best: int) -> Any:
    return answers.score > answers.maximum - best if best else answers.score.is_not(None)


DECLARED = (
    Kpi(
        key="csat_top_two", theme="satisfaction", label="Satisfied customers", unit="percent", better="up", target=0.8, nouns=SURVEYED,
        question="How many of those who answered are satisfied?",
        formula="answers in the two highest points of the scale ÷ all answers",
        source="ISO 10004:2018; interval: Wilson 1927",
        pitfalls="Scales of different length are not compared with each other. Few answers, or only answers of happy customers, mislead.",
        ask=_figure("csat", "top_two"), series=_series("csat", "top_two"), rows=_rows("csat", 2),
    ),
    Kpi(
        key="csat_mean", theme="satisfaction", label="Mean satisfaction", unit="points", better="up", decimals=2, nouns=SURVEYED,
        question="Which score do customers give on average?",
        formula="sum of the scores ÷ number of answers",
        source="ISO 10004:2018",
        pitfalls="A mean hides whether customers agree; look at the distribution too.",
        ask=_figure("csat", "mean"), series=_series("csat", "mean"), rows=_rows("csat", 0),
    ),
    Kpi(
        key="csat_index", theme="satisfaction", label="Satisfaction index", unit="index", better="up", nouns=SURVEYED,
        question="Where do customers stand between fully dissatisfied and fully satisfied?",
        formula="mean over the questions of ((mean score − lowest point) ÷ (highest − lowest point)) × 100",
        source="Fornell et al., Journal of Marketing 60, 1996",
        pitfalls="Of the survey with most questions on satisfaction. The weights of the American index are not public; here all questions weigh the same.",
        ask=index_of_survey, rows=_index_rows,
    ),
    Kpi(
        key="nps", theme="satisfaction", label="Net promoter score", unit="nps", better="up", decimals=0, target=0, nouns=SURVEYED,
        question="Do more customers recommend us than warn against us?",
        formula="(promoters 9–10 − detractors 0–6) ÷ answers × 100",
        source="Reichheld, Harvard Business Review, December 2003; interval: Rocks, American Statistician 70(4), 2016",
        pitfalls="With few answers the interval is wide. On a scale from 1 to 10 detractors are 1–6.",
        ask=_figure("nps", "nps"), series=_series("nps", "nps"), rows=_rows("nps", 2),
    ),
    Kpi(
        key="ces_mean", theme="satisfaction", label="Customer effort score", unit="points", better="up", decimals=2, nouns=SURVEYED,
        question="How easy did we make it for customers?",
        formula="sum of the scores from 1 to 7 ÷ number of answers",
        source="Dixon, Toman and DeLisi, The Effortless Experience, 2013",
        pitfalls="Only the scale from 1 to 7 with 7 as best counts; the version of 2010 ran the other way round.",
        ask=_figure("ces", "mean"), series=_series("ces", "mean"), rows=_rows("ces", 0),
    ),
    Kpi(
        key="ces_agreement", theme="satisfaction", label="Customers who found it easy", unit="percent", better="up", nouns=SURVEYED,
        question="How many found it easy to deal with us?",
        formula="answers 5–7 ÷ all answers from 1 to 7",
        source="Dixon, Toman and DeLisi, The Effortless Experience, 2013",
        ask=_figure("ces", "agreement"), series=_series("ces", "agreement"), rows=_rows("ces", 3),
    ),
    Kpi(
        key="follow_up_rating", theme="satisfaction", label="Rating in follow-ups", unit="points", better="up", decimals=2,
        nouns=("follow_up", "customer"),
        question="How satisfied did customers seem in follow-ups?",
        formula="sum of the ratings in done follow-ups ÷ number of ratings",
        source="Own definition",
        pitfalls="Noted by the account manager, not answered by the customer: never mix it with survey answers.",
        ask=_figure(FOLLOW_UP, "mean"), series=_series(FOLLOW_UP, "mean"), rows=_rows(FOLLOW_UP, 0),
    ),
    Kpi(
        key="follow_up_top_two", theme="satisfaction", label="Satisfied in follow-ups", unit="percent", better="up", nouns=("follow_up", "customer"),
        question="In how many rated follow-ups was the customer satisfied?",
        formula="ratings 4–5 ÷ all ratings in done follow-ups",
        source="Own definition; interval: Wilson 1927",
        pitfalls="Noted by the account manager, not answered by the customer: never mix it with survey answers.",
        ask=_figure(FOLLOW_UP, "top_two"), series=_series(FOLLOW_UP, "top_two"), rows=_rows(FOLLOW_UP, 2),
    ),
    Kpi(
        key="response_rate", theme="satisfaction", label="Response rate", unit="percent", better="up", nouns=("survey_invitation", "customer"),
        question="How many of those we asked answered the whole survey?",
        formula="customers who answered all questions ÷ (customers invited − undeliverable invitations), each once a wave",
        source="AAPOR Standard Definitions, response rate 1; interval: Wilson 1927",
        pitfalls="Below 10% those who answered may differ from those who did not. Surveys by e-mail often bring 5–30%.",
        ask=invitations.response_rate, series=invitations.response_each, rows=invitations.rows,
    ),
)
