"""A candidate in the shadow of the rule that decides: each past decision again, in the world the old rule made.

What stood on the shelves then is what the old rule had left there; so it is at the next decision, whatever the
candidate would have done. What a strategy remembers is taken from the log as far as it is there; the rest it has not
learnt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sim.contract.messages import Plan
from sim.contract.wire_values import as_object, loads
from sim.errors import NotOfferedError
from sim.routing.damage import line_of_log
from sim.routing.explain import explain
from sim.routing.joint.engine import JointEngine
from sim.routing.joint.log import batch_of
from sim.routing.joint.together import Batch
from sim.routing.view import View

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sim.contract.messages import Order
    from sim.contract.wire import Wire
    from sim.routing.engine import Engine
    from sim.routing.rules.reasons import Reason

NOT_OFFERED = "not_offered"


class Past(NamedTuple):
    """What was decided at one moment: one order, or some together.

    Parameters
    ----------
    number
        Where it is told: a line of a file, from 1.
    revised
        Revisions of earlier plans that were decided with it; nobody decides these again.
    """

    number: int
    orders: tuple[Order, ...]
    now: float
    view: View
    plans: tuple[Plan, ...]
    revised: int = 0


class Pair(NamedTuple):
    """One order, and two plans of it.

    Parameters
    ----------
    then, instead
        What was decided, and what the candidate would have.
    why
        What the candidate says of the first site that it does not use and that was used then; None if there is none.
    unlearnt
        What the candidate would have remembered and the log does not tell.
    """

    number: int
    now: float
    order: Order
    then: Plan
    instead: Plan
    why: tuple[int, Reason] | None
    unlearnt: tuple[str, ...] = ()
    revised: int = 0


def read_log(lines: Iterable[bytes], wire: Wire) -> Iterator[Past]:
    """Read a decision log, whichever configuration wrote it.

    Raises
    ------
    RoutingError
        If a line is damaged, or names what the network does not have.
    """
    for number, text in enumerate(lines, 1):
        with line_of_log(number):
            tree = as_object(loads(text, "line"), "line")
            now, stock = wire.now(tree.get("now")), wire.stock(tree.get("stock"))
            view = View(stock, as_object(tree.get("memory", {}), "memory"))
            if "batch" in tree:
                plans = tuple([wire.plan(plan, f"plans[{i}]") for i, plan in enumerate(tree.get("plans", []))])
                past = Past(number, batch_of(tree, wire).orders, now, view, plans, len(tree.get("revisions", [])))
            else:
                past = Past(number, (wire.order(tree.get("order")),), now, view, (wire.plan(tree.get("plan")),))
        yield past


def redecided(past: Iterable[Past], engine: Engine) -> Iterator[Pair]:
    """Decide the past again.

    Parameters
    ----------
    engine
        The candidate, without a limit of time; it forgets everything between two decisions.

    Raises
    ------
    RoutingError
        If what a strategy remembered is damaged.
    """
    for one in past:
        unlearnt = _recall(one, engine)
        together: tuple[Plan, ...] = ()
        if len(one.orders) > 1 and isinstance(engine, JointEngine):
            together = engine.decide_together(Batch(one.orders), one.now).plans
        for k, (order, then) in enumerate(zip(one.orders, one.plans, strict=True)):
            instead = together[k] if together else _planned(engine, order, one.now)
            left = None if instead.reason == NOT_OFFERED else _left_out(then, instead)
            why = None if left is None else (left, _reason(engine, order, one.now, left))
            yield Pair(one.number, one.now, order, then, instead, why, unlearnt, one.revised if k == 0 else 0)
            if not together and k + 1 < len(one.orders):
                engine.settle(engine.request(order, one.now), instead)
        engine.forget(one.view.believed)


def _recall(one: Past, engine: Engine) -> tuple[str, ...]:
    """Have an engine believe what was believed then; return what it would remember and was not told."""
    first = one.orders[0]  # of orders that were decided together nothing is remembered one by one
    usual = engine.view(first, one.now).memory
    if "observed_at" in usual:
        usual = {**usual, "observed_at": [one.now] * len(usual["observed_at"])}
    with line_of_log(one.number):
        engine.recall(first, View(one.view.believed, {**usual, **one.view.memory}))
    return tuple(sorted(usual.keys() - one.view.memory.keys() - {"observed_at"}))


def _planned(engine: Engine, order: Order, now: float) -> Plan:
    """Return what a candidate would answer; an order of a kind that it does not take stays open."""
    try:
        return engine.plan(engine.request(order, now))
    except NotOfferedError:
        return Plan((), unfilled=order.lines, reason=NOT_OFFERED)


def _left_out(then: Plan, instead: Plan) -> int | None:
    """Return the first site that served then and would not now."""
    serve = {parcel.site for parcel in instead.parcels}
    return next((parcel.site for parcel in then.parcels if parcel.site not in serve), None)


def _reason(engine: Engine, order: Order, now: float, site: int) -> Reason:
    bench = explain(engine, order, now, "reasons").bench  # all sites in words take ten times as long
    told: Reason = bench.reasons[site]
    return told
