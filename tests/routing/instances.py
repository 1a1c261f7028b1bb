"""Small routing problems drawn at random, and the slow and plain way to solve them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from itertools import product as cartesian
from typing import TYPE_CHECKING

import numpy as np
from hypothesis import strategies as st

from sim.contract.messages import Line, Order
from sim.network.site import Handling, SiteKind
from sim.routing.cost import ParcelCosts
from sim.routing.offers.filters import of_kind
from sim.routing.offers.offers import Request
from sim.routing.promise import Promises
from sim.routing.strategies.balanced import Balanced
from sim.routing.strategies.cheapest import Cheapest
from sim.routing.strategies.dc_first import DcFirst
from sim.routing.strategies.fewest_parcels import FewestParcels
from tests.networks import ALWAYS, WEEKDAYS_ONLY, network, product, service, site, weekdays

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from sim.network.network import Network
    from sim.routing.offers.offers import Basket, Objective, Share

OBJECTIVES = ("cheapest", "balanced", "dc_first", "fewest_parcels")
DAY_VALUE, SCARCITY = 150.0, 0.2


@dataclass(frozen=True)
class Instance:
    """A network, what is believed to be there, and an order."""

    network: Network
    available: NDArray[np.int32]
    order: Order
    now: float

    def request(self) -> Request:
        """Return the order as a strategy sees it."""
        return Request(self.order, self.available, self.now)

    def objective(self, name: str) -> Objective:
        """Return an objective of this network by the name of its strategy."""
        everybody = of_kind(self.network, None)
        costs = ParcelCosts(self.network, everybody, DAY_VALUE if name == "balanced" else 0.0)
        match name:
            case "balanced":
                return Balanced(costs, self.network, Promises(self.network), DAY_VALUE, SCARCITY)
            case "dc_first":
                return DcFirst(costs, self.network)
            case "fewest_parcels":
                return FewestParcels(costs)
            case _:
                return Cheapest(costs)


_cents = st.integers(0, 400).map(float)
_handling = st.builds(Handling, _cents, _cents, _cents, _cents, _cents, _cents)
_sites = st.builds(
    site,
    km=st.sampled_from([5.0, 60.0, 200.0, 450.0, 900.0]),
    kind=st.sampled_from(SiteKind),
    handling=_handling,
    hours=st.sampled_from([ALWAYS, weekdays(time(9), time(17))]),
    pick_up_days=st.sampled_from([ALWAYS, WEEKDAYS_ONLY]),
    pick_up_at=st.sampled_from([time(12), time(18)]),
    reach_km=st.sampled_from([None, None, None, 300.0]),
)
_products = st.builds(
    product,
    weight_kg=st.sampled_from([0.2, 2.0, 9.0, 30.0]),
    price_cents=st.integers(100, 50_000),
    unit_cost_cents=st.integers(50, 30_000),
)


@st.composite
def _services(draw: st.DrawFn) -> object:
    """Return a service with 3 rate steps: dearer with weight as tables must be, but in no order by zone."""
    steps = np.cumsum(draw(st.lists(st.tuples(*[st.integers(1, 900)] * 3), min_size=3, max_size=3)), axis=0)
    days = draw(st.tuples(*[st.integers(1, 5)] * 3))
    works = draw(st.sampled_from([ALWAYS, WEEKDAYS_ONLY]))
    return service(steps.tolist(), business_days=days, works=works)


@st.composite
def instances(draw: st.DrawFn, most_lines: int = 3, most_units: int = 2, most_sites: int = 4) -> Instance:
    """Return an order of a few lines in a network of a few sites, many of them short of something."""
    sites = draw(st.lists(_sites, min_size=1, max_size=most_sites))
    products = draw(st.lists(_products, min_size=most_lines, max_size=most_lines))
    services = draw(st.lists(_services(), min_size=1, max_size=2))
    skus = draw(st.lists(st.integers(0, most_lines - 1), min_size=1, max_size=most_lines, unique=True))
    lines = tuple(Line(sku, draw(st.integers(1, most_units))) for sku in skus)
    units = st.lists(st.integers(-1, most_units), min_size=len(sites), max_size=len(sites))
    available = np.array([draw(units) for _ in products], dtype=np.int32)
    refused = draw(st.lists(st.integers(0, len(sites) - 1), max_size=1))
    now = float(draw(st.integers(0, 7 * 1440)))
    return Instance(
        network(sites, products, services, days=(-1, 20)), available, Order(1, now, 0, lines, tuple(refused)), now
    )


def total(request: Request, objective: Objective, offer: list[Share]) -> float:
    """Return the score of an offer: the sum over its parcels."""
    return sum(float(request.feasible_scores(objective, share.basket)[share.site]) for share in offer)


def units(offer: list[Share]) -> int:
    """Return how many units an offer serves."""
    return sum(sum(share.basket) for share in offer)


def brute_force(request: Request, objective: Objective, max_parcels: int) -> tuple[int, float]:
    """Return the most units that can be served, and the least score of doing so, by trying every assignment."""
    sites = len(request.rows[0])
    scores: dict[Basket, NDArray[np.float64]] = {}
    best = (0, 0.0)
    for columns in cartesian(*(_shared_out(quantity, sites) for quantity in request.wanted)):
        baskets = [(j, basket) for j, basket in enumerate(zip(*columns, strict=True)) if any(basket)]
        if len(baskets) > max_parcels:
            continue
        score = 0.0
        for j, basket in baskets:
            if basket not in scores:
                scores[basket] = request.feasible_scores(objective, basket)
            score += float(scores[basket][j])
        served = sum(map(sum, columns))
        if score < np.inf and (-served, score) < (-best[0], best[1]):
            best = served, score
    return best


def _shared_out(quantity: int, sites: int) -> Iterator[tuple[int, ...]]:
    """Yield every way to take at most `quantity` units from some sites."""
    if sites == 0:
        yield ()
        return
    for here in range(quantity + 1):
        for rest in _shared_out(quantity - here, sites - 1):
            yield (here, *rest)
