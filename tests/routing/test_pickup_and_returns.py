"""Where an order could be collected, and where goods go back to."""

from __future__ import annotations

from typing import Any

import pytest

from sim.contract.messages import Line, Order
from sim.contract.news import Closed
from sim.errors import NotOfferedError, RoutingError
from sim.routing.pickup import pickup_options
from sim.routing.returns import goes_back_to
from tests.routing.ways.shops import CORNER, DC, FAR, A, B, order, told

STOCK = [[9, 1, 2, 0], [9, 0, 1, 0]]
TWO = order((A, 2), (B, 1))
SCARCEST = {"rank": [{"by": "inventory_balance", "descending": True}]}
NEAREST = {"rank": [{"by": "distance"}]}
NOBODY = {"filters": [{"keep": "max_distance", "limit": "1 km"}]}


def test_the_shops_around_come_nearest_first_with_what_is_there_and_when() -> None:
    near, far = pickup_options(told(STOCK, pickup={}), TWO, 8 * 60.0)
    assert (near.site, near.on_shelf, near.unfilled) == (CORNER, (Line(A, 1),), (Line(A, 1), Line(B, 1)))
    assert (far.site, far.on_shelf, far.unfilled) == (FAR, TWO.lines, ())
    assert (near.distance_km, far.distance_km) == (pytest.approx(10), pytest.approx(60))
    assert near.ready_at == far.ready_at == 11 * 60
    assert far.price_cents == 100 + 30 + 40 + 5 + 3


def test_the_whole_basket_may_be_asked_for() -> None:
    assert [o.site for o in pickup_options(told(STOCK, pickup={}), TWO, 0.0, whole=True)] == [FAR]


@pytest.mark.parametrize(("radius", "sites"), [(9.9, []), (10.0, [CORNER]), (60.0, [CORNER, FAR])])
def test_the_edge_of_the_radius_belongs_to_it(radius: float, sites: list[int]) -> None:
    assert [o.site for o in pickup_options(told(STOCK, pickup={}), TWO, 0.0, radius)] == sites


def test_what_would_be_brought_is_told_with_when_it_is_there() -> None:
    (near, _) = pickup_options(told(STOCK, pickup={"transfer": "missing_lines"}), TWO, 8 * 60.0)
    assert (near.on_shelf, near.brought, near.unfilled) == ((Line(A, 1),), (Line(A, 1), Line(B, 1)), ())
    assert near.ready_at == 2 * 1440 + 9 * 60  # from the other shop, in one day; ready when the shop opens


def test_asking_reserves_nothing() -> None:
    router = told(STOCK, pickup={"transfer": "missing_lines"})
    pickup_options(router, TWO, 0.0)
    assert router.available().tolist() == [12, 10]


def test_without_a_block_pickup_it_is_refused_by_name() -> None:
    with pytest.raises(NotOfferedError, match="expected a block pickup in the routing"):
        pickup_options(told(STOCK), TWO, 0.0)


@pytest.mark.parametrize(
    ("steps", "asked", "site"),
    [
        ([NEAREST], order((A, 1)), CORNER),
        ([SCARCEST], order((A, 1)), CORNER),
        ([{"rank": [{"by": "distance", "descending": True}]}], order((A, 1)), FAR),  # the warehouse takes none
        ([{**NOBODY, **NEAREST}, SCARCEST], order((B, 1)), CORNER),
        ([{"filters": [{**NOBODY["filters"][0], "soft": 1}], **NEAREST}], order((B, 1)), CORNER),
        ([NEAREST], order((A, 1), refused_by=(CORNER,)), CORNER),  # who could not send may still take back
    ],
)
def test_goods_go_back_to_the_best_site_that_takes_them(steps: list[dict[str, Any]], asked: Order, site: int) -> None:
    assert goes_back_to(told(STOCK, returns={"steps": steps}), asked, 0.0) == site


def test_a_closed_site_takes_no_returns() -> None:
    router = told(STOCK, returns={"steps": [NEAREST]})
    router.observe(Closed(0.0, CORNER, 100.0))
    assert goes_back_to(router, order((A, 1)), 50.0) == FAR


def test_where_nobody_takes_them_it_is_told() -> None:
    with pytest.raises(RoutingError, match="no site that takes returns passes the filters"):
        goes_back_to(told(STOCK, returns={"steps": [NOBODY]}), order((A, 1)), 0.0)


def test_without_a_block_returns_it_is_refused_by_name() -> None:
    with pytest.raises(NotOfferedError, match=r"go back to[?] - expected a block returns"):
        goes_back_to(told(STOCK), order((A, 1)), 0.0)


def test_the_warehouse_is_no_place_to_collect() -> None:
    assert DC not in [option.site for option in pickup_options(told(STOCK, pickup={}), TWO, 0.0)]
