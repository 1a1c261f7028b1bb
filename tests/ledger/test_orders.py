from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.contract.messages import COST_PARTS
from sim.ledger.ledger import Ledger
from sim.ledger.orders import orders_of
from tests.ledger.hand_made import hand_made

NAN = float("nan")
NUMBERS = (7, 1, 2, 3, 5, 4, 6, 11, 8)


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        #                  7, 1, 2, 3, 5, 4, 6, 11, 8
        ("lines", (1, 1, 2, 1, 2, 1, 1, 1, 1)),
        ("units", (1, 1, 3, 2, 2, 1, 1, 3, 1)),
        ("units_promised", (1, 1, 3, 3, 2, 1, 1, 0, 1)),  # a unit promised again counts again
        ("units_asked", (1, 1, 3, 3, 2, 1, 0, 0, 1)),
        ("units_picked", (1, 1, 3, 2, 2, 0, 0, 0, 1)),
        ("units_short", (0, 0, 0, 1, 0, 1, 0, 0, 0)),
        ("units_first", (1, 1, 3, 2, 1, 0, 0, 0, 1)),  # a re-route keeps the first promise, a backorder does not
        ("lines_first", (1, 1, 2, 1, 1, 0, 0, 0, 1)),
        ("units_cancelled", (0, 0, 0, 0, 0, 1, 0, 3, 0)),
        ("cancelled_margin_cents", (0, 0, 0, 0, 0, 400, 0, 1200, 0)),
        ("backordered", (0, 0, 0, 0, 1, 0, 0, 0, 0)),
        ("parcels", (1, 1, 2, 2, 2, 0, 0, 0, 1)),  # an empty search is no parcel
        ("sites", (1, 1, 2, 2, 1, 0, 0, 0, 1)),
        ("reroutes", (0, 0, 0, 1, 0, 1, 0, 0, 0)),  # what the router tries again of itself is none
        ("promised_ship", (1100, 1100, 1300, 1400, NAN, 1500, 1600, NAN, 2100)),  # the first promise, if it was whole
        ("promised_delivery", (2500, 2500, 3000, 4000, NAN, 3000, 3000, NAN, 3500)),
        ("handed_at", (1100, 1100, 1350, 1500, 2900, NAN, NAN, NAN, 2100)),
        ("delivered_at", (2400, 2500, 3000, 3700, 5000, NAN, NAN, NAN, 3500)),
        ("delivery_hours", (1401 / 60, 25, 30, 40, 60, NAN, NAN, NAN, 25)),
        ("cost_cents", (875, 875, 975 + 1110, 875 + 1110, 875 + 875, 60, 0, 0, 875)),
        ("measured", (False, True, True, True, True, True, True, True, False)),
    ],
)
def test_an_order_is_what_the_tables_say_of_it(column: str, expected: tuple[Any, ...]) -> None:
    orders = orders_of(hand_made())
    assert orders["order"].tolist() == list(NUMBERS)
    np.testing.assert_array_equal(orders[column], expected)


def test_cost_is_the_sum_of_its_parts() -> None:
    orders = orders_of(hand_made())
    assert sum(orders[f"{part}_cents"] for part in COST_PARTS).tolist() == orders["cost_cents"].tolist()
    assert orders["label_cents"].tolist() == [700, 700, 1700, 1600, 1400, 0, 0, 0, 700]


def test_every_column_has_a_row_for_every_order() -> None:
    assert {len(values) for values in orders_of(hand_made()).values()} == {len(NUMBERS)}


def test_a_parcel_that_is_never_collected_is_never_delivered() -> None:
    ledger = hand_made()
    parcels = ledger.parcels.columns()
    parcels["handed_at"][3] = parcels["delivered_at"][3] = np.inf  # the second parcel of order 2
    orders = orders_of(ledger)
    assert np.isnan([orders[name][2] for name in ("handed_at", "delivered_at", "delivery_hours")]).all()


def test_a_world_in_which_nothing_happens_has_no_orders() -> None:
    nothing = np.zeros((0, 0), dtype=np.int32)
    assert all(len(values) == 0 for values in orders_of(Ledger(nothing, nothing, (0.0, 1.0))).values())
