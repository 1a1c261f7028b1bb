"""What is wrong with a set of rules although every line of it is valid: parts that can never act.

A finding names the place in the file, what was found and what to do about it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.routing.rules.capacity import Capacity
from sim.routing.rules.columns import as_word
from sim.routing.rules.filters import AllOf, AnyOf, CanHandle, HasAttribute, MaxDistance, NoneOf
from sim.routing.rules.stock_filters import StockAtLeast, WeeksOfSupply

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sim.routing.capacity.limit import CapacityLimit
    from sim.routing.rules.columns import Columns
    from sim.routing.rules.config import Rules, Step
    from sim.routing.rules.filter import Filter
    from sim.routing.rules.ranks import RankBy


class Fault(StrEnum):
    """Kinds of findings."""

    NEVER_TIES = "never_ties"
    NEVER_ACTS = "never_acts"
    UNREACHABLE = "unreachable"
    CONTRADICTORY = "contradictory"
    NOBODY_HAS_IT = "nobody_has_it"
    DEPENDS_ON_OTHERS = "depends_on_others"


class Finding(NamedTuple):
    """One thing that a reviewer should look at."""

    where: str
    fault: Fault
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.fault.value}: {self.message}"


def lint(rules: Rules, columns: Columns | None = None) -> list[Finding]:
    """Return what can never act in a set of rules.

    Parameters
    ----------
    columns
        The sites it is meant for; None leaves out what depends on them.
    """
    found: list[Finding] = []
    for k, step in enumerate(rules.steps):
        where = f"steps[{k}]"
        found += _rank_findings(step, where)
        found += _filter_findings(step.filters, f"{where}.filters")
        found += _option_findings(step, where)
        if columns is not None:
            found += _unknown_attributes(step, where, columns)
    found += _unreachable_steps(rules.steps)
    if rules.max_rejects == 0:
        message = "every order has been refused 0 times - to lift the limit leave it out"
        found.append(Finding("max_rejects", Fault.CONTRADICTORY, message))
    if rules.backorder and columns is not None and not (columns.number("backorderable") == 1).any():
        found.append(Finding("backorder", Fault.NOBODY_HAS_IT, "no site has the attribute backorderable: true"))
    return found


def _rank_findings(step: Step, where: str) -> Iterator[Finding]:
    for k, rule in enumerate(step.rank):
        here = f"{where}.rank[{k}]"
        if any(_leaves_only_ties(before, rule) for before in step.rank[:k]):
            yield Finding(here, Fault.NEVER_ACTS, f"{rule.by} stands above already and leaves it only ties")
        if not rule.rank.ties and rule.band is None and k + 1 < len(step.rank):
            later = ", ".join(each.by for each in step.rank[k + 1 :])
            yield Finding(here, Fault.NEVER_TIES, f"{rule.by} never ties, so {later} never acts - give it a band")
    for k, rule in enumerate(step.weigh):
        if rule.worst is None and _open_ended(rule):
            message = f"the score of {rule.by} depends on which other sites are at hand - state worst"
            yield Finding(f"{where}.weigh[{k}]", Fault.DEPENDS_ON_OTHERS, message)


def _leaves_only_ties(before: RankBy, rule: RankBy) -> bool:
    """Return whether sites that tie under one rule tie under another: it is the same, or the same key turned round."""
    told = [(each.by, each.attribute, each.ranks, each.capacity) for each in (before, rule)]
    return before == rule or (told[0] == told[1] and before.band is before.tie_below is None)


def _open_ended(rule: RankBy) -> bool:
    return rule.by not in ("same_as_destination", "preferred_location", "default_location", "capacity_left")


def _filter_findings(filters: Sequence[Filter], where: str, alternatives: bool = False) -> Iterator[Finding]:
    for k, each in enumerate(filters):
        here = f"{where}[{k}]"
        message = _impossible(each)
        if message is not None:
            yield Finding(here, Fault.CONTRADICTORY, message)
        if isinstance(each, AllOf | AnyOf | NoneOf):
            yield from _filter_findings(each.of, f"{here}.of", alternatives=not isinstance(each, AllOf))
        for j, other in enumerate(filters[:k]):
            if alternatives:
                yield from _alternative_findings(each, other, here, f"{where}[{j}]")
            else:
                yield from _pair_findings(each, other, here, f"{where}[{j}]")


def _impossible(each: Filter) -> str | None:
    if isinstance(each, HasAttribute):
        if each.at_least is not None and each.at_most is not None and each.at_least > each.at_most:
            return f"{each.name} of at least {each.at_least:g} and at most {each.at_most:g} - nothing is both"
        if each.one_of == ():
            return f"{each.name} one of no values - nobody passes"
    return impossible_limit(each) if isinstance(each, Capacity) else None


def impossible_limit(limit: CapacityLimit) -> str | None:
    """Return what is wrong with a limit that nobody can meet, None if somebody can."""
    if limit.limit == 0 and not (limit.kinds or limit.sites):
        return f"a limit of 0 {limit.counts} takes nothing - to lift the limit leave it out"
    return None


def _pair_findings(each: Filter, other: Filter, here: str, there: str) -> Iterator[Finding]:
    for a, b in ((each, other), (other, each)):
        if isinstance(a, NoneOf) and b.model_copy(update={"soft": None}) in a.of:
            yield Finding(here, Fault.CONTRADICTORY, f"forbids what {there} demands, or the other way round")
    if isinstance(each, HasAttribute) and isinstance(other, HasAttribute) and each.name == other.name:
        if each.one_of is not None and other.one_of is not None:
            mine, theirs = ({as_word(value) for value in f.one_of or ()} for f in (each, other))
            if not mine & theirs:
                yield Finding(here, Fault.CONTRADICTORY, f"no {each.name} is in both this list and that of {there}")
        low = max((f.at_least for f in (each, other) if f.at_least is not None), default=-np.inf)
        high = min((f.at_most for f in (each, other) if f.at_most is not None), default=np.inf)
        if low > high and _impossible(each) is None and _impossible(other) is None:
            yield Finding(here, Fault.CONTRADICTORY, f"together with {there} no {each.name} is left")
    strict, loose = _strict_and_loose(each, other)
    if strict is not None and (strict.soft is None or (loose is not None and loose.soft == strict.soft)):
        at = here if loose is each else there
        yield Finding(at, Fault.NEVER_ACTS, f"{'that of ' + there if at == here else 'that of ' + here} is stricter")


def _alternative_findings(each: Filter, other: Filter, here: str, there: str) -> Iterator[Finding]:
    """Of two conditions of which one is enough, the stricter adds nobody."""
    strict, _ = _strict_and_loose(each, other)
    if strict is not None:
        at, wider = (here, there) if strict is each else (there, here)
        yield Finding(at, Fault.NEVER_ACTS, f"that of {wider} is wider, and one is enough")


def _strict_and_loose(each: Filter, other: Filter) -> tuple[Filter | None, Filter | None]:
    """Return two filters of one kind, the stricter first; None if they are not of one kind."""
    match each, other:
        case (MaxDistance(), MaxDistance()):
            return (each, other) if each.limit < other.limit else (other, each)
        case (StockAtLeast(), StockAtLeast()):
            return (each, other) if each.units > other.units else (other, each)
        case (WeeksOfSupply(), WeeksOfSupply()):
            return (each, other) if each.at_least > other.at_least else (other, each)
        case (Capacity(), Capacity()) if other.hides(each):
            return other, each
        case (Capacity(), Capacity()) if each.hides(other):
            return each, other
    return None, None


def _option_findings(step: Step, where: str) -> Iterator[Finding]:
    one = step.allocate == "one_site"
    for name in ("max_sites", "max_sites_per_line", "no_split_below"):
        if one and getattr(step, name) is not None:
            yield Finding(f"{where}.{name}", Fault.NEVER_ACTS, "allocate: one_site never splits")
    if step.max_sites_per_line is not None and step.allocate != "greedy" and not one:
        yield Finding(
            f"{where}.max_sites_per_line", Fault.NEVER_ACTS, f"only allocate: greedy counts it, not {step.allocate}"
        )
    if step.allocate == "least_cost" and (step.rank or step.weigh):
        yield Finding(
            f"{where}.rank", Fault.NEVER_ACTS, "allocate: least_cost chooses by cost; order decides ties only"
        )


def _unreachable_steps(steps: Sequence[Step]) -> Iterator[Finding]:
    """Find steps behind one that already takes all that anybody has."""
    for k, step in enumerate(steps):
        taken = [j for j in range(k) if _takes_all(steps[j], step)]
        same = [j for j in range(k) if steps[j].model_copy(update={"name": step.name}) == step]
        if taken or same:
            earlier = (taken or same)[0]
            why = "takes all that these sites have" if taken else "is the same"
            yield Finding(f"steps[{k}]", Fault.UNREACHABLE, f"steps[{earlier}] {why}: nothing is left for this one")


def _takes_all(earlier: Step, later: Step) -> bool:
    unlimited = (
        earlier.allocate == "greedy"
        and earlier.max_sites is earlier.max_sites_per_line is None
        and earlier.shipment_threshold is earlier.no_split_below is None
        and not any(rule.exclude_unknown for rule in earlier.weigh)
    )
    for_all = earlier.when is None or earlier.when == later.when
    hard = [each for each in later.filters if each.soft is None]
    wider = all(each.soft is not None or any(_implies(other, each) for other in hard) for each in earlier.filters)
    return unlimited and for_all and wider and not later.oversell


def _implies(strict: Filter, loose: Filter) -> bool:
    """Return whether whoever passes one filter passes the other."""
    return strict == loose or _strict_and_loose(loose, strict)[0] is strict


def _unknown_attributes(step: Step, where: str, columns: Columns) -> Iterator[Finding]:
    asked = [(f"{where}.filters[{k}]", f.name) for k, f in enumerate(step.filters) if isinstance(f, HasAttribute)]
    for kind in ("rank", "weigh"):
        asked += [
            (f"{where}.{kind}[{k}]", rule.attribute)
            for k, rule in enumerate(getattr(step, kind))
            if rule.attribute is not None
        ]
    asked += [
        (f"{where}.filters[{k}]", name)
        for k, f in enumerate(step.filters)
        if isinstance(f, CanHandle)
        for name in f.attributes
    ]
    asked += [
        (f"{where}.filters[{k}]", f.limit)
        for k, f in enumerate(step.filters)
        if isinstance(f, Capacity) and isinstance(f.limit, str)
    ]
    for here, name in asked:
        if not (columns.words(name) != "").any():
            yield Finding(here, Fault.NOBODY_HAS_IT, f"no site has an attribute {name!r}")
