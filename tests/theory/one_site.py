"""A whole world with one site and many equal products, each of them an independent trial."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.chance.tape import Tape
from sim.ledger.audit import audit
from sim.ledger.orders import orders_of
from sim.routing.build import build_engine
from sim.study.experiment import routing_of
from sim.world.simulate import simulate
from tests.tiny import TABLES, tiny

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from sim.contract.router import Router
    from sim.ledger.ledger import Ledger
    from sim.scenario.load import Scenario

ONE_LINE_ONE_UNIT: dict[str, Any] = {"demand__lines_per_order": {1: 1}, "demand__units_per_line": {1: 1}}
FROM_MINUTE_0: dict[str, Any] = {"clock__warm_up": "0 days", "replenishment": "none", "opening_stock": "stock.csv"}
NOTHING_WAITS: dict[str, Any] = {"routing__backorders": ...}
ALL_AT_ONCE: dict[str, Any] = {
    f"site_kinds__{kind}__{key}": "0 min"
    for kind in ("dc", "store")
    for key in ("message_delay", "pick_time", "pack_time")
}
NEW_YORK = "America/New_York"


def one_site(
    folder: Path,
    products: int,
    units: int | Sequence[int],
    kind: str = "dc",
    attributes: dict[str, object] | None = None,
    **changes: Any,
) -> Scenario:
    """Return a scenario with one site that holds `units` of each product, or so many of each in turn.

    Everybody lives in the site's time zone.
    """
    more = attributes or {}
    changes = {"network__site_attributes": list(more), **changes} if more else changes
    columns = TABLES["products.csv"][0]
    names = [f"P{k}" for k in range(products)]
    stock = [units] * products if isinstance(units, int) else units
    tables: dict[str, list[list[object]]] = {
        "sites.csv": [
            [*TABLES["sites.csv"][0], *more],
            ["site", "Boston", kind, "MA", 42.36, -71.06, NEW_YORK, int(kind == "store"), *more.values()],
        ],
        "places.csv": [TABLES["places.csv"][0], ["021", "Boston", "MA", 42.35, -71.07, NEW_YORK, 600]],
        "products.csv": [columns, *([name, "Thing", "things", 0.1, 15, 10, 3, 12, 7, 1] for name in names)],
        "stock.csv": [["sku", "site", "on_hand"], *([name, "site", n] for name, n in zip(names, stock, strict=True))],
    }
    return tiny(folder, tables, **ONE_LINE_ONE_UNIT | FROM_MINUTE_0 | NOTHING_WAITS | changes)


def run(scenario: Scenario, router: Router | None = None) -> Ledger:
    """Run the world once; our own engine routes if nobody else does."""
    router = router or build_engine(routing_of(scenario), "cheapest", scenario.network)
    ledger = simulate(scenario, Tape(scenario, 1, 0), router)
    audit(ledger)
    return ledger


def by_product(ledger: Ledger) -> dict[str, NDArray[np.float64]]:
    """Return, for each product, units ordered in the measured days, and of them promised, short and cancelled."""
    orders = orders_of(ledger)
    numbers = ledger.order_lines.columns()["order"]
    assert np.array_equal(numbers, orders["order"])  # one line an order
    sku, measured = ledger.order_lines.columns()["sku"], orders["measured"]
    products = len(ledger.opening_stock)
    names = {"ordered": "units", "promised": "units_asked", "short": "units_short", "cancelled": "units_cancelled"}
    return {
        name: np.bincount(sku[measured], orders[column][measured], products).astype(np.float64)
        for name, column in names.items()
    }


def channel_of_parcels(ledger: Ledger) -> NDArray[np.int64]:
    """Return by which channel the order of each parcel came."""
    shoppers = ledger.shoppers.columns()
    of_order = dict(zip(shoppers["order"].tolist(), shoppers["channel"].tolist(), strict=True))
    return np.array([of_order[order] for order in ledger.parcels.columns()["order"].tolist()])
