"""Prices of a service by tiers of weight: the true cost where a rate table is not to count."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from sim.contract.check_router import check_router
from sim.contract.messages import Order
from sim.contract.news import StockNews
from sim.errors import RoutingError
from sim.network.network import Network
from sim.routing.build import build_engine
from sim.routing.config import RoutingConfig
from sim.routing.service_rates import WeightRate, with_rates
from sim.routing.ways.arrivals import with_arrivals
from tests.tiny import tiny

TIERS = [{"up_to": "500 g", "price": "4 USD"}, {"up_to": "5 kg", "price": "9 USD"}]
RATE = {"rate": "by_weight", "tiers": TIERS, "per_kg_beyond": "1 USD", "zones": [1, 1.5]}


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Network:
    return tiny(tmp_path_factory.mktemp("tiny")).network


def config(**more: Any) -> RoutingConfig:
    strategies = {"cheapest": {"choose": "cheapest"}}
    return RoutingConfig.model_validate({"max_parcels": 2, "rates": {"ground": RATE}, "strategies": strategies, **more})


def rate(**more: Any) -> WeightRate:
    return WeightRate.model_validate({**RATE, **more})


@pytest.mark.parametrize(
    ("weight_kg", "nearest", "beyond"),
    [
        (0.0, 400, 600),
        (0.5, 400, 600),
        (0.1 + 0.2 + 0.2, 400, 600),  # a sum that is a hair over 0.5
        (0.51, 900, 1350),
        (5.0, 900, 1350),
        (5.01, 1000, 1500),
        (7.5, 1200, 1800),
    ],
)
def test_a_price_is_that_of_the_tier_and_the_zone(weight_kg: float, nearest: float, beyond: float) -> None:
    prices = rate().cents(rate().step(weight_kg, 0.0), 4)
    assert prices == [nearest, beyond, beyond, beyond]


def test_without_a_price_beyond_the_tiers_nothing_heavier_is_taken() -> None:
    light = rate(per_kg_beyond=None)
    assert light.cents(light.step(5.01, 0.0), 2) == [math.inf, math.inf]


def test_the_plan_of_a_parcel_has_the_tiers_price_as_its_label(network: Network) -> None:
    engine = build_engine(config(), "cheapest", network)
    stock = np.full(4, 5, np.int32)
    engine.observe(StockNews(0.0, np.arange(4), np.arange(4) + 8, stock, np.zeros_like(stock)))
    parcel = engine.route(Order(1, 0.0, 0, ((2, 1),)), 600.0).parcels[0]  # a monitor of 6 kg, next door
    assert (engine.parts().network.sites[parcel.site].id, parcel.cents[3]) == ("store_boston", 1000.0)


def test_what_is_rated_keeps_every_law(network: Network) -> None:
    pickup = {"transfer": "missing_lines", "truck": {"cost_per_parcel": "1 USD"}}
    report = check_router(lambda: build_engine(config(pickup=pickup), "cheapest", network), network, steps=60)
    assert report.ok, str(report)


def test_where_trucks_go_no_rate_of_a_carrier_leads(network: Network) -> None:
    wider, _ = with_arrivals(with_rates(network, {"ground": rate()}), [2], [], 100.0, 1)
    ground = wider.services[0]
    prices = ground.cents(ground.step(0.1, 0.0))
    assert prices.tolist() == [math.inf, 400, 600, 600, 600, math.inf]


def test_without_rates_the_network_is_the_same_one(network: Network) -> None:
    assert with_rates(network, {}) is network


def test_an_unknown_service_is_told_with_the_nearest_name(network: Network) -> None:
    with pytest.raises(RoutingError, match="did you mean ground"):
        with_rates(network, {"grond": rate()})


@pytest.mark.parametrize(
    "tiers",
    [
        [TIERS[1], TIERS[0]],
        [TIERS[0], {"up_to": "1 kg", "price": "3 USD"}],
        [TIERS[0], TIERS[0]],
    ],
)
def test_tiers_rise(tiers: list[dict[str, str]]) -> None:
    with pytest.raises(ValueError, match="expected each heavier than the one before, and no cheaper"):
        rate(tiers=tiers)


def test_rates_are_part_of_the_configurations_name() -> None:
    assert config().version() != config(rates={}).version()
