"""A tiny world with one parcel after the other and a service that can be anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.contract.messages import Plan
from sim.ledger.audit import audit
from sim.world.simulate import simulate
from tests.tiny import TREE
from tests.world.hand_made import (
    CABLE,
    DC_EAST,
    DC_WEST,
    IN_BOSTON,
    HandMadeTape,
    ObedientRouter,
    at,
    parcel,
    shopper,
    stocked,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sim.contract.messages import Order
    from sim.ledger.ledger import Ledger

GROUND: dict[str, Any] = TREE["carriers"]["services"]["ground"] | {"late": {"share": 0, "extra_days": {1: 1}}}
# watched, and nothing else
WATCHED: dict[str, Any] = {"co2_per_tonne_km": "100 g"}
AT_ONCE: dict[str, Any] = {"site_kinds__dc__pick_time": "0 min", "site_kinds__dc__pack_time": "0 min"}


def sent(
    folder: Path,
    moments: Sequence[float],
    services: dict[str, dict[str, Any]],
    *,
    site: int = DC_EAST,
    place: int = IN_BOSTON,
    service: int = 0,
    deliver_in: float = 2,
    router: ObedientRouter | None = None,
    lateness: Sequence[float] | float = 0.5,
    units: int = 1,
    **changes: Any,
) -> Ledger:
    """Return the ledger of a world in which a cable is ordered at each moment, and promised so many days after it."""
    scenario = stocked(
        folder, {(CABLE, DC_EAST): 5000, (CABLE, DC_WEST): 5000}, carriers__services=services,
        **{"clock__measure": "7 days", **AT_ONCE, **changes},
    )  # fmt: skip

    def planned(order: Order) -> Plan:
        promised = at(int(order.placed_at // 1440 + deliver_in), 20)
        wanted = {line.sku: line.quantity for line in order.lines}
        return Plan((parcel(site, wanted, deliver_at=promised, service=service),))

    late = [lateness] * len(moments) if isinstance(lateness, float) else lateness
    shoppers = [
        shopper(k + 1, when, {CABLE: units}, place, luck=(0.5, 0.5, late[k], 0.0) * 4) for k, when in enumerate(moments)
    ]
    ledger = simulate(scenario, HandMadeTape(scenario, shoppers), router or ObedientRouter(planned))
    audit(ledger)
    return ledger
