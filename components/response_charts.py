"""How many answered, by channel; and the index over the questions of the survey."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from components import charts, formats
from components.cache import ask
from components.figures import FEW, NONE_BELOW
from components.insight_filters import Lens
from components.panel import no_data, panel
from components.satisfaction_charts import say_widened, widened, words_of
from db.language import t
from db.policy import Actor
from db.queries import invitations, satisfaction_index


def response(actor: Actor, lens: Lens) -> None:
    table, wide = widened(
        lens,
        lambda span: ask(actor, invitations.response_by, lens.as_of, span, "channel", lens.filters),
        lambda found: bool(found["n"].sum() >= FEW),
    )
    known = table[table["n"] >= NONE_BELOW].sort_values("rate", ascending=False) if len(table) else table
    with panel(_title(table), t("Complete answers of the delivered invitations, by channel, with the 95% interval")):
        if known.empty:
            no_data(t("Fewer than 5 invitations were delivered. Invite customers on the Surveys page."))
            return
        frame = pd.DataFrame({"name": words_of(actor, "channel", known), "value": known["rate"], "low": known["low"], "high": known["high"], "n": known["n"]})
        frame["text"] = [_text(rate, int(n), int(done)) for rate, n, done in zip(known["rate"], known["n"], known["completed"], strict=True)]
        frame["highlight"] = [bool(rate < invitations.BIAS_BELOW) for rate in known["rate"]]
        drawn = charts.bars(frame, x="value", name="name", label=t("Response rate"), low="low", high="high")
        charts.draw(drawn, "response_by_channel", t("Response rate by channel"), height=34 * len(frame) + 24)
        _warn(frame)
        lost = int(table["undeliverable"].sum())
        st.caption(t("{sent} sent, {lost} undeliverable", sent=formats.number(int(table["sent"].sum())), lost=formats.number(lost)))
        say_widened(wide)


def _title(table: pd.DataFrame) -> str:
    delivered = int(table["n"].sum()) if len(table) else 0
    if delivered < NONE_BELOW:
        return t("Who answers")
    return t("{n} of 100 whom we asked answered", n=round(100 * int(table["completed"].sum()) / delivered))


def _text(rate: float, n: int, completed: int) -> str:
    return t("{rate} ({done} of {n})", rate=formats.percent(rate, 0), done=formats.number(completed), n=formats.number(n))


def _warn(frame: pd.DataFrame) -> None:
    low = formats.listed(str(name) for name, few in zip(frame["name"], frame["highlight"], strict=True) if few)
    if low:
        warning = t("Below 10%: {channels}. Those who answered may differ from those who did not.", channels=formats.plain(low))
        st.caption(f":material/warning: {warning}")


def index(actor: Actor, lens: Lens) -> None:
    table, wide = widened(
        lens,
        lambda span: ask(actor, satisfaction_index.index_parts, lens.as_of, span, lens.filters),
        lambda found: bool(len(found) and found["n"].min() >= FEW),
    )
    known = table[table["n"] >= NONE_BELOW] if len(table) else table
    whole = float(known["value"].mean()) if len(known) and len(known) == len(table) else None
    title = t("Satisfaction index") if whole is None else t("Satisfaction index {value} of 100", value=formats.number(whole, 1))
    with panel(title, t("Each question of the survey on 0 to 100, with its 95% interval; all weigh the same")):
        if known.empty:
            no_data()
            return
        frame = known.assign(name=[str(label) for label in known["label"]])
        frame["text"] = [formats.number(value, 1) + ("" if n >= FEW else f"  (n = {n})") for value, n in zip(frame["value"], frame["n"], strict=True)]
        drawn = charts.bars(frame, x="value", name="name", label=t("Index"), low="low", high="high")
        charts.draw(drawn, "satisfaction_index", t("Satisfaction index by question"), height=34 * len(frame) + 24)
        say_widened(wide)
