"""How often a candidate would have decided as the rule in force did, what the rest would have cost, and why.

Costs are those each plan was made with. A difference counts where both plans serve the same units; where they do not, a
cheaper plan may only serve less, and the order is counted apart.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from sim.study.statistics.estimate import ratio_of_sums
from sim.units import MINUTES_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.contract.messages import Plan
    from sim.network.network import Network
    from sim.routing.shadow import Pair
    from sim.study.statistics.estimate import Interval

Kind = Literal[
    "serves more", "serves less", "splits", "does not split", "another site", "other units of them", "another service"
]
FEWEST_DAYS = 5
"""With fewer days of decisions an interval rests on orders, which are less independent than days."""


class Case(NamedTuple):
    """One disagreement.

    Parameters
    ----------
    cents
        What the candidate's plan would have cost more.
    """

    line: int
    order: int
    then: str
    instead: str
    cents: float


@dataclass(frozen=True, slots=True)
class Group:
    """Disagreements of one kind and one reason.

    Parameters
    ----------
    reason
        What the candidate says of the site it leaves out; empty if it leaves out none.
    cents
        What they would have cost more in all, as far as that is known.
    """

    kind: Kind
    reason: str
    orders: int
    cents: float
    example: Case


@dataclass(frozen=True, slots=True)
class Shadow:
    """What came of a shadow run.

    Parameters
    ----------
    agreed, lines_agreed
        Decisions, and lines, that the same sites serve with the same units, by the same services.
    compared
        Decisions whose plans serve the same units, at costs that are known.
    unpriced
        Those whose costs nobody told.
    more_cents
        What the candidate's plans would have cost more, a compared decision: mean with interval, over `blocks`.
    parcels, parcels_instead
        Parcels of the compared decisions.
    groups
        The disagreements, the most frequent first.
    first, dearest
        The first of them, and the compared one that would have cost most more; None if there is none.
    unlearnt
        What the candidate would have remembered and the log does not tell.
    revised
        Revisions of earlier plans in the log, which are not decided again.
    """

    decisions: int
    agreed: int
    lines: int
    lines_agreed: int
    compared: int
    unpriced: int
    total_cents: float
    more_cents: Interval
    blocks: Literal["days", "decisions"]
    parcels: int
    parcels_instead: int
    groups: tuple[Group, ...]
    first: Case | None
    dearest: Case | None
    unlearnt: tuple[str, ...]
    revised: int

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values; money in cents, limits that nobody knows as null."""
        plain = asdict(self)
        plain["groups"] = [
            {**asdict(group), "cents": _known(group.cents), "example": _plain(group.example)} for group in self.groups
        ]
        plain |= {key: None if case is None else _plain(case) for key, case in self._cases()}
        plain["more_cents"] = {k: None if np.isnan(v) else v for k, v in plain["more_cents"].items()}
        return plain

    def _cases(self) -> tuple[tuple[str, Case | None], ...]:
        return ("first", self.first), ("dearest", self.dearest)


def _plain(case: Case) -> dict[str, Any]:
    return {**case._asdict(), "cents": _known(case.cents)}


def _known(cents: float) -> float | None:
    return None if math.isnan(cents) else cents


def shadowed(pairs: Iterable[Pair], network: Network) -> Shadow:
    """Reckon up what a candidate would have done otherwise."""
    agreed = lines = lines_agreed = decisions = revised = parcels = instead = unpriced = 0
    more: list[tuple[int, float]] = []
    cases: list[tuple[Kind, str, Case]] = []
    dearest: Case | None = None
    unlearnt: dict[str, None] = {}
    for pair in pairs:
        decisions, revised = decisions + 1, revised + pair.revised
        unlearnt |= dict.fromkeys(pair.unlearnt)
        then, now = gives(pair.then), gives(pair.instead)
        for sku in dict.fromkeys([sku for sku, _ in pair.order.lines]):
            lines += 1
            lines_agreed += then.get(sku, {}) == now.get(sku, {})
        same_units = _served(pair.then) == _served(pair.instead)
        cents = _cents(pair.instead) - _cents(pair.then)
        if same_units and math.isnan(cents):
            unpriced += 1
        elif same_units:
            more.append((int(pair.now // MINUTES_PER_DAY), cents))
            parcels, instead = parcels + len(pair.then.parcels), instead + len(pair.instead.parcels)
        if then == now:
            agreed += 1
            continue
        reason = "" if pair.why is None else str(pair.why[1])
        plans = told(pair.then, network), told(pair.instead, network)
        case = Case(pair.number, pair.order.id, *plans, cents)
        cases.append((_kind(pair), reason, case))
        if same_units and cents > (0.0 if dearest is None else dearest.cents):
            dearest = case
    days = len({day for day, _ in more})
    blocks: Literal["days", "decisions"] = "days" if days >= FEWEST_DAYS else "decisions"
    return Shadow(
        decisions, agreed, lines, lines_agreed, len(more), unpriced, sum([cents for _, cents in more]),
        _mean(more, by_day=blocks == "days"), blocks, parcels, instead, _groups(cases),
        cases[0][2] if cases else None, dearest, tuple(unlearnt), revised,
    )  # fmt: skip


def _mean(more: list[tuple[int, float]], by_day: bool) -> Interval:
    blocks = np.unique([day for day, _ in more], return_inverse=True)[1] if by_day else np.arange(len(more))
    sums = np.bincount(blocks, [cents for _, cents in more]).astype(np.float64)
    return ratio_of_sums(sums, np.bincount(blocks).astype(np.float64)).interval()


def _groups(cases: list[tuple[Kind, str, Case]]) -> tuple[Group, ...]:
    count = Counter([(kind, reason) for kind, reason, _ in cases])
    found = []
    for (kind, reason), orders in count.most_common():
        mine = [case for k, r, case in cases if (k, r) == (kind, reason)]
        known = [case.cents for case in mine if not math.isnan(case.cents)]
        found.append(Group(kind, reason, orders, sum(known) if known else math.nan, mine[0]))
    return tuple(found)


def _kind(pair: Pair) -> Kind:
    """Return the one thing that matters most of two plans that differ."""
    then, now = _served(pair.then), _served(pair.instead)
    if then != now:
        return "serves more" if sum(now.values()) > sum(then.values()) else "serves less"
    sent, instead = ([parcel.site for parcel in plan.parcels] for plan in (pair.then, pair.instead))
    if len(sent) != len(instead):
        return "splits" if len(instead) > len(sent) else "does not split"
    if sorted(sent) != sorted(instead):
        return "another site"
    return "another service" if _units(pair.then) == _units(pair.instead) else "other units of them"


def gives(plan: Plan) -> dict[int, dict[tuple[int, int, int], int]]:
    """Return the units that each site gives of each product, by the service they go by and the site they go to."""
    gives: dict[int, dict[tuple[int, int, int], int]] = {}
    for parcel in plan.parcels:
        for sku, quantity in parcel.lines:
            way = parcel.site, parcel.service, parcel.via
            of = gives.setdefault(sku, {})
            of[way] = of.get(way, 0) + quantity
    return gives


def _units(plan: Plan) -> Counter[tuple[int, int]]:
    """Return the units that each site gives of each product."""
    units: Counter[tuple[int, int]] = Counter()
    for parcel in plan.parcels:
        for sku, quantity in parcel.lines:
            units[parcel.site, sku] += quantity
    return units


def _served(plan: Plan) -> dict[int, int]:
    served: Counter[int] = Counter()
    for parcel in plan.parcels:
        for sku, quantity in parcel.lines:
            served[sku] += quantity
    return dict(served)


def _cents(plan: Plan) -> float:
    return sum([sum(parcel.cents) for parcel in plan.parcels]) + sum([sum(leg.cents) for leg in plan.onward])


def told(plan: Plan, network: Network) -> str:
    """Return who gives what, in words."""
    said = []
    for parcel in plan.parcels:
        lines = ", ".join(f"{quantity} {network.products[sku].id}" for sku, quantity in parcel.lines)
        by = f" by {network.services[parcel.service].id}" if parcel.service >= 0 else ""
        said.append(f"{network.sites[parcel.site].id} {lines}{by}")
    return "; ".join(said) or "nothing"
