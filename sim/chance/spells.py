"""When disruptions begin and end at each site: known before anything happens, by the luck of the site alone."""

from __future__ import annotations

import math
from datetime import time
from typing import TYPE_CHECKING, NamedTuple

from sim.laws import LEAST_LUCK
from sim.units import MINUTES_PER_DAY

if TYPE_CHECKING:
    from sim.chance.tape import Tape
    from sim.scenario.disruptions import AnyDisruption
    from sim.scenario.load import Scenario

DAYS_PER_YEAR = 365.0


class Spell(NamedTuple):
    """One disruption at one site.

    Parameters
    ----------
    which
        Its place in the scenario's list.
    start, end
        Minutes.
    """

    which: int
    site: int
    start: float
    end: float


def spells(scenario: Scenario, tape: Tape) -> list[Spell]:
    """Return all disruptions of a run in order of time; those of a kind do not overlap at a site."""
    clock = scenario.file.clock
    horizon = (clock.warm_up + clock.measure + clock.drain_limit) * MINUTES_PER_DAY
    found = []
    for which, block in enumerate(scenario.file.disruptions):
        for j, site in enumerate(scenario.network.sites):
            if block.where.holds({"kind": site.kind, "state": site.state, "id": site.id}):
                found += _at_site(scenario, tape, which, block, j, horizon)
    return _apart(scenario, sorted(found, key=lambda spell: (spell.start, spell.which, spell.site)))


def _at_site(scenario: Scenario, tape: Tape, which: int, block: AnyDisruption, j: int, horizon: float) -> list[Spell]:
    network = scenario.network
    # a disruption that is added or left out shifts the luck of those of its kind only
    same = [k for k, each in enumerate(scenario.file.disruptions) if each.kind == block.kind]
    luck = tape.luck_of(f"{block.kind}_{same.index(which)}", network.sites[j].id)
    law = None if block.kind == "miscount" else block.lasts.build()

    def lasts(number: int) -> float:
        return 0.0 if law is None else law.quantile(max(luck(number, 1), LEAST_LUCK))

    if block.on is not None:
        day = (block.on - network.clock.start).days
        start = network.clock.minute(day, block.at or time(0), network.clock.time_zone)
        return [Spell(which, j, max(start, 0.0), start + lasts(0))] if start + lasts(0) >= 0 else []
    assert block.per_year is not None, "a disruption is scheduled or random"
    found: list[Spell] = []
    at, number = 0.0, 0
    while True:
        at += -math.log(max(luck(number, 0), LEAST_LUCK)) / block.per_year * DAYS_PER_YEAR * MINUTES_PER_DAY
        if at >= horizon:
            return found
        found.append(Spell(which, j, at, at + lasts(number)))
        at = found[-1].end  # the next one can only begin when this one is over
        number += 1


def _apart(scenario: Scenario, found: list[Spell]) -> list[Spell]:
    """Let a spell that begins during another of its kind at the site begin at its end, or not at all."""
    kinds = [block.kind for block in scenario.file.disruptions]
    over: dict[tuple[str, int], float] = {}
    kept = []
    for spell in found:
        key = kinds[spell.which], spell.site
        start = max(spell.start, over.get(key, 0.0))
        if start < spell.end or spell.start == spell.end:
            kept.append(spell._replace(start=start))
            over[key] = max(spell.end, over.get(key, 0.0))
    return kept
