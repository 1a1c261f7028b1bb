"""A router asks to be woken, and then decides about what it has kept, and about nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sim.contract.messages import Decision, Line, Order, Plan
from sim.errors import RoutingError
from sim.ledger.orders import orders_of
from sim.world.simulate import simulate
from tests.world.hand_made import BOSTON, CABLE, DC_EAST, HandMadeTape, ObedientRouter, at, parcel, shopper, stocked

if TYPE_CHECKING:
    from pathlib import Path


class WakingRouter(ObedientRouter):
    """Keeps every order whole, and does at given minutes what it is told.

    Parameters
    ----------
    alarms
        When to be woken, in turn.
    decisions
        What to decide when woken, in turn.
    """

    def __init__(self, alarms: list[float], *decisions: list[Decision]) -> None:
        super().__init__(lambda order: Plan((), backordered=order.lines))
        self._alarms = alarms
        self._decisions = list(decisions)
        self.woken: list[float] = []

    def next_wake(self) -> float | None:
        """Name the next alarm."""
        return self._alarms[0] if self._alarms else None

    def tick(self, now: float) -> list[Decision]:
        """Do the next thing of the list."""
        self.woken.append(now)
        self._alarms.pop(0)
        return self._decisions.pop(0) if self._decisions else []


def decision(number: int, units: int) -> Decision:
    order = Order(number, at(0, 8), 0, (Line(CABLE, units),))
    return Decision(order, Plan((parcel(DC_EAST, {CABLE: units}),)))


def test_lines_that_are_kept_may_be_served_bit_by_bit(tmp_path: Path) -> None:
    scenario = stocked(tmp_path, {(CABLE, DC_EAST): 9})
    router = WakingRouter([at(0, 10), at(0, 12)], [decision(1, 1)], [decision(1, 2)])
    ledger = simulate(scenario, HandMadeTape(scenario, [shopper(1, at(0, 8), {CABLE: 3})]), router)
    assert ledger.parcels.columns()["decided_at"].tolist() == [at(0, 10), at(0, 12)]
    assert ledger.parcels.columns()["picked"].tolist() == [1, 2]


def test_trying_again_what_was_kept_is_no_further_re_route(tmp_path: Path) -> None:
    # refused once, back at the router once: kept there, and decided about by its own will two hours later
    scenario = stocked(tmp_path, {(CABLE, DC_EAST): 9}, walk_ins=...)

    class HopefulRouter(WakingRouter):
        """Asks the store first, and keeps what comes back."""

        def route(self, order: Order, now: float) -> Plan:
            """Send to the store, or keep."""
            return super().route(order, now) if order.refused_by else Plan((parcel(BOSTON, {CABLE: 3}),))

    router = HopefulRouter([at(0, 10), at(0, 12)], [decision(1, 1)], [decision(1, 2)])
    ledger = simulate(scenario, HandMadeTape(scenario, [shopper(1, at(0, 8), {CABLE: 3})]), router)
    assert ledger.decisions.columns()["attempt"].tolist() == [0, 1, 1, 1]
    assert orders_of(ledger)["reroutes"].tolist() == [1]


@pytest.mark.parametrize(
    ("decisions", "message"),
    [
        ([decision(2, 1)], "order 2: the router decides about an order that is not open"),
        ([decision(1, 4)], "order 1: the router decides about more units than it has kept"),
        ([decision(1, 2), decision(1, 2)], "order 1: the router decides about more units than it has kept"),
        ([decision(1, 3), decision(1, 1)], "order 1: the router decides about more units than it has kept"),
    ],
)
def test_a_router_decides_only_about_what_it_has_kept(tmp_path: Path, decisions: list[Decision], message: str) -> None:
    scenario = stocked(tmp_path, {(CABLE, DC_EAST): 9})
    router = WakingRouter([at(0, 10)], decisions)
    with pytest.raises(RoutingError, match=f"^{message}$"):
        simulate(scenario, HandMadeTape(scenario, [shopper(1, at(0, 8), {CABLE: 3})]), router)


def test_a_router_is_woken_when_it_last_asked_to_be_and_not_otherwise(tmp_path: Path) -> None:
    scenario = stocked(tmp_path, {(CABLE, DC_EAST): 9}, clock__drain_limit="2 days")

    class Changeable(WakingRouter):
        """Thinks again when the second order comes."""

        def route(self, order: Order, now: float) -> Plan:
            """Ask to be woken earlier, and then later than was said at first."""
            if order.id == 2:
                self._alarms = [at(0, 11), at(0, 20)]
            return super().route(order, now)

    router = Changeable([at(0, 15)])
    arrivals = [shopper(1, at(0, 8), {CABLE: 3}), shopper(2, at(0, 9), {CABLE: 1})]
    simulate(scenario, HandMadeTape(scenario, arrivals), router)
    assert router.woken == [at(0, 11), at(0, 20)]


def test_a_router_that_wants_to_be_woken_at_once_for_ever_is_stopped(tmp_path: Path) -> None:
    scenario = stocked(tmp_path, {(CABLE, DC_EAST): 9})
    router = WakingRouter([at(0, 10)] * 3)
    with pytest.raises(RoutingError, match="woken at minute 600, the router asks to be woken at minute 600"):
        simulate(scenario, HandMadeTape(scenario, [shopper(1, at(0, 8), {CABLE: 3})]), router)
