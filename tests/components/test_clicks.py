from __future__ import annotations

from types import SimpleNamespace

import pytest

from components.clicks import clicked, ticked


def event(rows: object = (), cells: object = ()) -> SimpleNamespace:
    return SimpleNamespace(selection=SimpleNamespace(rows=rows, cells=cells))


def test_the_clicked_and_the_ticked_rows_are_those_of_the_table():
    assert clicked(event(cells=[(2, "name")]), 3) == 2
    assert ticked(event(rows=[0, 2, 2]), 3) == [0, 2]


@pytest.mark.parametrize("row", [3, -1, 99999, True, 1.0, "1", None, [0]])
def test_rows_that_are_not_there_count_for_nothing(row):
    assert clicked(event(cells=[(row, "name")]), 3) is None
    assert ticked(event(rows=[row, 1]), 3) == [1]


def test_what_is_no_list_of_rows_counts_for_nothing():
    assert clicked(event(cells=[()]), 3) is None
    assert [ticked(event(rows=rows), 3) for rows in ("012", 1, None)] == [[], [], []]
