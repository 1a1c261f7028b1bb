"""An engine that looks ahead: what it does at which time, and that prices alone change its mind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from sim.contract.messages import Line, Order
from sim.contract.news import Refusal, StockNews
from sim.routing.build import build_engine
from sim.routing.config import RoutingConfig
from sim.routing.cost import ParcelCosts
from sim.routing.priced_engine import PricedEngine
from sim.routing.promise import Promises
from sim.routing.strategies.cheapest import Cheapest
from sim.routing.strategies.least_score import LeastScore
from tests import tiny

if TYPE_CHECKING:
    from sim.network.network import Network

DAY = 1440.0
STRATEGIES: dict[str, dict[str, Any]] = {
    "cheapest": {"choose": "cheapest"},
    "bid_price": {
        "choose": "bid_price", "horizon": "2 days", "resolve_every": "1 day", "memory": "7 days", "smoothing": 1.0,
        "lost_unit": "50 USD",
    },
    "marginal_value": {
        "choose": "marginal_value", "until_receipt": "2 days", "resolve_every": "1 day", "memory": "7 days",
        "weight": 1.0, "lost_unit": "50 USD",
    },
    "reserve": {
        "choose": "reserve", "until_receipt": "2 days", "resolve_every": "1 day", "memory": "7 days", "weight": 1.0,
    },
    "primal_dual": {"choose": "primal_dual", "worth": "4 USD"},
}  # fmt: skip
AHEAD = ["bid_price", "marginal_value", "reserve"]
BOSTON, CHICAGO, EAST, WEST = 0, 1, 0, 1


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Network:
    return tiny.tiny(tmp_path_factory.mktemp("tiny")).network


class Listener:
    """A pricer that only listens."""

    next_solve = None

    def __init__(self) -> None:
        self.noted: list[int] = []
        self.values = np.zeros((4, 4))

    def note(self, order: Order) -> None:
        self.noted.append(order.id)

    def hear(self, news: StockNews) -> None:
        pass

    def solve(self, available: np.ndarray, now: float) -> None:
        pass

    def forget(self) -> None:
        pass


def engine_of(network: Network, strategy: str, east: int, west: int) -> Any:
    config = RoutingConfig.model_validate(
        {
            "max_parcels": 3,
            "backorders": {"retry_every": "2 h", "give_up_after": "2 days"},
            "strategies": STRATEGIES,
        }
    )
    engine = build_engine(config, strategy, network)
    stock = np.zeros((len(network.products), len(network.sites)), dtype=np.int32)
    stock[0, [EAST, WEST]] = east, west
    nothing = np.zeros(stock.size, dtype=np.int32)
    engine.observe(StockNews(0.0, np.arange(len(network.sites)), np.arange(stock.size), stock.ravel(), nothing))
    return engine


def order(number: int, place: int, at: float = 0.0) -> Order:
    return Order(number, at, place, (Line(0, 1),))


@pytest.mark.parametrize("strategy", AHEAD)
def test_before_the_first_solve_it_decides_as_the_cheapest(network: Network, strategy: str) -> None:
    plain, ahead = (engine_of(network, name, 5, 5) for name in ("cheapest", strategy))
    for k in range(12):
        assert ahead.route(order(k, k % 3), float(k)) == plain.route(order(k, k % 3), float(k))


@pytest.mark.parametrize("strategy", AHEAD)
def test_it_wants_to_be_woken_to_solve_even_when_nothing_waits(network: Network, strategy: str) -> None:
    assert engine_of(network, strategy, 5, 5).next_wake() == DAY


@pytest.mark.parametrize("strategy", AHEAD)
def test_backorders_are_tried_at_their_own_time_and_not_at_a_solve(network: Network, strategy: str) -> None:
    engine = engine_of(network, strategy, 0, 0)
    assert engine.route(order(0, BOSTON, DAY - 60), DAY - 60).backordered == (Line(0, 1),)
    assert engine.next_wake() == DAY  # both fall together here: 24 h is a multiple of 2 h
    assert engine.tick(DAY) == []
    assert engine.next_wake() == DAY + 120


def test_a_scarce_near_unit_is_kept_for_those_who_need_it_most(network: Network) -> None:
    # Chicago is served as well from the west; Boston is not
    plain, ahead = (engine_of(network, name, 60, 500) for name in ("cheapest", "bid_price"))
    for engine in (plain, ahead):
        for k in range(50):
            engine.route(order(k, BOSTON if k % 2 else CHICAGO, k * DAY / 50), k * DAY / 50)
    ahead.tick(DAY)
    asked = order(99, CHICAGO, DAY)
    assert [engine.route(asked, DAY).parcels[0].site for engine in (plain, ahead)] == [EAST, WEST]
    assert ahead.route(order(100, BOSTON, DAY), DAY).parcels[0].site == EAST


def test_without_a_forecast_a_half_empty_shelf_is_spared_for_one_that_is_full(network: Network) -> None:
    # Chicago is a little cheaper from the east
    plain, ahead = (engine_of(network, name, 10, 10) for name in ("cheapest", "primal_dual"))
    sites = [[engine.route(order(k, CHICAGO), 0.0).parcels[0].site for k in range(8)] for engine in (plain, ahead)]
    assert sites[0] == [EAST] * 8
    assert sites[1][0] == EAST
    assert WEST in sites[1]


def test_without_a_forecast_nothing_wakes_it(network: Network) -> None:
    assert engine_of(network, "primal_dual", 5, 5).next_wake() is None


def test_an_order_that_comes_back_is_not_counted_twice(network: Network) -> None:
    everybody = np.ones(len(network.sites), dtype=bool)
    costs, pricer = ParcelCosts(network, everybody), Listener()
    engine = PricedEngine(
        network,
        LeastScore(Cheapest(costs), 1),
        costs=costs,
        promises=Promises(network),
        may_serve=everybody,
        safety_stock=np.zeros(len(network.sites), dtype=np.int32),
        backorders=None,
        foresight=pricer,
    )
    engine.route(order(0, BOSTON), 0.0)
    engine.observe(Refusal(1.0, 0, EAST, 0, 1))
    engine.route(order(0, BOSTON)._replace(refused_by=(EAST,)), 1.0)
    assert pricer.noted == [0]
