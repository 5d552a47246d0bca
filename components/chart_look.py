"""The house's look of a chart, and its way into Vega-Lite. A test holds every chart against the schema: doing so at each run took half of a page's time."""

from __future__ import annotations

from typing import Any

import altair as alt
from altair.utils import schemapi

schemapi.disable_debug_mode()

GREY, RULE = "#5B6475", "#C5CCD8"
LOOK = {
    "font": "Inter, PingFang SC, Microsoft YaHei, Noto Sans CJK SC, sans-serif",
    "axis": {
        "grid": False, "domainColor": RULE, "tickColor": RULE, "labelColor": GREY, "titleColor": GREY,
        "labelFontSize": 11.5, "titleFontSize": 11.5, "titleFontWeight": "normal", "labelLimit": 200,
    },
    "view": {"stroke": None},
    "legend": {"labelFontSize": 11.5, "title": None, "orient": "top", "labelColor": GREY, "symbolType": "square"},
    "text": {"fontSize": 11.5, "color": "#1B2333"},
}


class Layers:
    """Altair charts on top of each other, most of them of the first one's data. `alt.layer` says the same, after copying every chart four times."""

    def __init__(self, *layers: Any) -> None:
        self.layers, self.data = layers, layers[0].data

    def to_dict(self, **_validate: bool) -> dict[str, Any]:
        whole: dict[str, Any] = alt.LayerChart(data=self.data).to_dict(validate=False)
        datasets = whole.get("datasets", {})
        context = {"top_level": False, "data": self.data, "datasets": datasets}
        whole["layer"] = [self._without_data(layer).to_dict(validate=False, context=context) for layer in self.layers]
        return {**whole, "datasets": datasets}

    def _without_data(self, layer: Any) -> Any:
        if layer.data is not self.data:
            return layer
        bare = layer.copy(deep=False)
        bare.data = alt.Undefined
        return bare


class Styled:
    """An Altair chart as wide as its place, so many pixels high, in the house's look."""

    def __init__(self, chart: Any, height: int) -> None:
        self.chart, self.height = chart, height

    def to_dict(self) -> dict[str, Any]:
        plain: dict[str, Any] = self.chart.to_dict(validate=False)
        return {**plain, "width": "container", "height": self.height, "config": LOOK}
