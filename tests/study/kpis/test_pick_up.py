from __future__ import annotations

import math

import pytest

from sim.ledger.audit import audit
from sim.study.kpis.catalogue import BY_NAME, estimate, sums_of
from sim.study.kpis.cohort import cohort_of
from sim.study.kpis.pick_up import PICK_UP_KPIS
from tests.ledger.collected import collected
from tests.ledger.hand_made import hand_made

# four of five orders are to be collected, three of them got something, one of these was left
BY_HAND = {
    "pick_up_rate": 4 / 5,
    "added_rate": 1 / 4,
    "ready_hours_mean": (2 + 3 + 5) / 3,
    "ready_hours_p90": 3 + 0.8 * 2,
    "ready_on_time_rate": 2 / 4,  # 2 is late, 4 is never ready
    "collected_rate": 2 / 4,
    "no_show_rate": 1 / 3,
    "counter_hours_mean": (2 + 3 + 5) / 3,
    "extra_sales_per_pick_up": 15 / 2,
    "extra_margin_per_pick_up": 4.50 / 2,
    "pick_up_per_order": 4.00 / 4,
}
OTHERS = {
    "order_fill_rate": 3 / 4,  # 3 was there, and nobody came for it
    "cancel_rate": 1 / 5,
    "delivery_hours_mean": 20,  # of 5 alone
    "on_time_delivery_rate": 3 / 5,
    "cost_per_order": (3 * 1.00 + 0.60 + 8.70 + 4.00) / 4,
    "contribution_per_order": (3 * (10 - 6) + 3.00 + 1.50 - (3 * 1.00 + 0.60 + 8.70 + 4.00)) / 4,
}


def test_every_kpi_of_pick_up_is_reckoned_by_hand_once() -> None:
    assert list(BY_HAND) == [kpi.name for kpi in PICK_UP_KPIS]


@pytest.mark.parametrize("name", [*BY_HAND, *OTHERS])
def test_a_kpi_of_orders_that_are_collected_is_what_a_pencil_says(name: str) -> None:
    expected = {**BY_HAND, **OTHERS}[name]
    assert estimate(BY_NAME[name], [sums_of(cohort_of(collected()))]).value == pytest.approx(expected, rel=1e-12)


def test_the_ledger_written_by_hand_keeps_the_laws() -> None:
    audit(collected())


@pytest.mark.parametrize("name", BY_HAND)
def test_where_nothing_is_collected_there_is_no_number(name: str) -> None:
    assert math.isnan(estimate(BY_NAME[name], [sums_of(cohort_of(hand_made()))]).value)
