from __future__ import annotations

import numpy as np
import pytest

from sim.contract.messages import Line, Order
from sim.routing.offers.filters import of_kind
from sim.routing.offers.offers import Request, Share
from sim.routing.strategies.nearest import Nearest
from tests.networks import network, site

NEAR, MIDDLE, FAR = 0, 1, 2


def chosen(
    stock: list[list[int]],
    wanted: list[int],
    refused_by: tuple[int, ...] = (),
    may_serve: tuple[bool, ...] = (True, True, True),
    reach_km: float | None = None,
) -> list[Share]:
    """Return what the rule takes from sites 10, 200 and 800 km away, stock by product and site."""
    net = network([site(10.0), site(200.0), site(800.0, reach_km=reach_km)], len(stock))
    lines = tuple(Line(sku, quantity) for sku, quantity in enumerate(wanted))
    request = Request(Order(1, 0.0, 0, lines, refused_by), np.array(stock, dtype=np.int32), 0.0)
    return Nearest(net, np.array(may_serve)).choose(request)


@pytest.mark.parametrize(
    ("stock", "wanted", "shares"),
    [
        ([[3, 3, 3]], [2], [Share(NEAR, (2,))]),
        ([[1, 3, 3]], [2], [Share(MIDDLE, (2,))]),  # the nearest that has the line whole
        ([[1, 1, 1]], [2], [Share(NEAR, (1,)), Share(MIDDLE, (1,))]),  # nobody has it whole: in turn
        ([[0, 1, 5]], [6], [Share(MIDDLE, (1,)), Share(FAR, (5,))]),
        ([[1, 1, 1]], [9], [Share(NEAR, (1,)), Share(MIDDLE, (1,)), Share(FAR, (1,))]),  # the rest is nobody's
        ([[0, -2, 0]], [1], []),
        ([[1, 9, 9], [0, 1, 9]], [1, 1], [Share(NEAR, (1, 0)), Share(MIDDLE, (0, 1))]),  # line by line
        ([[5, 9, 9], [5, 1, 9]], [1, 2], [Share(NEAR, (1, 2))]),  # lines from one site are one parcel
    ],
)
def test_each_line_comes_from_the_nearest_holder(
    stock: list[list[int]], wanted: list[int], shares: list[Share]
) -> None:
    assert chosen(stock, wanted) == shares


def test_a_site_that_has_refused_is_not_asked_again() -> None:
    assert chosen([[5, 5, 5]], [1], refused_by=(NEAR,)) == [Share(MIDDLE, (1,))]


def test_a_site_that_may_not_serve_is_passed_over() -> None:
    assert chosen([[5, 5, 5]], [1], may_serve=(False, True, True)) == [Share(MIDDLE, (1,))]


def test_a_site_out_of_reach_is_no_holder() -> None:
    assert chosen([[0, 0, 5]], [1]) == [Share(FAR, (1,))]
    assert chosen([[0, 0, 5]], [1], reach_km=500.0) == []


def test_of_two_sites_equally_near_the_first_is_taken() -> None:
    net = network([site(50.0), site(50.0)], 1)
    request = Request(Order(1, 0.0, 0, (Line(0, 1),)), np.ones((1, 2), dtype=np.int32), 0.0)
    assert Nearest(net, of_kind(net, None)).choose(request) == [Share(0, (1,))]
