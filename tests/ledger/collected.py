"""A ledger written by hand of orders that are collected, in a world of one product and one store.

The measured window goes from minute 1000 to minute 2000. Every order is of one unit but for the third, of two.

=====  =====  ==============================================================================================
order  at     what becomes of it
=====  =====  ==============================================================================================
1      1000   to be collected: ready at 1120, promised for 1130, collected at 1240 at the kerb; buys for 10 USD
2      1100   to be collected, came on top: ready at 1280, promised for 1270, collected at 1460; buys for 5 USD
3      1200   to be collected: ready at 1500, promised for 1600; nobody comes, put back at 1800
4      1300   to be collected: one unit promised for 1600, none is there
5      1400   sent: handed over at 1500, delivered at 2600
=====  =====  ==============================================================================================
"""

from __future__ import annotations

import math

import numpy as np

from sim.ledger.fates import Cancelled, Fate, Goes
from sim.ledger.ledger import Ledger

NEVER = math.inf


def collected() -> Ledger:
    """Return a fresh copy of the ledger."""
    ledger = Ledger(np.array([[9]], dtype=np.int32), np.array([[6]], dtype=np.int32), (1000.0, 2000.0))
    promised = {1: 1130, 2: 1270, 3: 1600, 4: 1600, 5: 3000}
    for order, at in ((1, 1000), (2, 1100), (3, 1200), (4, 1300), (5, 1400)):
        units = 2 if order == 3 else 1
        ledger.shoppers.append((order, at, 0, 1, units, Fate.ORDERED, 1000 * units, 400 * units, 0, 0, 0, 0, 0))
        ledger.order_lines.append((order, 0, units))
        by = promised[order]
        ledger.decisions.append((order, at, at, 0, 0, 1, units, 0, 0, 5, 1700 if order == 5 else by, by, 0, 0))
    for number, (order, decided, picked, packed, delivered, asked, got, goes) in enumerate(
        (
            (1, 1000, 1100, 1120, 1120, 1, 1, Goes.TO_COUNTER),
            (2, 1100, 1200, 1280, 1280, 1, 1, Goes.TO_COUNTER),
            (4, 1300, 1310, NEVER, NEVER, 1, 0, Goes.TO_SHOPPER),
            (5, 1400, 1450, 1460, 2600, 1, 1, Goes.TO_SHOPPER),
            (3, 1200, 1480, 1500, 1500, 2, 2, Goes.TO_COUNTER),
        )
    ):
        handed = 1500 if order == 5 else delivered
        cents = (60, 40, 70, 700, 0) if order == 5 else (60, 40, 0, 0, 0) if got else (60, 0, 0, 0, 0)
        row = (number, order, 0, 0 if order == 5 else -1, 0, 0, decided, decided + 1, picked, packed, handed, delivered)
        ledger.parcels.append((*row, 1, asked, got, *cents, goes, 30.0 if order == 5 else 0.0))
        ledger.picks.append((number, order, 0, 0, picked, asked, got))
    ledger.cancellations.append((4, 1311, 0, 1, Cancelled.NOBODY_HAS_IT, 400))
    for order, at in ((1, 1000), (2, 1100), (3, 1200), (4, 1300)):
        ledger.pick_ups.append((order, at, 0, order == 2, order == 1))
    ledger.hand_overs.append((1, 1240, 0, 1120, 1, 1, 1000, 150, 1000, 300))
    ledger.hand_overs.append((2, 1460, 0, 1280, 1, 1, 1000, 50, 500, 150))
    ledger.hand_overs.append((3, 1800, 0, 1500, 2, 0, 2000, 200, 0, 0))
    ledger.put_back.append((3, 1800, 0, 0, 2))
    ledger.closing_staged[0] = 0
    ledger.products.append((0, 1000, 600, 500.0))
    ledger.sites.append((0, "store", "store", 1, 0))
    ledger.places.append((0, "east"))
    return ledger
