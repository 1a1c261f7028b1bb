"""When disruptions begin and end: known before anything happens, by the luck of each site, state or carrier alone."""

from __future__ import annotations

import math
from datetime import time
from typing import TYPE_CHECKING, NamedTuple

from sim.laws import LEAST_LUCK
from sim.scenario.blocks.disruptions import CarrierDown, CarrierSlow, SnowDay
from sim.units import MINUTES_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.chance.streams import Hashed
    from sim.chance.tape import Tape
    from sim.laws import Law
    from sim.scenario.blocks.disruptions import AnyDisruption
    from sim.scenario.load import Scenario

DAYS_PER_YEAR = 365.0


class Spell(NamedTuple):
    """One disruption at one site, or of carriers.

    Parameters
    ----------
    which
        Its place in the scenario's list.
    site
        -1 if it is of carriers.
    start, end
        Minutes.
    state
        Where it snows.
    """

    which: int
    site: int
    start: float
    end: float
    state: str = ""


def spells(scenario: Scenario, tape: Tape) -> list[Spell]:
    """Return all disruptions of a run in order of time; those of a kind do not overlap at a site."""
    clock = scenario.file.clock
    horizon = (clock.warm_up + clock.measure + clock.drain_limit) * MINUTES_PER_DAY
    found = []
    for which, block in enumerate(scenario.file.disruptions):
        for site, state, name in _whom(scenario, block):
            luck = _luck(scenario, tape, which, name)
            found += [Spell(which, site, *span, state) for span in _spans(scenario, luck, block, horizon)]
    return _apart(scenario, sorted(found, key=lambda spell: (spell.start, spell.which, spell.site, spell.state)))


def _whom(scenario: Scenario, block: AnyDisruption) -> Iterator[tuple[int, str, str]]:
    """Yield whom a disruption hits, each by itself: a site or -1, a state or none, and the name of his luck."""
    if isinstance(block, SnowDay):
        yield from ((-1, state, state) for state in block.states)
    elif isinstance(block, CarrierSlow | CarrierDown):
        yield -1, "", ""
    else:
        for j, site in enumerate(scenario.network.sites):
            if block.where.holds({"kind": site.kind, "state": site.state, "id": site.id}):
                yield j, "", site.id


def trouble(scenario: Scenario, tape: Tape) -> list[list[list[tuple[float, float]]]]:
    """Return when the spells of trouble of each service last: by service, and by their place in its list."""
    clock = scenario.file.clock
    horizon = (clock.warm_up + clock.measure + clock.drain_limit) * MINUTES_PER_DAY
    return [
        [
            recurring(tape.luck_of(f"carrier_spells_{which}", name), block.per_year, block.lasts.build(), horizon)
            for which, block in enumerate(service.spells)
        ]
        for name, service in scenario.file.carriers.services.items()
    ]


def recurring(luck: Hashed, per_year: float, lasts: Law | None, horizon: float) -> list[tuple[float, float]]:
    """Return spans that begin at a rate while none lasts; without a law they are moments."""
    found: list[tuple[float, float]] = []
    at, number = 0.0, 0
    while True:
        at += -math.log(max(luck(number, 0), LEAST_LUCK)) / per_year * DAYS_PER_YEAR * MINUTES_PER_DAY
        if at >= horizon:
            return found
        found.append((at, at + (0.0 if lasts is None else lasts.quantile(max(luck(number, 1), LEAST_LUCK)))))
        at = found[-1][1]  # the next one can only begin when this one is over
        number += 1


def _luck(scenario: Scenario, tape: Tape, which: int, whose: str) -> Hashed:
    # a disruption that is added or left out shifts the luck of those of its kind only
    kind = scenario.file.disruptions[which].kind
    same = [k for k, each in enumerate(scenario.file.disruptions) if each.kind == kind]
    return tape.luck_of(f"{kind}_{same.index(which)}", whose)


def _spans(scenario: Scenario, luck: Hashed, block: AnyDisruption, horizon: float) -> list[tuple[float, float]]:
    clock = scenario.network.clock
    law = None if block.kind == "miscount" else block.lasts.build()
    if block.on is not None:
        start = clock.minute((block.on - clock.start).days, block.at or time(0), clock.time_zone)
        end = start + (0.0 if law is None else law.quantile(max(luck(0, 1), LEAST_LUCK)))
        return [(max(start, 0.0), end)] if end >= 0 else []
    assert block.per_year is not None, "a disruption is scheduled or random"
    return recurring(luck, block.per_year, law, horizon)


def _apart(scenario: Scenario, found: list[Spell]) -> list[Spell]:
    """Let a spell that begins during another of its kind at the site begin at its end, or not at all."""
    kinds = [block.kind for block in scenario.file.disruptions]
    over: dict[tuple[str | int, int, str], float] = {}
    kept = []
    for spell in found:
        # those of carriers may hit different parcels
        key = kinds[spell.which] if spell.site >= 0 else spell.which, spell.site, spell.state
        start = max(spell.start, over.get(key, 0.0))
        if start < spell.end or spell.start == spell.end:
            kept.append(spell._replace(start=start))
            over[key] = max(spell.end, over.get(key, 0.0))
    return kept
