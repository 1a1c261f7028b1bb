"""What pricers write after a known past: worth falls with what is left, and plenty is worth nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from sim.contract.messages import Line, Order
from sim.contract.news import StockNews
from sim.routing.cost import ParcelCosts
from sim.routing.prices.marginal import MarginalPricer, MarginalRule, poisson_at_least
from sim.routing.prices.pricer import Pricer, PricingRule
from sim.routing.prices.reserve import ReservePricer, ReserveRule
from sim.routing.strategies.primal_dual import FullShelves
from tests import tiny

if TYPE_CHECKING:
    from sim.network.network import Network

DAY = 1440.0
EAST, WEST, BOSTON = 0, 1, 0  # a warehouse near Boston and one near San Francisco; a place
LOST = 5_000.0


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Network:
    return tiny.tiny(tmp_path_factory.mktemp("tiny")).network


def pricer_of(network: Network, horizon_days: float = 2) -> Pricer:
    everybody = np.ones(len(network.sites), dtype=bool)
    rule = PricingRule(horizon_days, DAY, 7, 1.0, 10, 3, LOST, 1)
    return Pricer(network, ParcelCosts(network, everybody), everybody, rule)


def marginal_of(network: Network) -> MarginalPricer:
    everybody = np.ones(len(network.sites), dtype=bool)
    return MarginalPricer(network, ParcelCosts(network, everybody), everybody, MarginalRule(2, DAY, 7, 1.0, LOST))


def stock_of(network: Network, **units: int) -> np.ndarray:
    stock = np.zeros((len(network.products), len(network.sites)), dtype=np.int32)
    stock[0] = [units.get(site, 0) for site in ("east", "west", "boston", "oakland")]
    return stock


def teach(pricer: Pricer | MarginalPricer | ReservePricer, stock: np.ndarray, orders: int = 60) -> None:
    """Let a pricer see the stock and some orders of a cable to Boston during a day."""
    cells, sites = np.arange(stock.size), np.arange(stock.shape[1])
    pricer.hear(StockNews(0.0, sites, cells, stock.ravel().copy(), np.zeros(stock.size, dtype=np.int32)))
    for k in range(orders):
        pricer.note(Order(k, k * DAY / orders, BOSTON, (Line(0, 1),)))


def test_stock_for_all_expected_orders_has_no_price(network: Network) -> None:
    pricer, stock = pricer_of(network), stock_of(network, east=500, west=500)
    teach(pricer, stock)
    pricer.solve(stock, DAY)
    assert not pricer.prices.any()


def test_a_short_near_site_is_priced_at_what_the_far_one_costs_more(network: Network) -> None:
    pricer, stock = pricer_of(network), stock_of(network, east=40, west=500)
    teach(pricer, stock)
    pricer.solve(stock, DAY)
    one = ParcelCosts(network, np.ones(4, dtype=bool)).one_unit(0, np.array([BOSTON]))[0]
    assert pricer.prices[0, EAST] == pytest.approx(one[WEST] - one[EAST])
    assert pricer.prices[0, WEST] == 0


def test_where_all_sites_together_are_short_a_unit_is_worth_a_lost_sale(network: Network) -> None:
    pricer, stock = pricer_of(network), stock_of(network, east=20, west=20)
    teach(pricer, stock)
    pricer.solve(stock, DAY)
    one = ParcelCosts(network, np.ones(4, dtype=bool)).one_unit(0, np.array([BOSTON]))[0]
    product = network.products[0]
    lost = product.price_cents - product.unit_cost_cents + LOST
    assert pricer.prices[0, [EAST, WEST]] == pytest.approx(lost - one[[EAST, WEST]])


def test_the_same_past_gives_the_same_prices(network: Network) -> None:
    found = []
    for _ in range(2):
        pricer, stock = pricer_of(network), stock_of(network, east=40, west=90)
        teach(pricer, stock)
        pricer.solve(stock, DAY)
        found.append(pricer.prices)
    assert (found[0] == found[1]).all()


def test_solves_keep_to_their_beat(network: Network) -> None:
    pricer = pricer_of(network)
    pricer.solve(stock_of(network), 2.3 * DAY)
    assert pricer.next_solve == 3 * DAY


def test_the_last_unit_is_worth_the_extra_cost_times_the_chance_that_it_is_missed(network: Network) -> None:
    pricer, stock = marginal_of(network), stock_of(network, east=2, west=2)
    teach(pricer, stock, orders=1)
    pricer.solve(stock, DAY)
    one = ParcelCosts(network, np.ones(4, dtype=bool)).one_unit(0, np.array([BOSTON]))[0]
    expected = (1 + 0.5) * 2  # a unit a day seen, half a unit taken for granted, two days
    assert pricer.worth[0, 1, EAST] == pytest.approx((one[WEST] - one[EAST]) * (1 - np.exp(-expected)))
    assert (np.diff(pricer.worth[0, 1:, EAST]) < 0).all()


def test_a_site_that_is_nobodys_cheapest_has_stock_of_no_worth(network: Network) -> None:
    pricer, stock = marginal_of(network), stock_of(network, east=2, west=2)
    teach(pricer, stock)
    pricer.solve(stock, DAY)
    assert not pricer.worth[0, :, WEST].any()


def test_the_only_holder_is_worth_a_lost_sale(network: Network) -> None:
    pricer, stock = marginal_of(network), stock_of(network, west=1)
    teach(pricer, stock, orders=600)
    pricer.solve(stock, DAY)
    assert pricer.worth[0, 1, WEST] == pytest.approx(LOST)


def test_a_stores_last_unit_is_worth_its_margin_times_the_chance_of_a_walk_in(network: Network) -> None:
    reserve = ReservePricer(network, ReserveRule(until_receipt_days=2, resolve_every=DAY, memory_days=7, weight=0.5))
    stock = stock_of(network, boston=8)
    teach(reserve, stock)
    cell, sites = np.array([2]), np.arange(stock.shape[1])
    # five sold to others, one picked for us
    reserve.hear(StockNews(DAY, sites, cell, np.array([2], dtype=np.int32), np.array([1], dtype=np.int32)))
    reserve.solve(stock, DAY)
    margin = network.products[0].price_cents - network.products[0].unit_cost_cents
    assert reserve.worth[0, 1, 2] == pytest.approx(0.5 * margin * (1 - np.exp(-5.0 * 2)))
    assert not reserve.worth[:, :, [EAST, WEST]].any()


@pytest.mark.parametrize(("on_hand", "picked", "full"), [(4, 6, 10), (3, 0, 10), (12, 3, 12), (0, 10, 10)])
def test_a_shelf_was_last_full_when_goods_came_in(on_hand: int, picked: int, full: int) -> None:
    shelves = FullShelves(products=1, sites=1)
    for count, gone in ((10, 0), (on_hand, picked)):
        news = np.array([count], dtype=np.int32), np.array([gone], dtype=np.int32)
        shelves.hear(StockNews(0.0, np.array([0]), np.array([0]), *news))
    assert shelves.full.tolist() == [[full]]


def test_poisson_tail() -> None:
    tail = poisson_at_least(np.array([0.0, 2.0]))
    assert tail[:, 0].tolist() == [0.0] * len(tail)
    assert tail[:2, 1] == pytest.approx([1 - np.exp(-2), 1 - 3 * np.exp(-2)])
