"""The two ways to ask: about a decision that would be made now, and about one while it is made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from sim.routing.explain.counterfactuals import counterfactuals
from sim.routing.explain.explanation import Explanation
from sim.routing.explain.record import record
from sim.routing.rules.notes import Notes

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
    request = engine.request(order, now)
    notes = Notes()
    seen = record(engine, request, engine.answer(engine.plan(request, notes)), notes)
    return Explanation(seen, counterfactuals(engine, seen) if level == "full" else ())


def routed(engine: Engine, order: Order, now: float) -> tuple[Plan, Explanation]:
    """Route an order and keep what explains it, without what would have changed the decision."""
    request = engine.request(order, now)
    notes = Notes()
    plan = engine.decide(request, notes)
    seen = record(engine, request, engine.answer(plan), notes)
    return engine.settle(request, plan), Explanation(seen)
