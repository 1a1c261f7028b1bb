from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.contract.messages import Line, Order
from sim.contract.news import StockNews
from sim.network.network import Network
from sim.network.site import Handling, SiteKind
from sim.routing.offers.filters import of_kind
from sim.routing.waiting.backorders import BackorderPolicy
from tests.networks import network, service, site
from tests.routing.engines import engine

STORE, THIRD_PARTY, DC = 0, 1, 2
PACKING = {STORE: 900, THIRD_PARTY: 0, DC: 500}


def three_kinds() -> Network:
    """Return a store next door, a cheap third party farther away, and a warehouse at the other end."""
    kinds = {STORE: (10.0, SiteKind.STORE), THIRD_PARTY: (200.0, SiteKind.THIRD_PARTY), DC: (800.0, SiteKind.DC)}
    sites = [site(*kinds[j], handling=Handling(0, 0, PACKING[j], 0, 0, 0)) for j in sorted(kinds)]
    return network(sites, 2, [service([[500, 550, 600]], business_days=(1, 3, 5))])


def serving(strategy: str, stock: list[list[int]], wanted: list[int], **changes: Any) -> list[int]:
    """Return who serves an order at Monday 10:00, given stock by product and site."""
    router = engine(three_kinds(), strategy, **changes)
    units = np.array(stock, dtype=np.int32).reshape(-1)
    router.observe(StockNews(0.0, np.arange(3), np.arange(len(units)), units, np.zeros_like(units)))
    plan = router.route(Order(1, 600.0, 0, tuple(Line(sku, q) for sku, q in enumerate(wanted))), 600.0)
    return sorted(parcel.site for parcel in plan.parcels)


EVERYWHERE = [[9, 9, 9], [9, 9, 9]]


@pytest.mark.parametrize(("strategy", "site_"), [("nearest", STORE), ("cheapest", THIRD_PARTY), ("dc_first", DC)])
def test_a_strategy_chooses_what_its_name_says(strategy: str, site_: int) -> None:
    assert serving(strategy, EVERYWHERE, [1]) == [site_]


@pytest.mark.parametrize(
    ("strategy", "sites"), [("cheapest", [STORE, THIRD_PARTY]), ("fewest_parcels", [DC]), ("dc_first", [DC])]
)
def test_fewest_parcels_pays_for_one_parcel_what_two_would_not_cost(strategy: str, sites: list[int]) -> None:
    # whole from the warehouse 600 + 5000; one line each from the others 500 + 900 and 550
    dear = network(
        [*three_kinds().sites[:2], site(800.0, handling=Handling(0, 0, 5000, 0, 0, 0))], 2,
        [service([[500, 550, 600]])],
    )  # fmt: skip
    router = engine(dear, strategy)
    units = np.array([1, 0, 1, 0, 1, 1], dtype=np.int32)
    router.observe(StockNews(0.0, np.arange(3), np.arange(6), units, np.zeros_like(units)))
    plan = router.route(Order(1, 600.0, 0, (Line(0, 1), Line(1, 1))), 600.0)
    assert sorted(parcel.site for parcel in plan.parcels) == sites


@pytest.mark.parametrize(
    ("day_value", "scarcity", "stock", "site_"),
    [
        ("0 USD", 0, [9, 9, 9], THIRD_PARTY),  # 1400, 550 and 1100 cents: as cheapest
        ("4.24 USD", 0, [9, 9, 9], THIRD_PARTY),  # two days sooner from the store are worth 848
        ("4.26 USD", 0, [9, 9, 9], STORE),  # ... and 852
        ("0 USD", 1, [9, 1, 9], THIRD_PARTY),  # the last unit at its margin of 400, of nine there 44
        ("0 USD", 2, [9, 1, 9], DC),  # 550 + 800 against 1100 + 89
    ],
)
def test_balanced_weighs_cost_days_and_scarcity(day_value: str, scarcity: float, stock: list[int], site_: int) -> None:
    balanced = {"balanced": {"choose": "balanced", "day_value": day_value, "scarcity": scarcity}}
    assert serving("balanced", [stock, [0, 0, 0]], [1], strategies=balanced) == [site_]


@pytest.mark.parametrize("choose", ["nearest", "cheapest", "fewest_parcels", "dc_first"])
def test_only_the_kinds_named_serve(choose: str) -> None:
    siloed = {"siloed": {"choose": choose, "only": ["store", "dc"]}}
    assert THIRD_PARTY not in serving("siloed", [[0, 9, 9], [9, 9, 0]], [1, 1], strategies=siloed)


def test_no_more_parcels_are_sent_than_allowed() -> None:
    one_each = [[1, 1, 1], [0, 0, 0]]
    assert [len(serving("cheapest", one_each, [3], max_parcels=most)) for most in (1, 2, 3, 4)] == [1, 2, 3, 3]


def test_safety_stock_is_kept_back_by_kind_of_site() -> None:
    assert serving("cheapest", [[9, 2, 9], [0, 0, 0]], [2]) == [THIRD_PARTY]
    assert serving("cheapest", [[9, 2, 9], [0, 0, 0]], [2], safety_stock={"third_party": 1}) == [DC]


def test_backorders_are_kept_by_the_policy_in_the_file() -> None:
    router = engine(three_kinds(), backorders=BackorderPolicy(retry_every=30.0, give_up_after=0.0))
    router.route(Order(1, 0.0, 0, (Line(0, 1),)), 0.0)
    assert router.next_wake() == 30.0


def test_a_strategy_that_is_not_there_is_not_built() -> None:
    with pytest.raises(KeyError, match="fastest"):
        engine(three_kinds(), "fastest")


@pytest.mark.parametrize(
    ("kinds", "serve"),
    [
        (None, [True, True, True]),
        ((SiteKind.DC,), [False, False, True]),
        ((SiteKind.STORE, SiteKind.THIRD_PARTY), [True, True, False]),
        ((), [False, False, False]),
    ],
)
def test_sites_are_filtered_by_kind(kinds: tuple[SiteKind, ...] | None, serve: list[bool]) -> None:
    assert of_kind(three_kinds(), kinds).tolist() == serve
