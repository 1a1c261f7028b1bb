"""Any router will do, and none is believed: what it says is checked, and an error names the order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pytest

from sim.chance.tape import Tape
from sim.contract.messages import Line, Parcel, Plan
from sim.contract.news import StockNews
from sim.errors import RoutingError
from sim.ledger.audit import audit
from sim.ledger.orders import orders_of
from sim.world.simulate import simulate
from tests.tiny import TABLES, TREE, tiny
from tests.world.hand_made import (
    BOSTON,
    CABLE,
    DC_EAST,
    HEADPHONES,
    HandMadeTape,
    ObedientRouter,
    all_from,
    at,
    parcel,
    shopper,
    stocked,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from sim.contract.messages import Decision, Order
    from sim.contract.news import News


class GreedyRouter:
    """A foreign engine in twenty lines: each line from whoever seems to have most of it."""

    def __init__(self, products: int, sites: int) -> None:
        self._believed = np.zeros((products, sites), dtype=np.int64)

    def observe(self, news: News) -> None:
        """Believe the last count, and an empty shelf where one was found."""
        if isinstance(news, StockNews):
            self._believed.reshape(-1)[news.cells] = news.on_hand
        else:
            self._believed[news.sku, news.site] = 0

    def route(self, order: Order, now: float) -> Plan:
        """Serve line by line."""
        parcels: list[Parcel] = []
        unfilled = []
        for line in order.lines:
            willing = self._believed[line.sku].copy()
            willing[list(order.refused_by)] = 0
            site = int(willing.argmax())
            if willing[site] < line.quantity:
                unfilled.append(line)
                continue
            self._believed[line.sku, site] -= line.quantity
            parcels.append(Parcel(site, (line,), 0, now, now, (0.0,) * 5))
        return Plan(tuple(parcels), unfilled=tuple(unfilled))

    def available(self) -> NDArray[np.int64]:
        """Show all that is believed to be there."""
        total: NDArray[np.int64] = self._believed.sum(axis=1)
        return total

    def tick(self, now: float) -> list[Decision]:
        """Keep nothing, so decide nothing."""
        return []

    def next_wake(self) -> float | None:
        """Need no waking."""
        return None


def test_a_foreign_router_runs_the_whole_world(tmp_path: Path) -> None:
    scenario = tiny(tmp_path)
    ledger = simulate(scenario, Tape(scenario, 1, 0), GreedyRouter(4, 4))
    audit(ledger)
    orders = orders_of(ledger)
    assert orders["units_picked"].sum() > 0.9 * orders["units"].sum()


WANTED = {CABLE: 2, HEADPHONES: 1}
WRONG_PLANS: list[tuple[Plan, str]] = [
    (Plan((parcel(DC_EAST, {CABLE: 3, HEADPHONES: 1}),)),
     "the plan has 3 units of product A in parcels, backordered and unfilled - expected the 2 asked for"),
    (Plan((parcel(DC_EAST, {CABLE: 2, HEADPHONES: 1}), parcel(BOSTON, {CABLE: 1}))),
     "the plan has 3 units of product A in parcels, backordered and unfilled - expected the 2 asked for"),
    (Plan((parcel(DC_EAST, {CABLE: 2}),)),
     "the plan has 0 units of product B in parcels, backordered and unfilled - expected the 1 asked for"),
    (Plan(()), "the plan has 0 units of product A in parcels, backordered and unfilled - expected the 2 asked for"),
    (Plan((parcel(DC_EAST, {CABLE: 2, HEADPHONES: 1}),), unfilled=(Line(CABLE, 1),)),
     "the plan has 3 units of product A in parcels, backordered and unfilled - expected the 2 asked for"),
    (Plan((parcel(DC_EAST, {CABLE: 2, HEADPHONES: 1}),), backordered=(Line(HEADPHONES, 1),)),
     "the plan has 2 units of product B in parcels, backordered and unfilled - expected the 1 asked for"),
    (Plan((parcel(DC_EAST, {CABLE: 3, HEADPHONES: 1}), parcel(BOSTON, {CABLE: -1}))),
     "the plan has -1 units of product A"),
    (Plan((parcel(DC_EAST, WANTED), parcel(BOSTON, {CABLE: 0}))), "the plan has 0 units of product A"),
    (Plan((parcel(DC_EAST, {**WANTED, 9: 1}),)),
     "the plan has 1 units of the unknown product 9 in parcels, backordered and unfilled - expected the 0 asked for"),
    (Plan((parcel(DC_EAST, WANTED), parcel(BOSTON, {}))), "the plan has an empty parcel"),
    (Plan((parcel(4, WANTED),)), "a parcel comes from site 4 - expected one of 0 to 3"),
    (Plan((parcel(-1, WANTED),)), "a parcel comes from site -1 - expected one of 0 to 3"),
    (Plan((parcel(DC_EAST, WANTED, service=1),)), "a parcel goes by service 1 - expected one of 0 to 0"),
    (Plan((parcel(DC_EAST, WANTED, service=-1),)),
     "a parcel is handed over at the counter - expected parcels by carrier in this world"),
    (Plan((parcel(DC_EAST, WANTED)._replace(via=0),)),
     "a parcel goes via site 0 - expected parcels straight to the shopper in this world"),
]  # fmt: skip


@pytest.mark.parametrize(("plan", "message"), WRONG_PLANS)
def test_a_plan_that_cannot_be_carried_out_is_refused_by_the_orders_number(
    tmp_path: Path, plan: Plan, message: str
) -> None:
    scenario = stocked(tmp_path, {(CABLE, DC_EAST): 9, (HEADPHONES, DC_EAST): 9, (CABLE, BOSTON): 9})
    tape = HandMadeTape(scenario, [shopper(4711, at(0, 8), WANTED)])
    with pytest.raises(RoutingError, match=f"^order 4711: {re.escape(message)}$"):
        simulate(scenario, tape, ObedientRouter(plan))


def test_the_units_of_a_plan_may_come_in_any_number_of_parcels_and_pieces(tmp_path: Path) -> None:
    scenario = stocked(tmp_path, {(CABLE, DC_EAST): 9, (CABLE, BOSTON): 9}, walk_ins=...)
    plan = Plan((parcel(DC_EAST, {CABLE: 1}), parcel(BOSTON, {CABLE: 1}), parcel(DC_EAST, {CABLE: 1})),
                unfilled=(Line(CABLE, 1), Line(HEADPHONES, 1)))  # fmt: skip
    tape = HandMadeTape(scenario, [shopper(1, at(0, 8), {CABLE: 4, HEADPHONES: 1})])
    orders = orders_of(simulate(scenario, tape, ObedientRouter(plan)))
    assert (orders["units_picked"].tolist(), orders["units_cancelled"].tolist()) == ([3], [2])


def test_a_router_that_goes_back_to_a_refuser_may_as_often_as_an_order_is_routed(tmp_path: Path) -> None:
    scenario = stocked(tmp_path, {(CABLE, BOSTON): 1}, walk_ins=...)
    tape = HandMadeTape(scenario, [shopper(5, at(0, 8), {CABLE: 2})])
    router = ObedientRouter(all_from(BOSTON))
    orders = orders_of(simulate(scenario, tape, router))
    assert (orders["units_picked"].tolist(), orders["units_cancelled"].tolist()) == ([1], [1])
    assert len(router.asked) == 1 + scenario.file.fulfilment.max_attempts
    assert router.asked[1][1].refused_by == (BOSTON,)


def test_a_site_sends_no_farther_than_it_reaches(tmp_path: Path) -> None:
    scenario = stocked(tmp_path, {(CABLE, BOSTON): 9}, site_kinds__store__reach="100 km")
    tape = HandMadeTape(scenario, [shopper(5, at(0, 8), {CABLE: 2}, place=1)])
    with pytest.raises(
        RoutingError, match="order 5: a parcel comes from store_boston, which does not deliver to place 1"
    ):
        simulate(scenario, tape, ObedientRouter(all_from(BOSTON)))


def test_a_service_takes_no_parcel_above_its_heaviest(tmp_path: Path) -> None:
    services = TREE["carriers"]["services"]
    both = services | {"light": services["ground"] | {"rates": "light.csv"}}
    rates = {"light.csv": TABLES["rates.csv"][:3]}  # up to 5 lb; what is heavier goes as several parcels by ground
    scenario = tiny(tmp_path, rates, carriers__services=both)
    tape = HandMadeTape(scenario, [shopper(5, at(0, 8), {2: 1})])
    by_light: Callable[[Order], Plan] = lambda order: Plan((parcel(DC_EAST, {2: 1}, service=1),))  # noqa: E731
    with pytest.raises(RoutingError, match="order 5: service light does not take a parcel of 6 kg"):
        simulate(scenario, tape, ObedientRouter(by_light))
