from __future__ import annotations

import math
import re

import numpy as np
import pytest

from sim.errors import LedgerError
from sim.ledger.audit import audit
from sim.ledger.ledger import Ledger
from sim.ledger.returned import State, back_on_shelf, returned_problems
from tests.ledger.hand_made import A, B, hand_made

ON_SALE, LIQUIDATED, IN_THE_POST, AT_HOME = 1, 2, 4, 5  # rows of the ledger written by hand


def test_what_is_on_sale_again_is_named_by_its_shelf() -> None:
    cells, units = back_on_shelf(hand_made())
    assert list(zip(cells.tolist(), units.tolist(), strict=True)) == [(A * 3 + 0, 1), (B * 3 + 2, 1)]


@pytest.mark.parametrize(
    ("column", "row", "value", "message"),
    [
        ("order", ON_SALE, 77, "1 returns name an order that nobody placed"),
        ("order", ON_SALE, 8, "something comes back of another order's parcel"),
        ("parcel", ON_SALE, 10, "something comes back of a parcel that was never sent"),
        ("sku", ON_SALE, B, "more comes back of 1 parcels' lines than was in them"),
        ("number", LIQUIDATED, 1, "a unit comes back twice"),
        ("state", ON_SALE, 9, "a unit that comes back has no state"),
        ("state", AT_HOME, State.UNDER_WAY, "1 units that come back have handed_at at odds with their state"),
        ("state", IN_THE_POST, State.DESTROYED, "1 units that come back have settled_at at odds with their state"),
        ("state", ON_SALE, State.DESTROYED, "a unit is on a shelf and not on sale, or the other way round"),
        ("shelf", ON_SALE, 1, "stock of 2 cells does not add up"),
        ("shelf", LIQUIDATED, 2, "a unit is on a shelf and not on sale, or the other way round"),
        ("inspected_at", ON_SALE, math.nan, "1 units that come back have inspected_at at odds with their state"),
        ("handed_at", ON_SALE, 2499, "handed_at lies before delivered_at in 1 units that come back"),
        ("received_at", ON_SALE, 5379, "received_at lies before handed_at in 1 units that come back"),
        ("inspected_at", ON_SALE, 8259, "inspected_at lies before received_at in 1 units that come back"),
        ("settled_at", ON_SALE, 9699, "settled_at lies before inspected_at in 1 units that come back"),
        ("refunded_at", ON_SALE, 5379, "a refund was made before the unit was handed in"),
        ("refunded_at", ON_SALE, math.nan, "a refund was booked and never made"),
        ("label_cents", ON_SALE, -1, "a return costs less than nothing"),
    ],
)
def test_a_return_that_cannot_be_is_found_out(column: str, row: int, value: float, message: str) -> None:
    ledger = hand_made()
    ledger.returns.columns()[column][row] = value
    with pytest.raises(LedgerError, match=re.escape(message)):
        audit(ledger)


def test_where_nothing_comes_back_nothing_can_be_wrong() -> None:
    nothing = np.zeros((0, 0), dtype=np.int32)
    assert returned_problems(Ledger(nothing, nothing.copy(), (0.0, 1.0))) == []
