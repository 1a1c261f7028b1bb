"""Worlds small enough to be followed by hand in which things come back."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.ledger.audit import audit
from sim.world.simulate import simulate
from tests.world.hand_made import CABLE, DC_EAST, HandMadeTape, ObedientRouter, all_from, at, shopper, stocked

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from sim.chance.tape import Shopper
    from sim.contract.router import Router
    from sim.ledger.ledger import Ledger
    from sim.scenario.load import Scenario

# everything comes back two days after delivery, in the post for three, inspected for one, and is as good as new
BLOCK: dict[str, Any] = {
    "rate": 1, "after": "2 days",
    "grades": {"A": {"share": 1, "then": "restock"}},
    "by_mail": {"to": "dc_west", "service": "ground", "transit": "3 days", "inspection": {"takes": "1 day"}},
}  # fmt: skip
IN_STORE: dict[str, Any] = {"share": 1, "to_shelf": "90 min", "not_kept": {"then": "to_dc"}}


def block(**changes: Any) -> dict[str, Any]:
    """Return the block, changed: a path with ``__`` for the dots."""
    found = deepcopy(BLOCK)
    for path, value in changes.items():
        *parents, last = path.split("__")
        node = found
        for name in parents:
            node = node.setdefault(name, {})
        if value is ...:
            del node[last]
        else:
            node[last] = value
    return found


def returning(folder: Path, returns: dict[str, Any], **changes: Any) -> Scenario:
    """Return the tiny world with nine cables in the East and a block `returns:`."""
    own: dict[str, Any] = {"returns": returns, "clock__drain_limit": "30 days"}
    return stocked(folder, changes.pop("on_hand", {(CABLE, DC_EAST): 9}), **own | changes)


def lived(scenario: Scenario, shoppers: Iterable[Shopper] = (), router: Router | None = None) -> Ledger:
    """Run a world in which everything is sent from the East, and audit it."""
    rows = list(shoppers) or [shopper(1, at(0, 10), {CABLE: 1})]
    ledger = simulate(scenario, HandMadeTape(scenario, rows), router or ObedientRouter(all_from(DC_EAST)))
    audit(ledger)
    return ledger


class Row(NamedTuple):
    """A unit that came back, as the ledger has it."""

    order: int
    parcel: int
    sku: int
    number: int
    way: int
    reason: int
    grade: int
    state: int
    site: int
    shelf: int
    delivered_at: float
    handed_at: float
    received_at: float
    inspected_at: float
    settled_at: float
    refunded_at: float
    refund_cents: int
    label_cents: int
    handling_cents: int
    work_cents: int
    loss_cents: int
    till_cents: int
    till_margin_cents: int


def came_back(ledger: Ledger) -> list[Row]:
    """Return the units that came back."""
    columns = ledger.returns.columns()
    return [Row(*row) for row in zip(*(columns[name].tolist() for name in Row._fields), strict=True)]
