"""A joint decision as a line of the decision log: the whole batch, what was believed, and all that was decided."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from sim.contract.messages import Revision
from sim.contract.wire_values import as_object, dumps, read_float, write_number
from sim.errors import WireError
from sim.routing.joint.assigned import Sent
from sim.routing.joint.engine import JointEngine
from sim.routing.joint.together import Batch
from sim.routing.view import View

if TYPE_CHECKING:
    from sim.contract.wire import Wire
    from sim.routing.engine import Engine
    from sim.routing.joint.together import Together


def batch_line(wire: Wire, batch: Batch, now: float, view: View, together: Together) -> dict[str, object]:
    """Return a joint decision as what JSON knows."""
    sent = [
        {"order": wire.plain(o), "parcel": wire.plain(p), "due": write_number(due), "ship_by": write_number(ship_by)}
        for o, p, due, ship_by in batch.sent
    ]
    return {
        "batch": [wire.plain(order) for order in batch.orders],
        **({"sent": sent} if sent else {}),
        "now": float(now),
        "stock": wire.plain_stock(view.believed),
        **({"memory": dict(view.memory)} if view.memory else {}),
        **_decided(wire, together),
    }


def batch_of(tree: dict[str, Any], wire: Wire) -> Batch:
    """Read what a line decided about.

    Raises
    ------
    WireError
        If it is damaged.
    """
    orders = [wire.order(item, f"batch[{i}]") for i, item in enumerate(_items(tree, "batch"))]
    sent = []
    for i, item in enumerate(_items(tree, "sent")):
        where = f"sent[{i}]"
        one = as_object(item, where)
        due, ship_by = (_moment(one.get(key), f"{where}.{key}") for key in ("due", "ship_by"))
        sent.append(Sent(wire.order(one.get("order"), where), wire.parcel(one.get("parcel"), where), due, ship_by))
    return Batch(tuple(orders), tuple(sent))


def recalled(tree: dict[str, Any], wire: Wire, engine: Engine) -> tuple[JointEngine, Batch, float]:
    """Have an engine believe what a line rests on; return it with the batch and the moment.

    Raises
    ------
    WireError
        If the line is damaged, or the engine decides one order at a time.
    """
    if not isinstance(engine, JointEngine):
        raise WireError("a batch", "batch", "a strategy that decides jointly")
    batch, now = batch_of(tree, wire), wire.now(tree.get("now"))
    engine.recall_batch(batch, View(wire.stock(tree.get("stock")), tree.get("memory", {})))
    return engine, batch, now


def decide_again(tree: dict[str, Any], wire: Wire, engine: Engine) -> tuple[bytes, bytes, bool]:
    """Decide a line again: what stands there, what is decided now, and whether a limit of time cut it short then."""
    joint, batch, now = recalled(tree, wire, engine)
    plans = [wire.plan(item, f"plans[{i}]") for i, item in enumerate(_items(tree, "plans"))]
    revisions = [wire.decision(item, f"revisions[{i}]") for i, item in enumerate(_items(tree, "revisions"))]
    revised = [revision.plan for revision in revisions if isinstance(revision, Revision)]
    found = dumps(_decided(wire, joint.decide_together(batch, now)))
    joint.forget(wire.stock(tree.get("stock")))
    expected = dumps({key: tree[key] for key in ("plans", "revisions") if key in tree})
    return expected, found, any([plan.limited for plan in plans + revised])


def _decided(wire: Wire, together: Together) -> dict[str, Any]:
    revisions: tuple[Revision, ...] = together.revisions
    return {
        "plans": [wire.plain(plan) for plan in together.plans],
        **({"revisions": [wire.plain(revision) for revision in revisions]} if revisions else {}),
    }


def _moment(value: object, where: str) -> float:
    return math.inf if value is None else read_float(value, where)


def _items(tree: dict[str, Any], key: str) -> list[Any]:
    items = tree.get(key, [])
    if not isinstance(items, list):
        raise WireError(type(items).__name__, key, "a list")
    return items
