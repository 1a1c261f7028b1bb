"""Laws of parcels on their way: what a carrier was given it delivered, lost or spoilt, and each only once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.ledger.fates import Arrival, Goes

if TYPE_CHECKING:
    from sim.ledger.ledger import Ledger


def on_the_way(ledger: Ledger) -> list[str]:
    """Return the laws that are broken: none where carriers are not watched."""
    trips, claims, parcels = ledger.trips.columns(), ledger.claims.columns(), ledger.parcels.columns()
    problems = []
    for name, table in (("trips", trips), ("claims", claims)):
        if len(np.unique(table["parcel"])) != len(table["parcel"]):
            problems.append(f"a parcel has two {name}")
        if (table["parcel"] >= len(parcels["parcel"])).any():
            return [*problems, f"{name} of parcels that were never sent"]
    for column, of_parcel in (("at", "handed_at"), ("delivered_at", "delivered_at"), ("service", "service")):
        equal = np.isclose(trips[column], parcels[of_parcel][trips["parcel"]], rtol=0, atol=1e-6)
        if wrong := np.count_nonzero(~equal):
            problems.append(f"{wrong} trips have another {of_parcel} than their parcels")
    to_shoppers = (parcels["goes"] == Goes.TO_SHOPPER) & np.isfinite(parcels["handed_at"])
    if trips["parcel"].size and len(trips["parcel"]) != np.count_nonzero(to_shoppers):
        problems.append("parcels were handed to carriers and made no trip")
    lost = trips["arrival"] == Arrival.LOST
    if (np.isfinite(trips["delivered_at"]) == lost).any():
        problems.append("parcels were delivered and lost, or neither")
    unsound = np.sort(trips["parcel"][trips["arrival"] != Arrival.SOUND])
    if not np.array_equal(unsound, np.sort(claims["parcel"])):
        problems.append(f"{len(unsound)} parcels were lost or spoilt, {len(claims['parcel'])} were claimed")
    elif (claims["units"] != parcels["picked"][claims["parcel"]]).any():
        problems.append("other units were claimed than were in the parcel")
    if ((claims["again"] != 0) & (claims["again"] != claims["units"])).any():
        problems.append("a part of a claim goes out once more")
    if ((claims["again"] > 0) & (claims["refund_cents"] > 0)).any():
        problems.append("a claim was paid back and sent once more")
    return problems
