"""Parcels that never come, or come spoilt: what it costs, and how goods go out once more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sim.ledger.fates import Arrival, Cancelled
from sim.ledger.orders import orders_of
from tests.world.carried import GROUND, sent
from tests.world.hand_made import at

if TYPE_CHECKING:
    from pathlib import Path

    from sim.ledger.ledger import Ledger

CLAIMS = {"noticed_after": "3 days", "contact": "5 USD", "then": "refund", "insured": "50 %"}
LOST, SPOILT = {"lost": "100 %"}, {"damaged": "100 %"}
MANY = 400


def claimed(folder: Path, mishap: dict[str, str], moments: list[float] | None = None, **claims: str) -> Ledger:
    """Return the ledger of a world in which two cables an order meet a mishap on their way."""
    return sent(
        folder, moments or [at(0, 8)], {"ground": GROUND | mishap}, units=2 if moments is None else 1,
        carriers__claims=CLAIMS | claims, clock__drain_limit="60 days",
    )  # fmt: skip


@pytest.mark.parametrize(("mishap", "arrival"), [(LOST, Arrival.LOST), (SPOILT, Arrival.DAMAGED)])
def test_a_claim_costs_the_contact_and_the_goods_less_what_is_insured(
    tmp_path: Path, mishap: dict[str, str], arrival: Arrival
) -> None:
    # two cables of 12 USD that cost 7 USD each, told three days after the delivery at nine
    ledger = claimed(tmp_path, mishap)
    claims = ledger.claims.columns()
    told = {name: claims[name].tolist() for name in claims if name not in ("parcel", "order")}
    assert told == {
        "at": [at(5, 9)], "arrival": [arrival], "units": [2], "again": [0], "contact_cents": [500],
        "goods_cents": [1400], "recovered_cents": [700], "refund_cents": [2400],
    }  # fmt: skip
    orders = orders_of(ledger)
    parts = 50 + 20 + 50 + 70 + 880  # a line, two units, packing, packaging, label
    assert orders["claims_cents"].tolist() == [1200]
    assert orders["cost_cents"].tolist() == [parts + 1200]
    assert orders["cancelled_margin_cents"].tolist() == [1000]
    assert orders["units_lost"].tolist() == [2]


def test_what_is_lost_is_never_delivered_and_what_is_spoilt_is(tmp_path: Path) -> None:
    lost, spoilt = (orders_of(claimed(tmp_path / str(k), m)) for k, m in enumerate((LOST, SPOILT)))
    assert lost["delivery_hours"].tolist() == pytest.approx([float("nan")], nan_ok=True)
    assert spoilt["delivery_hours"].tolist() == [2 * 24 + 1]


@pytest.mark.parametrize(
    ("mishap", "arrival"), [({"lost": "30 %"}, Arrival.LOST), ({"damaged": "30 %"}, Arrival.DAMAGED)]
)
def test_mishaps_come_at_their_rate(tmp_path: Path, mishap: dict[str, str], arrival: Arrival) -> None:
    ledger = claimed(tmp_path, mishap, [at(0, 8, k / MANY) for k in range(MANY)])
    share = (ledger.trips.columns()["arrival"] == arrival).mean()
    assert share == pytest.approx(0.3, abs=4 * (0.3 * 0.7 / MANY) ** 0.5)


def test_what_is_lost_goes_out_until_it_comes(tmp_path: Path) -> None:
    # each parcel is lost with probability p, so an order takes 1 / (1 - p) parcels, with variance p / (1 - p)^2
    p = 0.4
    ledger = claimed(tmp_path, {"lost": "40 %"}, [at(0, 8, k / MANY) for k in range(MANY)], then="reship")
    orders = orders_of(ledger)
    assert orders["units_picked"].tolist() == [1] * MANY
    assert orders["units_lost"].sum() == 0
    parcels = orders["parcels"].mean()
    assert parcels == pytest.approx(1 / (1 - p), abs=4 * (p / (1 - p) ** 2 / MANY) ** 0.5)
    claims = ledger.claims.columns()
    assert claims["refund_cents"].sum() == 0
    assert orders["cost_cents"].sum() == 1060 * orders["parcels"].sum() + len(claims["at"]) * (500 + 350)


def test_who_sends_once_more_delivers_when_the_second_parcel_comes(tmp_path: Path) -> None:
    ledger = claimed(tmp_path, {"lost": "40 %"}, [at(0, 8, k / MANY) for k in range(MANY)], then="reship")
    orders = orders_of(ledger)
    twice = orders["parcels"] == 2
    # told on day 5 at nine, handed over that evening, and there on day 7 at nine
    assert set(orders["delivered_at"][twice].tolist()) == {at(7, 9)}
    assert set(orders["delivered_at"][orders["parcels"] == 1].tolist()) == {at(2, 9)}


def test_a_shopper_who_has_cancelled_gets_no_second_parcel(tmp_path: Path) -> None:
    changes: dict[str, Any] = {"order_messages": {"called_off": {"share": "100 %", "after": "1 day"}}}
    ledger = sent(
        tmp_path, [at(0, 8)], {"ground": GROUND | LOST}, carriers__claims=CLAIMS | {"then": "reship"}, **changes
    )
    cancelled = ledger.cancellations.columns()
    assert (cancelled["why"].tolist(), cancelled["at"].tolist()) == ([Cancelled.BY_SHOPPER], [at(5, 9)])
    assert len(ledger.parcels.columns()["parcel"]) == 1
