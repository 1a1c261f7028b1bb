"""The audit tells what cannot be of people with shifts."""

from __future__ import annotations

import pytest

from sim.ledger.labour import labour_problems
from tests.ledger.hand_made import hand_made


def test_a_ledger_written_by_hand_pays_for_all_that_is_worked() -> None:
    assert labour_problems(hand_made()) == []


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("worked_min", 9999, "at 1 sites more was worked than paid"),
        ("overtime_min", -60, "somebody was paid for less than no time"),
        ("at", 0, "a day at a site was paid twice"),
    ],
)
def test_what_cannot_be_is_told(column: str, value: float, told: str) -> None:
    ledger = hand_made()
    ledger.labour.columns()[column][1] = value
    assert told in labour_problems(ledger)
