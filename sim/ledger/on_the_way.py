"""Laws of parcels on their way: what a carrier was given it delivered, lost or spoilt, and each only once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.ledger.fates import Arrival, Goes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.ledger.ledger import Ledger
    from sim.ledger.orders import Columns


def lost_alone(ledger: Ledger) -> NDArray[np.bool_]:
    """Return which claims are of a parcel lost or spoilt by itself, and not when it was merged with others."""
    trips = ledger.trips.columns()
    unsound = trips["parcel"][(trips["arrival"] != Arrival.SOUND) & (trips["parcel"] >= 0)]
    return np.isin(ledger.claims.columns()["parcel"], unsound)


def legs_again(ledger: Ledger) -> NDArray[np.bool_]:
    """Return which legs were lost or spoilt with all that was in them, which goes out once more."""
    trips, legs, claims = ledger.trips.columns(), ledger.legs.columns(), ledger.claims.columns()
    again = np.zeros(len(legs["order"]), dtype=bool)
    again[trips["leg"][(trips["arrival"] != Arrival.SOUND) & (trips["leg"] >= 0)]] = True
    return again & np.isin(legs["order"], claims["order"][(claims["again"] > 0) & ~lost_alone(ledger)])


def never_sent(ledger: Ledger) -> list[str]:
    """Return what is told of parcels and legs that there are none of."""
    trips, claims = ledger.trips.columns(), ledger.claims.columns()
    parcels, legs = len(ledger.parcels.columns()["order"]), len(ledger.legs.columns()["order"])
    return [
        f"{name} of parcels that were never sent"
        for name, strange in (
            ("trips", (trips["parcel"] >= parcels) | (trips["leg"] >= legs)),
            ("claims", (claims["parcel"] < 0) | (claims["parcel"] >= parcels)),
        )
        if strange.any()
    ]


def on_the_way(ledger: Ledger) -> list[str]:
    """Return the laws that are broken: none where carriers are not watched."""
    trips, claims, parcels = ledger.trips.columns(), ledger.claims.columns(), ledger.parcels.columns()
    legs = ledger.legs.columns()
    straight, merged = trips["parcel"] >= 0, trips["leg"] >= 0
    problems = [
        f"a parcel has two {name}"
        for name, numbers in (
            ("trips", trips["parcel"][straight]),
            ("trips", trips["leg"][merged]),
            ("claims", claims["parcel"]),
        )
        if len(np.unique(numbers)) != len(numbers)
    ]
    if (straight == merged).any():
        return [*problems, "a trip is of a parcel and of several, or of none"]
    problems += _unlike(trips, straight, parcels, trips["parcel"]) + _unlike(trips, merged, legs, trips["leg"])
    given = np.count_nonzero((parcels["service"] >= 0) & np.isfinite(parcels["handed_at"]))
    given += np.count_nonzero(np.isfinite(legs["handed_at"]))
    if trips["parcel"].size and len(trips["parcel"]) != given:
        problems.append("parcels were handed to carriers and made no trip")
    lost = trips["arrival"] == Arrival.LOST
    if (np.isfinite(trips["delivered_at"]) == lost).any():
        problems.append("parcels were delivered and lost, or neither")
    problems += _claimed(ledger)
    if (claims["units"] != parcels["picked"][claims["parcel"]]).any():
        problems.append("other units were claimed than were in the parcel")
    if ((claims["again"] != 0) & (claims["again"] != claims["units"])).any():
        problems.append("a part of a claim goes out once more")
    if ((claims["again"] > 0) & (claims["refund_cents"] > 0)).any():
        problems.append("a claim was paid back and sent once more")
    return problems


def _unlike(trips: Columns, rows: NDArray[np.bool_], sent: Columns, number: NDArray[np.int64]) -> list[str]:
    """A trip is told as what was sent is; at a counter that is there only when it has been received."""
    problems = []
    number = number[rows]
    received = sent["goes"][number] == Goes.TO_COUNTER if "goes" in sent else np.zeros(len(number), dtype=bool)
    for column, of_sent in (("at", "handed_at"), ("delivered_at", "delivered_at"), ("service", "service")):
        told, there = trips[column][rows], sent[of_sent][number]
        equal = np.isclose(told, there, rtol=0, atol=1e-6)
        if column == "delivered_at":
            equal |= received & (told < there)
        if wrong := np.count_nonzero(~equal):
            problems.append(f"{wrong} trips have another {of_sent} than their parcels")
    return problems


def _claimed(ledger: Ledger) -> list[str]:
    """What was lost or spoilt is claimed, parcel by parcel; of what was merged every unit is, and nothing else."""
    trips, claims, legs = ledger.trips.columns(), ledger.claims.columns(), ledger.legs.columns()
    unsound, alone = trips["arrival"] != Arrival.SOUND, lost_alone(ledger)
    parcels, several = unsound & (trips["parcel"] >= 0), unsound & (trips["leg"] >= 0)
    if np.count_nonzero(parcels) != np.count_nonzero(alone):
        return [f"{np.count_nonzero(parcels)} parcels were lost or spoilt, {np.count_nonzero(alone)} were claimed"]
    units = [
        np.bincount(order, weights=quantity, minlength=int(legs["order"].max(initial=0)) + 1)
        for order, quantity in (
            (trips["order"][several], legs["units"][trips["leg"][several]]),
            (claims["order"][~alone], claims["units"][~alone]),
        )
    ]
    if len(units[0]) != len(units[1]) or (units[0] != units[1]).any():
        return ["other units were claimed than were merged and lost or spoilt"]
    return []
