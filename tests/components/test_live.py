"""A page that redraws itself leaves time for the clicks of others."""

from __future__ import annotations

import pytest

from components.live import rest_after


@pytest.mark.parametrize(("drawing", "rest"), [(0.01, 3), (0.15, 3), (0.2, 4), (0.4, 8), (1, 10), (30, 10)])
def test_a_page_rests_twenty_times_as_long_as_its_drawing_took_but_at_least_3_seconds_and_at_most_10(drawing, rest):
    assert rest_after(drawing) == pytest.approx(rest)
