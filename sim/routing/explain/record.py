"""One decision as it was made: what was asked and answered, with copies of all it rested on.

A record is all that explaining adds to a decision while it is made. Everything told of it is worked out from the record
when somebody asks, however much the engine has heard since.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.routing.objective.priced import Priced
from sim.routing.rules.notes import Notes
from sim.routing.strategies.by_rules import ByRules
from sim.routing.strategies.least_score import LeastScore

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from sim.contract.messages import Plan
    from sim.routing.capacity.capacities import Full, Noted
    from sim.routing.engine import Engine
    from sim.routing.offers.offers import Objective, Request
    from sim.routing.rules.decide import StepTrace
    from sim.routing.view import Parts


@dataclass(slots=True, eq=False)
class Record:
    """What a decision rested on; nobody changes it, and to freeze it would take longer than to fill it.

    Parameters
    ----------
    request
        The order as the strategy saw it, on a copy of the believed stock.
    plan
        What the host was told.
    believed
        Units that could be promised, by line and site; negative where too much was promised. It is `on_hand` as last
        heard, minus `promised`, minus `held` back.
    observed_at
        Minute of the last news of each site.
    scores
        What the strategy minimises, for the whole order from each site, stock aside; None if it has no such number.
    notes
        How each pass of each rule came out.
    closed
        Sites that took no orders then.
    counted
        What each limit of capacity had counted.
    expected
        What was on its way of the order's products, if it waits for some: product, site, minute due, units.
    """

    parts: Parts
    request: Request
    plan: Plan
    believed: NDArray[np.int32]
    on_hand: NDArray[np.int32]
    promised: NDArray[np.int32]
    held: NDArray[np.int32]
    observed_at: NDArray[np.float64]
    scores: NDArray[np.float64] | None
    notes: Notes
    closed: tuple[int, ...] = ()
    counted: Sequence[Noted] = ()
    expected: tuple[tuple[int, int, float, int], ...] = ()

    @property
    def trace(self) -> tuple[StepTrace, ...]:
        """How each pass of each rule came out; empty unless rules decided."""
        return self.notes.passes

    @property
    def full(self) -> Mapping[int, tuple[Full, ...]]:
        """Limits that the order would have taken a site over, by site."""
        limits = self.parts.limits
        return {} if limits is None else limits.told(self.request.order, self.counted)

    def barred(self) -> list[int]:
        """Return the sites that a limit of capacity alone keeps the order from."""
        return [site for site, limits in self.full.items() if any(each.bars for each in limits)]

    def snapshot(self) -> str:
        """Return a hash of the order and of every number of belief the decision looked at."""
        order, now = self.request.order, self.request.now
        seen = hashlib.sha256(repr((tuple(order), now)).encode())
        for part in (self.believed, self.on_hand, self.promised, self.held, self.observed_at):
            seen.update(part.tobytes())
        return seen.hexdigest()[:12]


def record(engine: Engine, request: Request, decide: Callable[[Request, Notes], Plan]) -> tuple[Plan, Record]:
    """Have a request decided and take it down, before anything is reserved for it."""
    parts, notes = engine.parts(), Notes()
    believed = np.array(request.rows)
    request.rows = list(believed)  # it is decided on a copy of the shelves, which go on
    plan = decide(request, notes)
    answer = engine.answer(plan)
    request.deadline = None  # what is asked of a record later has its own time
    on_hand, promised, held = parts.belief.terms(request.skus)
    held += engine.held_back(request)
    objective = objective_of(parts)
    scores = None if objective is None else objective.scores(request, request.wanted)
    observed_at = parts.belief.observed_at.copy()
    open_sites = engine.open_sites(request.now)
    closed = () if open_sites is None else tuple(np.flatnonzero(~open_sites).tolist())
    counted = () if parts.limits is None else parts.limits.noted(request.now)
    rows = engine.view(request.order, request.now).memory["expected"] if answer.backordered_dates else ()
    expected = tuple([(int(sku), int(site), float(due), int(units)) for sku, site, due, units in rows])
    return plan, Record(
        parts, request, answer, believed, on_hand, promised, held, observed_at, scores, notes, closed,
        counted, expected,
    )  # fmt: skip


def objective_of(parts: Parts) -> Objective | None:
    """Return what an engine's strategy minimises, None if it goes by rules."""
    return parts.strategy.objective if isinstance(parts.strategy, LeastScore) else None


def steering_of(parts: Parts) -> Priced | None:
    """Return what steers an engine's strategy besides cost, None if nothing does."""
    if isinstance(parts.strategy, ByRules):
        return parts.strategy.steering.objective
    objective = objective_of(parts)
    return objective if isinstance(objective, Priced) else None
