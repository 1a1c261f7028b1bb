"""What speaks against the verdict: everything a careful reader would ask about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.report.comparison.cautions import doubts
from sim.report.comparison.groups import groups_of
from sim.report.html.amounts import usd
from sim.report.words import MAIN, number, unit_of
from sim.study.kpis.catalogue import BY_NAME
from sim.study.worth import DAYS_A_YEAR, ahead

if TYPE_CHECKING:
    from sim.study.kpis.catalogue import Kpi
    from sim.study.runs.recorded import Recorded
    from sim.study.worth import Worth

ENOUGH = 10
"""Replications from which nobody asks why there are so few."""


def against(recorded: Recorded, worths: tuple[Worth, ...], best: str) -> list[str]:
    """Return it, the gravest first."""
    manifest = recorded.manifest
    return [
        *_worse(recorded, best),
        *_too_few(recorded),
        *_not_told(recorded),
        *_near(recorded, worths, best),
        *(line for name in MAIN for line in _doubts(recorded, name)),
        *_rests_on_assumptions(manifest),
        *_short(recorded),
        *_fixed(manifest),
        *_open_orders(manifest),
    ]


def _worse(recorded: Recorded, best: str) -> list[str]:
    """Tell in what the best is worse than the baseline: not all of it is in what it is worth."""
    if best not in recorded.arms[1:]:
        return []

    def means(name: str) -> list[float]:
        return [recorded.kpi(arm, name).mean for arm in recorded.arms]

    found = [recorded.difference(best, name) for _, kpis in groups_of(means) for name in kpis]
    told = [
        f"{each.kpi.title.lower()} {number(each.kpi, each.interval.mean, signed=True)} {_unit(each.kpi)}".strip()
        for each in found
        if each.verdict == "worse"
    ]
    return [f"{best} is worse than {recorded.baseline} in: {', '.join(told)}."] if told else []


def _unit(kpi: Kpi) -> str:
    return "points" if kpi.unit == "share" else unit_of(kpi)


def _too_few(recorded: Recorded) -> list[str]:
    found = []
    if recorded.count < ENOUGH:
        found.append(f"{recorded.count} replications are few: intervals are wide, and rest on them being alike.")
    until = recorded.manifest.get("until")
    if until is not None and not until["reached"]:
        found.append(f"The precision that was asked for is not reached after {recorded.count} replications.")
    return found


def _not_told(recorded: Recorded) -> list[str]:
    found = []
    for name in MAIN:
        open_ = {arm: recorded.difference(arm, name) for arm in recorded.arms[1:]}
        open_ = {arm: each for arm, each in open_.items() if each.verdict == "cannot tell"}
        if open_:
            told = ", ".join(f"{arm} (about {d.more} replications)" if d.more else arm for arm, d in open_.items())
            found.append(f"{BY_NAME[name].title}: cannot be told from {recorded.baseline} yet: {told}.")
    return found


def _doubts(recorded: Recorded, name: str) -> list[str]:
    return doubts(recorded, name) if recorded.arms[1:] and recorded.count > 1 else []


def _near(recorded: Recorded, worths: tuple[Worth, ...], best: str) -> list[str]:
    """Tell who may be worth as much as the best: of many options the first is also the luckiest."""
    by_arm = {worth.arm: worth for worth in worths}
    if best not in by_arm:
        return []
    behind = {arm: ahead(recorded, by_arm[best], worth) for arm, worth in by_arm.items() if arm != best}
    near = [f"{arm} ({usd(-found.mean, signed=True)} a year)" for arm, found in behind.items() if found.low <= 0]
    return [f"In worth these cannot be told from {best} yet: {', '.join(near)}."] if near else []


def _rests_on_assumptions(manifest: dict[str, Any]) -> list[str]:
    count = sum(1 for remark in manifest.get("remarks", ()) if remark["assumed"])
    if not count:
        return []
    return [f"Values of the scenario that are marked as assumptions: {count}. Intervals know nothing of that."]


def _short(recorded: Recorded) -> list[str]:
    days = recorded.measured_days
    if days >= DAYS_A_YEAR:
        return []
    start = recorded.manifest["resolved"]["clock"]["start"]
    return [f"{days:g} days, after the warm-up from {start} on, stand for the year: no other season is in it."]


def _fixed(manifest: dict[str, Any]) -> list[str]:
    fixed = manifest.get("fixed")
    if fixed is None or any(fixed.values()):
        return []
    return ["The scenario states no fixed costs: what it takes to make the change is not in the verdict."]


def _open_orders(manifest: dict[str, Any]) -> list[str]:
    told = [f"{arm} {count:,}" for arm, count in manifest.get("open_orders", {}).items() if count]
    if not told:
        return []
    return [f"Orders not at their end when the runs were, late and without a delivery time: {', '.join(told)}."]
