"""What a carrier was given it delivered, lost or spoilt, each only once: any other ledger is found out."""

from __future__ import annotations

import math
import re

import pytest

from sim.errors import LedgerError
from sim.ledger.audit import audit
from sim.ledger.fates import Arrival
from tests.ledger.hand_made import hand_made
from tests.ledger.test_audit import Tamper, appending, setting

TRIP = (1, 1, 0, 1100, 1101, 2500, 0, 0, 0, 1, 0, 0, 0, 0, -1)
CLAIM = (5, 3, 3900, Arrival.DAMAGED, 1, 0, 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("tamper", "message"),
    [
        (appending("trips", *TRIP), "a parcel has two trips"),
        (appending("claims", *CLAIM), "a parcel has two claims"),
        (appending("trips", 99, *TRIP[1:]), "trips of parcels that were never sent"),
        (appending("trips", -1, *TRIP[1:-1], 99), "trips of parcels that were never sent"),
        (appending("trips", -1, *TRIP[1:]), "a trip is of a parcel and of several, or of none"),
        (appending("claims", 99, *CLAIM[1:]), "claims of parcels that were never sent"),
        (appending("trips", 1, 77, *TRIP[2:]), "1 trips name an order that nobody placed"),
        (setting("trips", "at", 2, 1), "1 trips have another handed_at than their parcels"),
        (setting("trips", "delivered_at", 2, 1), "1 trips have another delivered_at than their parcels"),
        (setting("trips", "service", 2, 1), "1 trips have another service than their parcels"),
        (setting("trips", "delivered_at", 2, math.inf), "parcels were delivered and lost, or neither"),
        (setting("trips", "arrival", 2, Arrival.DAMAGED), "2 parcels were lost or spoilt, 1 were claimed"),
        (setting("claims", "units", 0, 2), "other units were claimed than were in the parcel"),
        (setting("claims", "again", 0, 2), "a part of a claim goes out once more"),
        (setting("claims", "again", 0, 1), "a claim was paid back and sent once more"),
    ],
)
def test_a_ledger_that_was_tampered_with_is_found_out(tamper: Tamper, message: str) -> None:
    ledger = hand_made()
    ledger.seal()
    tamper(ledger)
    with pytest.raises(LedgerError, match=re.escape(message)):
        audit(ledger)


def test_a_trip_that_is_not_told_is_missed() -> None:
    ledger = hand_made()
    trips = ledger.trips.columns()
    fewer = [column[:-1] for column in trips.values()]
    ledger.trips._chunks = [fewer]
    with pytest.raises(LedgerError, match="parcels were handed to carriers and made no trip"):
        audit(ledger)
