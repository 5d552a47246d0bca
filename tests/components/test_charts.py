"""Every kind of chart is right by the schema of Vega-Lite; the pages no longer ask, since asking at each run took half of their time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import altair as alt
import pandas as pd
import pytest
from jsonschema import ValidationError

from components import charts, retention_marks, workload_marks
from components.chart_look import Styled

MONTHS = pd.DataFrame({"period": ["Jan", "Feb"], "value": [3.5, 4.2], "before": [3.0, 4.0], "low": [3.0, 4.0], "high": [4.0, 4.5], "n": [9, 8], "label": ["3.5", "4.2"],
                       "running": [False, True], "part": ["a", "b"]})
PEOPLE = pd.DataFrame({"name": ["Amy", "Bo"], "value": [3, 1], "before": [2, 2], "after": [3, 1], "low": [2, 0], "high": [4, 2], "end": [3, 2], "target": [2, 2], "text": ["3", "1"],
                       "n": [3, 1], "highlight": [True, False], "behind": [False, True], "over": [True, False], "part": ["a", "b"]})
SHARES = pd.DataFrame({"name": ["Amy", "Amy"], "part": ["bad", "good"], "share": [0.4, 0.6], "place": [-1, 1], "n": [4, 6]})
ENDS = pd.DataFrame({"name": ["Amy"], "low": [-0.4], "high": [0.6], "left": ["40%"], "right": ["60%"]})
CURVE = pd.DataFrame({"month": [0, 12], "share": [1.0, 0.8], "low": [1.0, 0.7], "high": [1.0, 0.9], "at_risk": [10, 8], "group": ["all", "all"]})
AT_RISK = pd.DataFrame({"month": [0, 12], "n": [10, 8], "row": [0, 0], "group": ["all", "all"]})
WATERFALL = pd.DataFrame({"name": ["start", "lost"], "begin": [0, 10], "end": [10, 7], "colour": ["#334155", "#C2410C"], "text": ["10", "−3"]})
KINDS: dict[str, Callable[[], Any]] = {
    "line": lambda: charts.line(MONTHS, y="value", label="Score", low="low", high="high", target=4.0),
    "columns": lambda: charts.columns(MONTHS, y="value", label="Sales", before="before"),
    "bars": lambda: charts.bars(PEOPLE, x="value", name="name", label="Load", low="low", high="high", mark_mean=True),
    "bars beside": lambda: charts.bars_beside(PEOPLE, x="value", before="before", name="name", label="Sales"),
    "bullets": lambda: charts.bullets(PEOPLE, x="value", target="target", name="name"),
    "heat": lambda: charts.heat(PEOPLE, x="name", y="part", value="value", text="text", tips={"n:Q": "n"}),
    "areas": lambda: charts.areas(MONTHS, part="part", parts=["a", "b"], value="value", colours=["#334155", "#C2410C"]),
    "curve": lambda: charts.curve([(0.0, 0.0), (0.5, 0.2), (1.0, 1.0)], "people", "load"),
    "stacked count": lambda: charts.stacked_count(PEOPLE, name="name", part="part", parts=["a", "b"], value="value", colours=["#334155", "#C2410C"]),
    "diverging": lambda: charts.diverging(charts.centred(SHARES, name="name", place="place"), ENDS, name="name", part="part", parts=["bad", "good"], colours=["#C2410C", "#0B7A75"]),
    "survival": lambda: retention_marks.survival(CURVE, AT_RISK, CURVE, [0, 12]),
    "lines": lambda: retention_marks.lines(MONTHS, label="Share", tips={"low": "at least"}),
    "several lines": lambda: retention_marks.lines(MONTHS.assign(series=["a", "b"]), label="Share", tips={}, series=["a", "b"]),
    "waterfall": lambda: retention_marks.waterfall(WATERFALL),
    "against a line": lambda: workload_marks.against_line(PEOPLE, x="value", label="Share", line=2),
    "before and after": lambda: workload_marks.before_after(PEOPLE, label="Load"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_chart_is_right_by_the_schema(kind):
    alt.Chart.validate(Styled(KINDS[kind](), 200).to_dict(), schema=alt.core.load_schema())


def test_the_schema_refuses_a_chart_that_is_not_right():
    with pytest.raises(ValidationError, match="On instance"):
        alt.Chart.validate(Styled(alt.Chart(MONTHS).mark_line(interpolate="bent"), 200).to_dict(), schema=alt.core.load_schema())  # type: ignore[arg-type]


def test_layers_share_the_data_of_the_first_and_keep_their_own():
    spec = KINDS["curve"]().to_dict()
    assert len(spec["datasets"]) == 2
    assert [layer.get("data") is None for layer in spec["layer"]] == [True, False, False]


def test_layers_say_what_altair_s_own_layering_says():
    layers = [alt.Chart(MONTHS).mark_bar().encode(x=alt.X("period:O")), alt.Chart(MONTHS).mark_rule().encode(y=alt.Y("value:Q"))]
    ours, theirs = charts.Layers(*layers).to_dict(), alt.layer(*layers).to_dict(validate=False)
    assert {key: ours[key] for key in ("data", "layer", "datasets")} == {key: theirs[key] for key in ("data", "layer", "datasets")}


def test_a_row_of_empty_cells_keeps_its_place():
    frame = pd.DataFrame({"month": ["Jan", "Feb", "Mar"], "after": [0, 0, 0], "value": [1.0, None, 1.0], "text": ["1", "", "1"]})
    cells, _ = charts.heat(frame, x="after", y="month", value="value", text="text").to_dict()["layer"]
    assert cells["encoding"]["y"]["sort"] == ["Jan", "Feb", "Mar"]


def test_the_columns_of_a_grid_stand_in_order_where_the_first_row_lacks_one():
    spans = ["soon", "later", "never"]
    frame = pd.DataFrame({"span": ["soon", "never", "later"], "tier": ["A", "A", "B"], "value": [1, 2, 3], "text": ["1", "2", "3"], "month": [0, 2, 1]})
    by_word = charts.heat(frame, x="span", y="tier", value="value", text="text", order=spans).to_dict()
    by_number = charts.heat(frame, x="month", y="tier", value="value", text="text").to_dict()
    assert by_word["layer"][0]["encoding"]["x"]["sort"] == spans
    assert by_number["layer"][0]["encoding"]["x"]["sort"] == "ascending"
