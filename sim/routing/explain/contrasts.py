"""The plan beside one other way to serve the order: the answers to "why not from there?"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.contract.messages import COST_PARTS
from sim.routing.explain.verdicts import CHOSEN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.routing.explain.explanation import Explanation
    from sim.routing.explain.told import Shelf
    from sim.routing.rules.reasons import Reason


@dataclass(frozen=True, slots=True)
class Contrast:
    """The whole order in one parcel from a site, against the plan.

    Parameters
    ----------
    lacks
        What the site is believed not to have enough of; empty if it has all.
    more_cents
        What that parcel would cost more than the plan, by part; negative where less. None if there is no such parcel.
    days_later
        By how many days it would arrive after the plan's last parcel; negative if before.
    """

    site: str
    distance_km: float | None
    reason: Reason
    lacks: tuple[Shelf, ...]
    more_cents: Mapping[str, float] | None
    days_later: int | None

    @property
    def total_cents(self) -> float:
        """Return the sum of `more_cents`."""
        return sum((self.more_cents or {}).values())


def with_site(of: Explanation, k: int) -> Contrast:
    """Return the plan beside a parcel from one site."""
    alone, bench, plan = of.alone(k), of.bench, of.plan
    lacks = tuple(shelf for shelf in of.shelves(k) if shelf.lacks)
    km = bench.distance_km[k]
    more = days = None
    if alone is not None and plan.parcels:
        spent = [sum(parts) for parts in zip(*(parcel.cents for parcel in plan.parcels), strict=True)]
        more = {part: alone.cents[part] - cents for part, cents in zip(COST_PARTS, spent, strict=True)}
        days = int(bench.alone_day[k] - bench.plan_day)
    return Contrast(
        of.record.parts.network.sites[k].id, None if np.isnan(km) else float(km), bench.reasons[k], lacks, more, days
    )


def nearest(of: Explanation) -> Contrast | None:
    """Return the plan beside the nearest site, unless that serves or every site of the plan is as near."""
    km = np.nan_to_num(of.bench.distance_km, nan=np.inf)
    if np.isinf(km).all():
        return None
    k = int(km.argmin())
    if of.bench.reasons[k] in CHOSEN or all(km[site] <= km[k] for site in of.bench.chosen):
        return None
    return with_site(of, k)


def best_alone(of: Explanation) -> Contrast | None:
    """Return the plan beside the runner-up that has everything."""
    return None if of.bench.runner_up is None else with_site(of, of.bench.runner_up)


def fastest(of: Explanation) -> Contrast | None:
    """Return the plan beside the site that would deliver all soonest, if that is sooner; of several the cheapest.

    Only sites count that could have been chosen.
    """
    bench = of.bench
    could = bench.reached & bench.has_all & np.isfinite(bench.alone_cents)
    could[list(of.order.refused_by)] = False
    could[list(bench.chosen)] = False
    could &= bench.alone_day < bench.plan_day
    if not could.any() or not bench.chosen:
        return None
    day = np.where(could, bench.alone_day, np.inf)
    return with_site(of, int(np.where(day == day.min(), bench.alone_cents, np.inf).argmin()))


def fullest(of: Explanation, most: int = 3) -> tuple[Contrast, ...]:
    """Return the few sites that have most of the order without having all of it, nearest first among equals."""
    record, bench = of.record, of.bench
    wanted = np.array(record.request.wanted)[:, None]
    units = np.clip(record.believed, 0, wanted).sum(axis=0)
    could = bench.reached & ~bench.has_all & (units > 0)
    order = np.lexsort((np.nan_to_num(bench.distance_km, nan=np.inf), -units))
    return tuple(with_site(of, int(k)) for k in order[could[order]][:most])
