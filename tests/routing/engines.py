"""An engine for a network built by hand, by the configuration that a scenario would have."""

from __future__ import annotations

from typing import Any

from sim.network.network import Network
from sim.routing.build import build_engine
from sim.routing.config import RoutingConfig
from sim.routing.engine import Engine
from sim.routing.waiting.backorders import BackorderPolicy

STRATEGIES: dict[str, dict[str, Any]] = {
    "nearest": {"choose": "nearest"},
    "cheapest": {"choose": "cheapest"},
    "fewest_parcels": {"choose": "fewest_parcels"},
    "dc_first": {"choose": "dc_first"},
    "balanced": {"choose": "balanced", "day_value": "1.50 USD", "scarcity": 0.2},
}


def engine(
    network: Network,
    strategy: str = "cheapest",
    backorders: BackorderPolicy | dict[str, Any] | None = None,
    **changes: Any,
) -> Engine:
    """Return a fresh engine; `changes` are keys of the block `routing:`."""
    kept = backorders
    if isinstance(backorders, BackorderPolicy):
        kept = {"retry_every": f"{backorders.retry_every:g} min", "give_up_after": f"{backorders.give_up_after:g} min"}
    block = {"max_parcels": 3, "backorders": kept, "strategies": STRATEGIES, **changes}
    return build_engine(RoutingConfig.model_validate(block), strategy, network)
