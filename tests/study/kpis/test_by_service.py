"""The table of the carriers' services, reckoned by hand."""

from __future__ import annotations

from sim.ledger.fates import Arrival
from sim.study.kpis.by_service import COLUMNS, by_service
from sim.study.kpis.cohort import cohort_of
from tests.ledger.hand_made import hand_made


def test_each_service_is_told_by_its_own_parcels() -> None:
    ledger = hand_made()
    trips = ledger.trips.columns()
    trips["service"][3:] = 1  # the last parcel of order 2, those of orders 3 and 5
    trips["arrival"][6] = Arrival.LOST
    found = by_service(cohort_of(ledger), ["ground", "light"])
    assert {name: dict(zip(COLUMNS, row, strict=True)) for name, row in found.items()} == {
        "ground": {
            "parcels": 2, "on time, %": 50, "in trouble, %": 100, "of these on time, %": 50, "waited for room, %": 0,
            "lost, %": 0, "spoilt, %": 0, "km": 150, "kg CO2": (0.1 + 0.2) / 2,
        },
        "light": {
            "parcels": 5, "on time, %": 60, "in trouble, %": 0, "of these on time, %": None, "waited for room, %": 20,
            "lost, %": 20, "spoilt, %": 20, "km": (300 + 400 + 500 + 600 + 900) / 5,
            "kg CO2": (0.1 * 3 + 0.1 * 4 + 0.1 * 5 + 0.1 * 6 + 0.1 * 9) / 5,
        },
    }  # fmt: skip


def test_where_no_carrier_is_watched_there_is_nothing_to_tell() -> None:
    ledger = hand_made()
    ledger.trips._rows.clear()
    ledger.claims._rows.clear()
    assert by_service(cohort_of(ledger), ["ground"]) == {}
