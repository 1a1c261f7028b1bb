"""Small random networks, beliefs and orders, written so that any one number of them can be changed and built again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sim.contract.messages import Line, Order
from sim.contract.news import StockNews
from sim.network.network import Network
from sim.network.site import Handling, SiteKind
from sim.routing.build import build_engine
from sim.routing.config import RoutingConfig
from sim.routing.engine import Engine
from tests.networks import KM_PER_DEGREE, network, product, service, site

PRODUCTS = 3
KINDS = (SiteKind.DC, SiteKind.STORE, SiteKind.THIRD_PARTY)
NOW = 16 * 60.0

STRATEGIES: dict[str, dict[str, Any]] = {
    "nearest": {"choose": "nearest"},
    "cheapest": {"choose": "cheapest"},
    "fewest_parcels": {"choose": "fewest_parcels"},
    "dc_first": {"choose": "dc_first"},
    "balanced": {"choose": "balanced", "day_value": "1 USD", "scarcity": 0.1},
    "siloed": {"choose": "cheapest", "only": ["dc", "third_party"]},
    "ranked": {
        "choose": "rules",
        "steps": [
            {
                "filters": [{"keep": "max_distance", "limit": "400 km", "soft": 1}],
                "rank": [{"by": "lines_covered"}, {"by": "distance", "band": "100 km"}, {"by": "cost"}],
            }
        ],
    },
    "weighed": {
        "choose": "rules",
        "steps": [
            {
                "weigh": [{"by": "cost", "weight": 2}, {"by": "promise_day"}, {"by": "inventory_balance"}],
                "allocate": "one_site",
            },
            {"allocate": "least_cost", "max_sites": 3},
        ],
    },
    "doubtful": {
        "choose": "rules",
        "doubt": {"half_life": "5 h", "refusal_cost": "4 USD"},
        "steps": [{"filters": [{"keep": "sure_stock", "at_least": 0.3}], "rank": [{"by": "cost"}]}],
        "when_incomplete": "place_nothing",
    },
}

# strategies whose prices of stock are solved for on a schedule
PRICED: dict[str, dict[str, Any]] = {
    "bid_price": {
        "choose": "bid_price", "horizon": "1 day", "resolve_every": "5 min", "memory": "1 day", "lost_unit": "20 USD",
    },
    "marginal_value": {
        "choose": "marginal_value", "until_receipt": "1 day", "resolve_every": "5 min", "memory": "1 day", "weight": 1,
        "lost_unit": "20 USD",
    },
    "reserve": {
        "choose": "reserve", "until_receipt": "1 day", "resolve_every": "5 min", "memory": "1 day", "weight": 1,
    },
    "primal_dual": {"choose": "primal_dual", "worth": "10 USD"},
}  # fmt: skip


@dataclass(frozen=True)
class World:
    """All that a decision rests on, as plain numbers.

    Parameters
    ----------
    fees, km, leads, held, news_at
        By site: fee a parcel in cents, distance, minutes between order and the pick-up at 18:00, units of each product
        held back, and when its stock was last heard of.
    stock
        By product and site.
    """

    fees: tuple[float, ...]
    km: tuple[float, ...]
    leads: tuple[float, ...]
    held: tuple[int, ...]
    news_at: tuple[float, ...]
    stock: tuple[tuple[int, ...], ...]
    strategy: dict[str, Any]
    zone_edges_km: tuple[float, ...] = (100.0, 500.0)

    def network(self) -> Network:
        sites = [
            site(
                kind=KINDS[k % 3], id=f"s{k}", lon=self.km[k] / KM_PER_DEGREE,
                handling=Handling(50, 10, 40 + k, 70, self.fees[k], 5),
                lead_min=self.leads[k],
            )
            for k in range(len(self.fees))
        ]  # fmt: skip
        goods = [product(weight, id=f"p{k}") for k, weight in enumerate((0.5, 3.0, 9.0))]
        rates = [[500, 600, 700], [700, 900, 1200], [1000, 1600, 2300]]
        return network(sites, goods, [service(rates, max_lb=(5.0, 20.0, 100.0))], zone_edges_km=self.zone_edges_km)

    def config(self) -> RoutingConfig:
        fences = [{"units": units, "sites": [f"s{k}"]} for k, units in enumerate(self.held) if units]
        return RoutingConfig.model_validate(
            {"max_parcels": 3, "ring_fences": fences, "strategies": {"chosen": self.strategy}}
        )

    def engine(self) -> Engine:
        engine = build_engine(self.config(), "chosen", self.network())
        sites = len(self.fees)
        for k in range(sites):
            cells = np.arange(PRODUCTS) * sites + k
            on_hand = np.array([row[k] for row in self.stock], dtype=np.int32)
            engine.observe(StockNews(self.news_at[k], np.array([k]), cells, on_hand, np.zeros(PRODUCTS, np.int32)))
        return engine

    def changed(self, field: str, at: int, by: float) -> World:
        """Return the world with one number of one site changed."""
        values = list(getattr(self, field))
        values[at] += by
        return replace(self, **{field: tuple(values)})


def world(seed: int, strategy: str, sites: int = 6) -> World:
    """Draw a world."""
    rng = np.random.default_rng(seed)
    return World(
        fees=tuple(rng.integers(0, 400, sites).tolist()),
        km=tuple(rng.uniform(5, 900, sites).tolist()),
        leads=tuple(rng.uniform(60, 240, sites).tolist()),
        held=tuple(rng.choice([0, 0, 1, 2], sites).tolist()),
        news_at=tuple(rng.uniform(0, NOW, sites).round().tolist()),
        stock=tuple(tuple(row) for row in rng.integers(0, 4, (PRODUCTS, sites)).tolist()),
        strategy=(STRATEGIES | PRICED)[strategy],
        zone_edges_km=(100.0, 500.0) if strategy not in ("nearest", "ranked") else (5_000.0, 6_000.0),
    )


def order(seed: int, sites: int = 6) -> Order:
    """Draw an order; now and then a site has refused it already."""
    rng = np.random.default_rng(seed)
    skus = rng.permutation(PRODUCTS)[: rng.integers(1, PRODUCTS + 1)]
    refused = (int(rng.integers(sites)),) if rng.random() < 0.2 else ()
    return Order(seed, NOW, 0, tuple(Line(int(sku), int(rng.integers(1, 4))) for sku in skus), refused)
