from __future__ import annotations

import json

import numpy as np
import pytest

from sim.contract.messages import Line
from sim.routing.usage import Usage


@pytest.mark.parametrize("now", [0.0, 90.0])
def test_what_is_remembered_as_json_is_what_was_counted(now: float) -> None:
    """The first minute is a minute like any other: it must not be taken for nothing."""
    usage, other = Usage(2), Usage(2)
    usage.book(1, (Line(0, 3),), now)
    other.recall(json.loads(json.dumps(usage.memory())))
    for name, counted in usage.at(now).items():
        np.testing.assert_array_equal(other.at(now)[name], counted, err_msg=name)
