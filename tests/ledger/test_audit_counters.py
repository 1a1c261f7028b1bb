"""What the audit says of counters, each law broken by one row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sim.errors import LedgerError
from sim.ledger.audit import audit
from tests.ledger.collected import collected

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.ledger.ledger import Ledger

AGAIN = (1, 1250, 0, 1120, 0, 1, 0, 0, 0, 0)
TOO_EARLY = (4, 1300, 0, 1400, 0, 1, 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda ledger: ledger.closing_staged.update({0: 1}), "units at the counters of 1 sites do not add up"),
        (lambda ledger: ledger.put_back.append((3, 1800, 0, 0, 1)), "3 units were put back, 2 were left"),
        (lambda ledger: ledger.hand_overs.append(AGAIN), "an order was collected twice"),
        (lambda ledger: ledger.hand_overs.append(TOO_EARLY), "something was collected before it was ready"),
        (lambda ledger: ledger.pick_ups.append((9, 1800, 0, 0, 0)), "1 pick ups name an order that nobody placed"),
    ],
)
def test_a_law_of_counters_that_is_broken_is_named(spoil: Callable[[Ledger], None], told: str) -> None:
    ledger = collected()
    spoil(ledger)
    with pytest.raises(LedgerError, match=told):
        audit(ledger)
