"""Why an order came late: by how much, and at whose hands the time was lost."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.ledger.orders import orders_of

if TYPE_CHECKING:
    from sim.ledger.ledger import Ledger


def why_late(ledger: Ledger, order: int) -> str:
    """Return one sentence; empty if the order was promised no date, or kept it."""
    orders = orders_of(ledger)
    (k,) = np.flatnonzero(orders["order"] == order).tolist()
    ship, deliver, handed, delivered = (
        float(orders[name][k]) for name in ("promised_ship", "promised_delivery", "handed_at", "delivered_at")
    )
    if math.isnan(deliver) or (not math.isnan(delivered) and delivered <= deliver + 1e-6):
        return ""
    if math.isnan(delivered):
        return "Not all of it has been delivered."
    late = f"Late by {_hours(delivered - deliver)}: "
    reroutes, at_site = int(orders["reroutes"][k]), max(handed - ship, 0.0)
    causes = []
    if reroutes:
        causes.append(f"it was refused and sent for elsewhere {'once' if reroutes == 1 else f'{reroutes} times'}")
    if at_site > 1e-6:
        causes.append(f"it was handed to the carrier {_hours(at_site)} after the promised moment")
    if delivered - deliver > at_site + 1e-6:
        trips = ledger.trips.columns()
        spell = bool((trips["in_trouble"][trips["order"] == order] > 0).any())
        causes.append(f"the carrier took {_hours(delivered - deliver - at_site)} more{', in trouble' if spell else ''}")
    return late + ", ".join(causes or ["the hand-over that was missed cost the rest"]) + "."


def _hours(minutes: float) -> str:
    return f"{minutes / 60:.1f} h" if minutes >= 60 else f"{minutes:.0f} min"
