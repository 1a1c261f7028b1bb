"""A snapshot has all that was before its minute and nothing of it, so that the books agree with any two of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sim.study.kpis.reconcile import reconcile
from sim.world.simulate import simulate
from tests.world.hand_made import BOSTON, CABLE, HandMadeTape, ObedientRouter, all_from, at, shopper, stocked

if TYPE_CHECKING:
    from pathlib import Path

# a message takes a minute and a pick four: what is ordered at 14:55 leaves the shelf at 15:00 sharp
ON_THE_MINUTE, BEFORE, AFTER = at(0, 14, 55), at(0, 14, 54), at(0, 14, 56)
CABLES = 700  # what one costs, cents


def day_of(moment: float, day: int) -> float:
    return moment + day * 1440


@pytest.mark.parametrize("first", [BEFORE, ON_THE_MINUTE, AFTER])
@pytest.mark.parametrize("last", [BEFORE, ON_THE_MINUTE, AFTER])
def test_the_books_agree_with_two_snapshots_whatever_happens_at_their_minute(
    tmp_path: Path, first: float, last: float
) -> None:
    scenario = stocked(
        tmp_path, {(CABLE, BOSTON): 9}, snapshot__at="15:00", clock__measure="3 days",
        carrying={"holding": "20 %", "obsolescence": "7 %"},
    )  # fmt: skip
    wants = [(day_of(first, 0) + 5, CABLE, BOSTON), (day_of(last, 2) + 5, CABLE, BOSTON)]
    shoppers = [shopper(1, first, {CABLE: 1}), shopper(2, day_of(last, 2), {CABLE: 1})]
    ledger = simulate(scenario, HandMadeTape(scenario, shoppers, wants), ObedientRouter(all_from(BOSTON)))
    values = ledger.snapshots.columns()["value_cents"].tolist()
    taken = 2 * (first == BEFORE), 2, 2 + 2 * (last == BEFORE)
    assert values[:3] == [CABLES * (9 - units) for units in taken]
    found = reconcile(ledger)
    assert not found.broken
    assert not [check for check in found.checks if not check.holds]
