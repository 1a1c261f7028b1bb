from __future__ import annotations

import json

import numpy as np
import pytest

from sim.contract.messages import Line, Order
from sim.routing.capacity.usage import Usage
from sim.routing.strategies.by_rules import site_columns
from tests.networks import network, site


@pytest.mark.parametrize("now", [0.0, 90.0])
def test_what_is_remembered_as_json_is_what_was_counted(now: float) -> None:
    """The first minute is a minute like any other: it must not be taken for nothing."""
    places = network([site(id="a"), site(id="b")])
    usage, other = (Usage(places, site_columns(places)) for _ in range(2))
    usage.book(Order(1, now, 0, (Line(0, 3),)), 1, (Line(0, 3),), now)
    other.recall(json.loads(json.dumps(usage.memory(now))))
    for name, counted in usage.at(now).items():
        np.testing.assert_array_equal(other.at(now)[name], counted, err_msg=name)
