"""What goes on to Streamlit of what a browser, or whoever speaks like one, sends."""

from __future__ import annotations

import math

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from components.browser_wire import hear


def typed(*numbers: float) -> bytes:
    message = BackMsg()
    for place, number in enumerate(numbers):
        message.rerun_script.widget_states.widgets.add(id=f"number {place}", double_value=number)
    return message.SerializeToString()


@pytest.mark.parametrize("wild", [math.nan, math.inf, -math.inf])
def test_a_number_that_no_browser_sends_counts_as_nothing_typed_and_the_rest_goes_on(wild):
    onward = BackMsg.FromString(hear(typed(12.0, wild), signed_in=True).data)
    first, second = onward.rerun_script.widget_states.widgets
    assert (first.double_value, second.id, second.WhichOneof("value")) == (12.0, "number 1", None)


def test_what_a_browser_sends_goes_on_unchanged():
    assert hear(typed(0.0, -7.5, 1e308), signed_in=True).data == typed(0.0, -7.5, 1e308)
