"""Why two runs decided about an order differently: the rule itself, or the world that each rule had made by then.

The second rule is asked about the first one's decision, on what that rested on. If it decides as the first did, the
difference comes from what is believed, and that from earlier decisions; if not, it comes from the rule.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.contract.messages import COST_PARTS
from sim.routing.explain.because import REASONS
from sim.routing.rules.reasons import Reason
from sim.routing.shadow import NOT_OFFERED, Past, redecided
from sim.study.shadow.shadow import gives

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from sim.contract.messages import Plan
    from sim.routing.engine import Engine
    from sim.routing.view import View
    from sim.study.lives.rerun import Decided

BY_MONEY = Reason.DEARER, Reason.EQUAL, Reason.NOT_NEEDED, Reason.RANKED_LOWER
"""Reasons that say no more than that another offer was better: there the part of cost that decides is told."""
REMEMBERED = {
    "price": ("values", "plan"),
    "capacity": ("usage", "counts", "full"),
    "closed sites": ("closed",),
    "goods on their way": ("expected", "waited"),
    "carts": ("carts",),
}
"""What is believed besides stock, by the names it has in a view."""


def cause_of(first: Decided, second: Decided, engine: Engine) -> str:
    """Return why the second of two decisions about an order is not like the first.

    Parameters
    ----------
    engine
        Like the one that made the second; it has heard nothing.
    """
    past = Past(1, (first.order,), first.now, first.view, (first.plan,))
    (pair,) = redecided([past], engine)
    if gives(pair.instead) == gives(first.plan):
        return _of_world(first, second)
    if pair.instead.reason == NOT_OFFERED:
        return "rule: does not take such orders"
    reason = None if pair.why is None else Reason(pair.why[1])
    if reason is None or reason in BY_MONEY:
        return _of_cost(first.plan, pair.instead)
    return f"rule: {REASONS[reason]}"


def _of_cost(then: Plan, instead: Plan) -> str:
    """Return the part of cost that speaks most for the other plan."""
    parts = np.array([_parts(instead), _parts(then)])
    saved = parts[1] - parts[0]
    if saved.max() <= 0:
        fewer = len(instead.parcels) - len(then.parcels)
        return "rule: fewer parcels" if fewer < 0 else "rule: more parcels" if fewer else "rule: another order of sites"
    return f"cost: {COST_PARTS[int(saved.argmax())]}"


def _parts(plan: Plan) -> list[float]:
    moved = [*(parcel.cents for parcel in plan.parcels), *(leg.cents for leg in plan.onward)]
    return [sum(cents[k] for cents in moved) for k in range(len(COST_PARTS))]


def _of_world(first: Decided, second: Decided) -> str:
    if first.order.refused_by != second.order.refused_by:
        return "refusals"
    if first.now != second.now:
        return "another moment"
    if _cells(first.view) != _cells(second.view):
        return "stock news"
    for what, names in REMEMBERED.items():
        if _of(first.view.memory, names) != _of(second.view.memory, names):
            return what
    return "what the rule remembers"


def _cells(view: View) -> dict[int, int]:
    believed = view.believed
    return dict(zip(believed.cells.tolist(), (believed.on_hand - believed.picked).tolist(), strict=True))


def _of(memory: Mapping[str, Any], names: tuple[str, ...]) -> list[Any]:
    return [memory.get(name) for name in names]
