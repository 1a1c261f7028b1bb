"""What the audit says of merges, each law broken by one row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sim.errors import LedgerError
from sim.ledger.audit import audit
from tests.ledger.hand_made import hand_made

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.ledger.ledger import Ledger

NOTHING = (0, 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda ledger: ledger.closing_merging.update({0: 2}), "0 units were to be merged, 0 left and 2 wait"),
        (lambda ledger: ledger.legs.append((2, 1500, 0, 0, 2, 0, 1400, 1490, 1600, 1700, *NOTHING)),
         "ready_at lies before at in 1 merges"),
        (lambda ledger: ledger.legs.append((99, 1500, 0, 0, 2, 0, 1400, 1500, 1600, 1700, *NOTHING)),
         "1 legs name an order that nobody placed"),
    ],
)  # fmt: skip
def test_a_law_of_merges_that_is_broken_is_named(spoil: Callable[[Ledger], None], told: str) -> None:
    ledger = hand_made()
    spoil(ledger)
    with pytest.raises(LedgerError, match=told):
        audit(ledger)
