"""The two ways to ask: about a decision that would be made now, and about one while it is made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from sim.routing.explain.counterfactuals import counterfactuals
from sim.routing.explain.explanation import Explanation
from sim.routing.explain.record import record

if TYPE_CHECKING:
    from sim.contract.messages import Order, Plan
    from sim.routing.engine import Engine

Level = Literal["reasons", "full"]


def explain(engine: Engine, order: Order, now: float, level: Level = "full") -> Explanation:
    """Explain the plan that `engine.route(order, now)` would return; nothing is reserved.

    Parameters
    ----------
    level
        ``full`` adds what would have changed the decision, for which many decisions are tried.
    """
    _, seen = record(engine, engine.request(order, now), engine.plan)
    return Explanation(seen, counterfactuals(engine, seen) if level == "full" else ())


def routed(engine: Engine, order: Order, now: float) -> tuple[Plan, Explanation]:
    """Route an order and keep what explains it, without what would have changed the decision."""
    request = engine.request(order, now)
    plan, seen = record(engine, request, engine.decide)
    return engine.settle(request, plan), Explanation(seen)
