"""What walk-in customers wanted, with what it was worth that they did not get it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.ledger.ledger import Ledger
    from sim.ledger.orders import Columns


def walk_ins_of(ledger: Ledger) -> Columns:
    """Return the walk-in wants of a run with `missed_cents`, price less cost of the units that were not sold."""
    walk_ins, products = dict(ledger.walk_ins.columns()), ledger.products.columns()
    sku = walk_ins["cell"] // max(ledger.opening_stock.shape[1], 1)
    margin = products["price_cents"] - products["unit_cost_cents"]
    return walk_ins | {"missed_cents": (walk_ins["wanted"] - walk_ins["sold"]) * margin[sku]}
