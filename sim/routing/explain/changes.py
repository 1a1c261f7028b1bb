"""One thing changed in what the engine believes or is told, and what it would plan then."""

from __future__ import annotations

from copy import copy
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.routing.explain.record import objective_of
from sim.routing.objective.penalty import Penalty
from sim.routing.rules.notes import Notes
from sim.routing.strategies.balanced import Balanced
from sim.routing.strategies.by_rules import ByRules
from sim.routing.strategies.least_score import LeastScore

if TYPE_CHECKING:
    from sim.contract.messages import Plan
    from sim.routing.engine import Engine
    from sim.routing.explain.record import Record


class Knob(StrEnum):
    """What can be changed, and in what steps."""

    COST = "cost"  # of each parcel from the site, cents less
    STOCK = "stock"  # units more of a product
    SAFETY_STOCK = "safety_stock"  # units less held back of every product
    DISTANCE = "distance"  # tenths of a km less
    CUT_OFF = "cut_off"  # minutes later
    NEWS_AGE = "news_age"  # minutes younger
    DAY_VALUE = "day_value"  # cents more or less for a day to the delivery
    WEIGHT = "weight"  # hundredths more or less for a rule
    FILTER = "filter"  # one filter left out
    CAPACITY = "capacity"  # a full site takes this order as well
    REFUSAL = "refusal"  # the site's earlier refusal of this order forgotten


class Change(NamedTuple):
    """One change.

    Parameters
    ----------
    amount
        How many steps of the knob; negative is the other way.
    units
        For `STOCK`: units more of each line's product, each so many times as `amount` says.
    rule
        For `WEIGHT` and `FILTER`: the step and the place of the rule in it.
    """

    knob: Knob
    site: int
    amount: int = 1
    units: tuple[int, ...] = ()
    rule: tuple[int, int] = (0, 0)


class Bends:
    """Plans that an engine would make if one thing were different from what a record says."""

    def __init__(self, engine: Engine, record: Record) -> None:
        self._engine, self._record, self._parts = engine, record, record.parts
        self._km: Any = None  # a copy of the distances that is ours to change

    def plan(self, change: Change) -> Plan:
        """Return the plan after one change; the engine itself stays as it is."""
        parts, record, site = self._parts, self._record, change.site
        request = copy(record.request)
        strategy, costs, promises = parts.strategy, parts.costs, parts.promises
        swaps: dict[int, Any] = {}
        match change.knob:
            case Knob.COST:
                costs = costs.with_rebate(site, change.amount)
            case Knob.STOCK:
                request.rows = [
                    _more(row, site, n * change.amount) for row, n in zip(request.rows, change.units, strict=True)
                ]
            case Knob.SAFETY_STOCK:
                held = np.minimum(record.held[:, site], change.amount)
                request.rows = [_more(row, site, int(n)) for row, n in zip(request.rows, held, strict=True)]
            case Knob.CAPACITY:
                rows = record.on_hand[:, site] - record.promised[:, site] - record.held[:, site]
                lacking = [int(n - row[site]) for row, n in zip(request.rows, rows.tolist(), strict=True)]
                request.rows = [_more(row, site, n) for row, n in zip(request.rows, lacking, strict=True)]
            case Knob.CUT_OFF:
                promises = promises.with_later_cut_off(site, change.amount)
            case Knob.REFUSAL:
                others = tuple(other for other in request.order.refused_by if other != site)
                request.order = request.order._replace(refused_by=others)
            case Knob.DISTANCE:
                swaps = {id(_distances(strategy)): self._nearer(site, change.amount / 10)}
            case Knob.DAY_VALUE:
                costs, request.rates = costs.with_day_value(self._day_value(change.amount)), {}
            case Knob.WEIGHT | Knob.FILTER:
                assert isinstance(strategy, ByRules)
                swaps = {id(strategy.rules): _with_rule(strategy, change)}
        swaps |= {id(parts.costs): costs, id(parts.promises): promises}
        twin = with_swapped(strategy, swaps)
        objective = objective_of(parts)
        if change.knob is Knob.DAY_VALUE and isinstance(objective, Balanced) and isinstance(strategy, LeastScore):
            twin = LeastScore(objective.with_day_value(costs, self._day_value(change.amount)), strategy.max_parcels)
        if change.knob is Knob.NEWS_AGE:
            twin = _Younger(twin, site, change.amount)
        # told at once, as rules then rely on nothing that they knew of a place before the change
        return self._engine.variant(twin, costs, promises).plan(request, Notes(at_once=True))

    def _day_value(self, more: int) -> float:
        objective = objective_of(self._parts)
        assert isinstance(objective, Balanced)
        return objective.day_value + more

    def _nearer(self, site: int, km: float) -> Any:
        original = _distances(self._parts.strategy)
        if self._km is None:
            self._km = original.copy()
        place = self._record.request.place
        self._km[place] = original[place]
        self._km[place, site] = max(0.0, original[place, site] - km)
        return self._km


def with_swapped(strategy: Any, swaps: dict[int, Any]) -> Any:
    """Return a strategy like another with some of its parts exchanged, found by identity.

    So a strategy need not know that it can be explained: it only has to keep the parts it was given.
    """
    twin = copy(strategy)
    names = [*getattr(strategy, "__dict__", ()), *getattr(type(strategy), "__slots__", ())]
    for name in names:
        part = getattr(strategy, name)
        if id(part) in swaps:
            object.__setattr__(twin, name, swaps[id(part)])
        elif hasattr(part, "scores"):  # an objective, with parts of its own
            object.__setattr__(twin, name, with_swapped(part, swaps))
        elif isinstance(part, tuple) and any(isinstance(each, Penalty) for each in part):
            object.__setattr__(twin, name, tuple([with_swapped(each, swaps) for each in part]))
    return twin


class _Younger(ByRules):
    """Rules that take one site's news for younger than it is."""

    def __init__(self, rules: ByRules, site: int, minutes: float) -> None:
        self.__dict__.update(rules.__dict__)
        self._younger = site, minutes

    def answer(self, request: Any, observed_at: Any, trace: Any = None) -> Any:
        """Answer as if the news had been read later."""
        site, minutes = self._younger
        observed_at = observed_at.copy()
        observed_at[site] += minutes
        return super().answer(request, observed_at, trace)


def _more(row: Any, site: int, units: int) -> Any:
    if units == 0:
        return row
    row = row.copy()
    row[site] += units
    return row


def _distances(strategy: Any) -> Any:
    return strategy._distance


def _with_rule(strategy: ByRules, change: Change) -> Any:
    """Return the rules with one weight changed or one filter left out."""
    rules, (k, i) = strategy.rules, change.rule
    step = rules.steps[k]
    if change.knob is Knob.FILTER:
        step = step.model_copy(update={"filters": step.filters[:i] + step.filters[i + 1 :]})
    else:
        weighed = step.weigh[i].model_copy(update={"weight": step.weigh[i].weight + change.amount / 100})
        step = step.model_copy(update={"weigh": (*step.weigh[:i], weighed, *step.weigh[i + 1 :])})
    return rules.model_copy(update={"steps": (*rules.steps[:k], step, *rules.steps[k + 1 :])})
