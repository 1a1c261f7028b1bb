"""What would have changed a decision: for a few rivals, the smallest change that makes each of them serve.

Every one is checked by deciding again: with the change the site serves, with one step less it does not.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from sim.routing.explain.changes import Bends, Change, Knob
from sim.routing.explain.record import objective_of
from sim.routing.explain.verdicts import Bench
from sim.routing.strategies.balanced import Balanced
from sim.routing.strategies.by_rules import ByRules
from sim.routing.strategies.cheapest import Cheapest
from sim.routing.strategies.dc_first import DcFirst
from sim.routing.strategies.fewest_parcels import FewestParcels
from sim.routing.strategies.nearest import Nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sim.contract.messages import Plan
    from sim.routing.engine import Engine
    from sim.routing.explain.record import Record

RIVALS = 5
# The farthest that each knob is turned in search of a change.
MOST_UNITS, MOST_CENTS, MOST_HUNDREDTHS = 64, 10_000, 1_000
# Objectives that look neither at dates nor at how deep the stock is.
COST_ALONE = (Cheapest, FewestParcels, DcFirst)
_TIME_RULES = ("promise_day", "promised_within")


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """A change with which a site would have served, and with any smaller one not.

    Parameters
    ----------
    amount
        By how much: cents, units, km, minutes, or a weight; negative where less is asked for.
    unit
        Of `amount`.
    to
        The value it then has, where there is one value to tell: an age in minutes, a day's worth in cents, a weight.
    products
        Units more by product, for stock.
    rule
        The rule or filter it is about.
    serves
        Whether the site would serve the whole order or a part of it.
    """

    site: str
    knob: Knob
    amount: float
    unit: str
    serves: Literal["all", "part"]
    to: float | None = None
    products: Mapping[str, int] | None = None
    rule: str = ""


def counterfactuals(engine: Engine, record: Record, rivals: int = RIVALS) -> tuple[Counterfactual, ...]:
    """Return what would have made each of the cheapest and nearest rivals serve."""
    bench = Bench(record)
    search = _Search(engine, record, bench)
    return tuple(found for site in nearest_and_cheapest(bench, rivals) for found in search.of(site))


def nearest_and_cheapest(bench: Bench, most: int) -> list[int]:
    """Return sites that deliver there but do not serve: by turns the next by the strategy's measure and by distance."""
    scores = bench.alone_cents if bench.record.scores is None else bench.record.scores
    could = bench.reached & np.isfinite(bench.alone_cents)
    could[[*bench.chosen, *bench.record.closed]] = False
    # those who have everything come first: they are the rivals one asks about
    orders = [
        np.lexsort((scores, ~bench.has_all)),
        np.argsort(np.nan_to_num(bench.distance_km, nan=np.inf), kind="stable"),
    ]
    found: dict[int, None] = {}
    for pair in zip(*(order[could[order]].tolist() for order in orders), strict=True):
        found.update(dict.fromkeys(pair))
    return list(found)[:most]


class _Search:
    def __init__(self, engine: Engine, record: Record, bench: Bench) -> None:
        self._bends = Bends(engine, record)
        self._record, self._bench = record, bench
        self._names = [site.id for site in record.parts.network.sites]

    def of(self, site: int) -> Iterator[Counterfactual]:
        """Yield what would make one site serve."""
        if site in self._record.request.order.refused_by:
            yield from self._found(Change(Knob.REFUSAL, site), 1, "")
            return
        if site in self._record.barred():
            full = self._record.full[site]
            if len(full) == 1:
                over = full[0].taken + full[0].asked - full[0].most
                yield from self._found(Change(Knob.CAPACITY, site), over, full[0].limit)
            return
        yield from self._cost(site)
        yield from self._stock(site)
        if (self._record.held[:, site] > 0).any():
            most = int(self._record.held[:, site].max())
            yield from self._least(Change(Knob.SAFETY_STOCK, site), most, "units", sign=-1)
        if self._looks_at_distance():
            most = math.ceil(10 * float(np.nan_to_num(self._bench.distance_km[site])))
            yield from self._least(Change(Knob.DISTANCE, site), most, "km", 0.1, sign=-1)
        if self._looks_at_time():
            yield from self._cut_off(site)
        yield from self._weights(site)
        yield from self._rules(site)

    def _cost(self, site: int) -> Iterator[Counterfactual]:
        strategy = self._record.parts.strategy
        if isinstance(strategy, Nearest) or (isinstance(strategy, ByRules) and not _mentions(strategy, "cost")):
            return
        most = math.ceil(float(self._bench.alone_cents[site]))
        yield from self._least(Change(Knob.COST, site), most, "cents", sign=-1)

    def _cut_off(self, site: int) -> Iterator[Counterfactual]:
        missed_by = self._record.parts.promises.missed_by(site, self._record.request.now)
        if missed_by is not None:  # any less, and the pick-up is missed all the same
            change = Change(Knob.CUT_OFF, site, math.ceil(missed_by))
            yield from self._found(change, change.amount, "min")

    def _stock(self, site: int) -> Iterator[Counterfactual]:
        """Try more of one product, then of all that are lacking, each as little as will do."""
        record = self._record
        pairs = zip(record.request.wanted, record.believed[:, site].tolist(), strict=True)
        lacking = [max(0, wanted - believed) for wanted, believed in pairs]  # what a negative count owes comes on top
        single: list[tuple[int, ...]] = []
        for line, lacks in enumerate(lacking):
            one = tuple([int(k == line) for k in range(len(lacking))])
            most = lacks if any(lacking) else MOST_UNITS if self._looks_at_depth() else 0
            n = self._least_steps(Change(Knob.STOCK, site, units=one), most)
            if n is not None:
                single.append(tuple([n * k for k in one]))
        best = min(single, key=sum, default=None)
        if best is None and sum(n > 0 for n in lacking) > 1:
            best = self._all_lacking(site, lacking)
        if best is not None:
            products = record.parts.network.products
            more = {products[sku].id: n for sku, n in zip(record.request.skus, best, strict=True) if n}
            yield from self._found(Change(Knob.STOCK, site, units=best), sum(best), "units", products=more)

    def _all_lacking(self, site: int, lacking: list[int]) -> tuple[int, ...] | None:
        """Return how many units of each product would do, none of which could be one less."""
        units = list(lacking)
        if not self._serves(Change(Knob.STOCK, site, units=tuple(units))):
            return None
        for line in range(len(units)):
            while units[line]:
                fewer = tuple([n - (k == line) for k, n in enumerate(units)])
                if not self._serves(Change(Knob.STOCK, site, units=fewer)):
                    break
                units = list(fewer)
        return tuple(units)

    def _weights(self, site: int) -> Iterator[Counterfactual]:
        objective, strategy = objective_of(self._record.parts), self._record.parts.strategy
        if isinstance(objective, Balanced):
            change = Change(Knob.DAY_VALUE, site)
            yield from self._either_way(change, objective.day_value, MOST_CENTS, "cents", 1.0)
        if isinstance(strategy, ByRules):
            for k, step in enumerate(strategy.rules.steps):
                for i, rule in enumerate(step.weigh):
                    change = Change(Knob.WEIGHT, site, rule=(k, i))
                    yield from self._either_way(change, rule.weight, MOST_HUNDREDTHS, "weight", 0.01, rule.by)

    def _rules(self, site: int) -> Iterator[Counterfactual]:
        strategy, record = self._record.parts.strategy, self._record
        if not isinstance(strategy, ByRules):
            return
        if strategy.rules.doubt is not None:
            age = record.request.now - float(record.observed_at[site])
            change = Change(Knob.NEWS_AGE, site)
            yield from self._least(change, math.floor(age), "min", sign=-1, now=age)
        for k, step in enumerate(strategy.rules.steps):
            for i, each in enumerate(step.filters):
                if not each.passes(strategy.situation(record.request, record.observed_at))[site]:
                    change = Change(Knob.FILTER, site, rule=(k, i))
                    if self._serves(change):
                        yield from self._found(change, 1, "", rule=each.keep)

    def _either_way(
        self, change: Change, now: float, most: int, unit: str, step: float, rule: str = ""
    ) -> Iterator[Counterfactual]:
        """Yield the smaller of the least increase and the least decrease that do."""
        # a weight of nothing is no weight, but a day may be worth nothing
        room = math.floor(now / step) if unit == "cents" else math.ceil(now / step) - 1
        up, down = self._least_steps(change, most), self._least_steps(change, room, -1)
        steps = min([n for n in (up, None if down is None else -down) if n is not None], key=abs, default=None)
        if steps is not None:
            yield from self._found(
                change._replace(amount=steps), steps * step, unit, to=round(now + steps * step, 9), rule=rule
            )

    def _least(
        self, change: Change, most: int, unit: str, step: float = 1.0, sign: int = 1, now: float | None = None
    ) -> Iterator[Counterfactual]:
        steps = self._least_steps(change, most)
        if steps is not None:
            to = None if now is None else now - steps * step
            yield from self._found(change._replace(amount=steps), sign * steps * step, unit, to=to)

    def _least_steps(self, change: Change, most: int, way: int = 1) -> int | None:
        return self._smallest(lambda n: self._serves(change._replace(amount=way * n)), most)

    @staticmethod
    def _smallest(serves: Callable[[int], bool], most: int) -> int | None:
        """Return a number of steps, at most `most`, that does while one less does not; None if none was found."""
        if most < 1:
            return None
        fails, does = 0, 1
        while not serves(does):
            if does == most:
                return None
            fails, does = does, min(2 * does, most)
        while does - fails > 1:
            middle = (fails + does) // 2
            if serves(middle):
                does = middle
            else:
                fails = middle
        return does

    def _serves(self, change: Change) -> bool:
        return any(parcel.site == change.site for parcel in self._bends.plan(change).parcels)

    def _found(
        self, change: Change, amount: float, unit: str, *, to: float | None = None,
        products: Mapping[str, int] | None = None, rule: str = "",
    ) -> Iterator[Counterfactual]:  # fmt: skip
        plan: Plan = self._bends.plan(change)
        mine = [parcel.lines for parcel in plan.parcels if parcel.site == change.site]
        if mine:
            serves: Literal["all", "part"] = "all" if mine[0] == self._record.request.order.lines else "part"
            name = self._names[change.site]
            yield Counterfactual(name, change.knob, round(amount, 9), unit, serves, to, products, rule)

    def _looks_at_distance(self) -> bool:
        strategy = self._record.parts.strategy
        return isinstance(strategy, Nearest) or (isinstance(strategy, ByRules) and _mentions(strategy, "distance"))

    def _looks_at_time(self) -> bool:
        strategy = self._record.parts.strategy
        if isinstance(strategy, ByRules):
            return any(_mentions(strategy, name) for name in _TIME_RULES)
        return not isinstance(strategy, Nearest) and not isinstance(objective_of(self._record.parts), COST_ALONE)

    def _looks_at_depth(self) -> bool:
        """Return whether stock beyond what is asked for can matter."""
        strategy = self._record.parts.strategy
        return not isinstance(strategy, Nearest) and not isinstance(objective_of(self._record.parts), COST_ALONE)


def _mentions(strategy: ByRules, word: str) -> bool:
    """Return whether any rule, filter or way to allocate has a word in its name."""
    return any(
        word in name
        for step in strategy.rules.steps
        for name in (step.allocate, *(r.by for r in step.rank + step.weigh), *(f.keep for f in step.filters))
    )
