"""A router holds orders and decides when it is given its turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sim.contract.messages import Decision, Hold, Order, Plan
from sim.errors import RoutingError
from sim.ledger.audit import audit
from sim.ledger.orders import orders_of
from sim.world.simulate import simulate
from tests.world.hand_made import CABLE, DC_EAST, HandMadeTape, ObedientRouter, at, parcel, shopper, stocked

if TYPE_CHECKING:
    from pathlib import Path

    from sim.ledger.ledger import Ledger

NOON = at(0, 12)


class HoldingRouter(ObedientRouter):
    """Holds every order until noon of the first day, and then sends each in one parcel from the eastern warehouse."""

    def __init__(self, promised: float = at(3, 20), backorders: bool = False) -> None:
        super().__init__(lambda order: Plan(()))
        self._held: list[Order] = []
        self._promised = promised
        self._backorders = backorders

    def route(self, order: Order, now: float) -> Hold:  # type: ignore[override]
        """Hold it."""
        self.asked.append((now, order))
        self._held.append(order)
        return Hold(NOON)

    def next_wake(self) -> float | None:
        """Wait for noon; what is backordered then is given up an hour later."""
        return (at(0, 13) if self._backorders is None else NOON) if self._held else None

    def tick(self, now: float) -> list[Decision]:
        """Decide on all that is held."""
        held, self._held = self._held, []
        if self._backorders:
            self._held, self._backorders = held, None  # type: ignore[assignment]
            return [Decision(order, Plan((), backordered=order.lines)) for order in held]
        return [
            Decision(o, Plan((parcel(DC_EAST, dict(o.lines), ship_at=at(0, 18), deliver_at=self._promised),)))
            for o in held
        ]


def run(folder: Path, router: HoldingRouter) -> Ledger:
    scenario = stocked(folder, {(CABLE, DC_EAST): 9})
    tape = HandMadeTape(scenario, [shopper(1, at(0, 9), {CABLE: 1}), shopper(2, at(0, 10), {CABLE: 2})])
    ledger = simulate(scenario, tape, router)
    audit(ledger)
    return ledger


def test_a_held_order_waits_and_its_parcel_is_sent_when_it_is_decided(tmp_path: Path) -> None:
    parcels = run(tmp_path, HoldingRouter()).parcels.columns()
    assert parcels["decided_at"].tolist() == [NOON, NOON]
    assert parcels["reached_at"].tolist() == [NOON + 1, NOON + 1]


def test_the_ledger_says_when_it_was_asked_for_and_when_decided(tmp_path: Path) -> None:
    decisions = run(tmp_path, HoldingRouter()).decisions.columns()
    assert decisions["asked_at"].tolist() == [at(0, 9), at(0, 10)]
    assert decisions["at"].tolist() == [NOON, NOON]


def test_a_held_order_is_no_backorder_and_is_promised_what_is_decided(tmp_path: Path) -> None:
    ledger = run(tmp_path, HoldingRouter(promised=at(4, 20)))
    orders = orders_of(ledger)
    assert ledger.parcels.columns()["after_backorder"].tolist() == [0, 0]
    assert orders["promised_delivery"].tolist() == [at(4, 20)] * 2
    assert orders["decided_at"].tolist() == [NOON, NOON]
    assert orders["backordered"].tolist() == [0, 0]


def test_lines_of_a_held_order_may_be_backordered_and_are_decided_later(tmp_path: Path) -> None:
    ledger = run(tmp_path, HoldingRouter(backorders=True))
    assert ledger.parcels.columns()["decided_at"].tolist() == [at(0, 13)] * 2
    assert ledger.parcels.columns()["after_backorder"].tolist() == [1, 1]
    assert orders_of(ledger)["backordered"].tolist() == [1, 2]


def test_an_order_held_for_ever_is_still_open_at_the_end(tmp_path: Path) -> None:
    class Forgetful(HoldingRouter):
        def next_wake(self) -> None:
            return None

    orders = orders_of(run(tmp_path, Forgetful()))
    assert (orders["units_picked"] + orders["units_cancelled"]).tolist() == [0, 0]


def test_a_decision_on_more_than_was_held_is_an_error_of_the_router(tmp_path: Path) -> None:
    class Generous(HoldingRouter):
        def tick(self, now: float) -> list[Decision]:
            return [Decision(order._replace(lines=order.lines * 2), plan) for order, plan in super().tick(now)]

    with pytest.raises(RoutingError, match="order 1"):
        run(tmp_path, Generous())
