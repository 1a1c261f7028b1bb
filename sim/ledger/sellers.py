"""How a seller stands with the channels that watch him: what he cancelled of the orders of the last seven days."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.units import MINUTES_PER_DAY

if TYPE_CHECKING:
    from sim.ledger.ledger import Ledger
    from sim.ledger.orders import Columns

WATCHED_DAYS = 7


def seller_days(ledger: Ledger, orders: Columns) -> Columns:
    """Return each channel that is watched at the end of each measured day on which it can be judged.

    Returns
    -------
    dict of ndarray
        ``at`` the end of the day, ``channel``, ``orders`` placed there in the seven days before, ``cancelled`` those of
        which we cancelled at least one unit, however late; ``share_limit`` of them that is allowed, ``in_breach``.
    """
    start, end = ledger.measured
    days = np.arange(end, start, -MINUTES_PER_DAY)[::-1]
    rows = []
    for channel, limit in ledger.cancellation_limits.items():
        there = orders["channel"] == channel
        at, cancelled = orders["at"][there], (orders["units_cancelled"] > orders["units_called_off"])[there]
        order = np.argsort(at, kind="stable")
        total = np.concatenate([[0], np.cumsum(cancelled[order])])
        first, last = (np.searchsorted(at[order], days - back) for back in (WATCHED_DAYS * MINUTES_PER_DAY, 0))
        for day, low, high in zip(days.tolist(), first.tolist(), last.tolist(), strict=True):
            if high > low:
                lost = int(total[high] - total[low])
                rows.append((day, channel, high - low, lost, limit, lost > limit * (high - low)))
    names = {"at": "f8", "channel": "i4", "orders": "i8", "cancelled": "i8", "share_limit": "f8", "in_breach": "i1"}
    return {name: np.array([row[k] for row in rows], dtype=kind) for k, (name, kind) in enumerate(names.items())}
