"""How the answers spread: unhappy to the left of the middle, happy to the right, one bar a group."""

from __future__ import annotations

import pandas as pd

from components import charts, formats
from components.figures import FEW, NONE_BELOW
from components.insight_filters import Lens
from components.panel import no_data, panel
from components.satisfaction_charts import chosen_group, group_pills, often_enough, say_widened, words_of
from db.language import t
from db.policy import Actor
from db.queries import satisfaction

WIDE = ["#8F2F08", "#C2410C", "#DE7A4F", "#EFB195", "#F8DDD0", "#E5E8EE", "#CFE7E4", "#95CBC6", "#4FA59F", "#0B7A75", "#07544F"]
ROWS = 12


def draw(actor: Actor, lens: Lens, kind: str) -> None:
    caption = t("Share of detractors (0–6), passives (7–8) and promoters (9–10); passives stand half on each side") if kind == "nps" else t(
        "Share of each answer; those in the middle of the scale stand half on each side"
    )
    by = chosen_group(kind, "spread")
    table, wide = often_enough(actor, lens, satisfaction.distribution, kind, by)
    parts = _parts(actor, table, by, kind)
    with panel(_title(parts, kind), caption):
        group_pills(kind, "spread")
        if parts.empty:
            no_data(t("Fewer than 5 answers in each group; no shares are shown."))
            return
        _chart(parts, kind, by)
        say_widened(wide)


def _title(parts: pd.DataFrame, kind: str) -> str:
    """The finding: how many of the answers shown are happy, how many unhappy."""
    if parts.empty:
        return t("Promoters and detractors") if kind == "nps" else t("How the answers spread")
    happy, unhappy = (formats.percent(parts.loc[parts["place"] == place, "n"].sum() / parts["n"].sum(), 0) for place in (1, -1))
    if kind == "nps":
        return t("{promoters} promoters, {detractors} detractors", promoters=happy, detractors=unhappy)
    return t("{happy} of the answers are happy, {unhappy} unhappy", happy=happy, unhappy=unhappy)


def _parts(actor: Actor, table: pd.DataFrame, by: str, kind: str) -> pd.DataFrame:
    """One row a group and part of the scale, worst to best, the groups with most happy answers first: name, answer, place, n, share."""
    if table.empty:
        return table
    frame = table.assign(group=table["group"].astype(object).where(table["group"].notna(), None), score=table["score"].astype(int))
    frame["total"] = frame.groupby("group", dropna=False)["n"].transform("sum")
    frame = frame[frame["total"] >= NONE_BELOW].copy()
    if frame.empty:
        return frame
    names = words_of(actor, by, frame, kind)
    frame["name"] = [f"{name}{'' if total >= FEW else f'  (n = {total})'}" for name, total in zip(names, frame["total"], strict=True)]
    middle = (frame["score"].min() + frame["score"].max()) / 2
    frame["place"] = [_place_nps(score) if kind == "nps" else int(score > middle) - int(score < middle) for score in frame["score"]]
    words = {-1: t("Detractors"), 0: t("Passives"), 1: t("Promoters")}
    frame["answer"] = [words[place] if kind == "nps" else str(score) for place, score in zip(frame["place"], frame["score"], strict=True)]
    summed = frame.groupby(["name", "place", "answer"], sort=False, as_index=False)[["n", "share"]].sum()
    happy = summed[summed["place"] > 0].groupby("name")["share"].sum()
    return summed.assign(happy=summed["name"].map(happy).fillna(0)).sort_values("happy", ascending=False, kind="stable").head(ROWS * summed["answer"].nunique())


def _place_nps(score: int) -> int:
    return 1 if score >= 9 else 0 if score >= 7 else -1


def _chart(parts: pd.DataFrame, kind: str, by: str) -> None:
    placed = charts.centred(parts, name="name", place="place")
    answers = list(dict.fromkeys(placed["answer"]))
    sides = placed.groupby("name", sort=False)
    ends = pd.DataFrame({"low": sides["start"].min(), "high": sides["end"].max()})
    for side, place in (("left", -1), ("right", 1)):
        shares = placed[placed["place"] == place].groupby("name")["share"].sum()
        ends[side] = [formats.percent(shares.get(name, 0.0), 0) for name in ends.index]
    colours = [WIDE[1], WIDE[5], WIDE[9]] if kind == "nps" else ramp(len(answers))
    charts.draw(
        charts.diverging(placed, ends.reset_index(), name="name", part="answer", parts=answers, colours=colours),
        f"satisfaction_spread_{kind}_{by}",
        t("Shares of unhappy and happy answers by group"),
        height=34 * len(ends) + 56,
    )


def ramp(size: int) -> list[str]:
    """Colours from unhappy to happy; only a scale with a middle has the neutral one."""
    if size == 5:
        return charts.DIVERGING
    wide = WIDE if size % 2 else [colour for colour in WIDE if colour != WIDE[5]]
    return [wide[round(place * (len(wide) - 1) / max(1, size - 1))] for place in range(size)]
