"""A long made-up conversation between a host and an engine: orders, news, refusals, retries.

``python -m tests.routing.conversation`` prints every plan of every strategy, for comparison between processes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time

import numpy as np

from sim.contract.messages import Line, Order, Parcel, Plan
from sim.contract.news import Refusal, StockNews
from sim.contract.router import Router
from sim.network.network import Network
from sim.network.site import Handling, SiteKind
from sim.routing.waiting.backorders import BackorderPolicy
from tests.networks import network, product, service, site, weekdays
from tests.routing.engines import STRATEGIES, engine

RETRIES = BackorderPolicy(retry_every=120.0, give_up_after=600.0)
PRODUCTS = 6
SAFETY_STOCK = {"store": 1}


def towns() -> Network:
    """Return two warehouses, a third party and four stores, no two alike."""
    kinds = [SiteKind.DC, SiteKind.DC, SiteKind.THIRD_PARTY, *[SiteKind.STORE] * 4]
    sites = [
        site(km, kind, handling=Handling(30 + j, 10, 50, 60 + 7 * j, 0, 0), hours=weekdays(time(8), time(17 + j % 4)))
        for j, (kind, km) in enumerate(zip(kinds, (800.0, 300.0, 450.0, 20.0, 60.0, 180.0, 700.0), strict=True))
    ]
    services = [
        service([[700, 800, 950], [900, 1100, 1400]]),
        service([[650, 810, 900], [990, 1050, 1490]], business_days=(2, 2, 4)),
    ]
    return network(sites, [product(0.3 * (k + 1), 2000 + 900 * k, 1500) for k in range(PRODUCTS)], services)


def converse(router: Router, seed: int, orders: int = 150) -> Iterator[tuple[Order, Plan]]:
    """Yield each order with the engine's plan for it, its own retries included."""
    draw = np.random.default_rng(seed)
    net = towns()
    sites = len(net.sites)
    shelf = draw.integers(0, 5, (PRODUCTS, sites)).astype(np.int32)
    picked, changed = np.zeros_like(shelf), set(range(shelf.size))
    waiting: list[tuple[Order, Parcel]] = []

    def tell(site_: int) -> None:
        cells = np.array(sorted(c for c in changed if c % sites == site_), dtype=np.int64)
        changed.difference_update(cells.tolist())
        counts = shelf.reshape(-1)[cells], picked.reshape(-1)[cells]
        router.observe(StockNews(now, np.array([site_]), cells, *counts))

    now = 0.0
    for j in range(sites):
        tell(j)
    for number in range(orders):
        now += float(draw.exponential(20.0))
        wake = router.next_wake()
        if wake is not None and wake <= now:
            decisions = router.tick(wake)
            waiting += [(order, parcel) for order, plan in decisions for parcel in plan.parcels]
            yield from decisions
        skus = draw.choice(PRODUCTS, int(draw.integers(1, 5)), replace=False).tolist()
        orders_now = [Order(number, now, 0, tuple(Line(sku, int(draw.integers(1, 4))) for sku in skus))]
        while waiting and draw.random() < 0.6:
            order, parcel = waiting.pop(int(draw.integers(len(waiting))))
            short = []
            for sku, quantity in parcel.lines:
                got = min(quantity, int(shelf[sku, parcel.site]))
                shelf[sku, parcel.site] -= got
                picked[sku, parcel.site] += got
                changed.add(sku * sites + parcel.site)
                if got < quantity:
                    short.append(Line(sku, quantity - got))
                    router.observe(Refusal(now, order.id, parcel.site, sku, quantity - got))
            if short:
                refused_by = tuple(dict.fromkeys((*order.refused_by, parcel.site)))
                orders_now.append(order._replace(lines=tuple(short), refused_by=refused_by))
        for order in orders_now:
            plan = router.route(order, now)
            waiting += [(order, parcel) for parcel in plan.parcels]
            yield order, plan
        sku, j = int(draw.integers(PRODUCTS)), int(draw.integers(sites))
        shelf[sku, j] = max(0, int(shelf[sku, j]) + int(draw.integers(-2, 5)))  # walk-in customers, goods received
        changed.add(sku * sites + j)
        if draw.random() < 0.4:
            tell(int(draw.integers(sites)))


def main() -> None:
    """Print every plan of every strategy."""
    for name in STRATEGIES:
        for order, plan in converse(engine(towns(), name, RETRIES, safety_stock=SAFETY_STOCK), 1, orders=60):
            print(name, order, plan)


if __name__ == "__main__":
    main()
