"""What hits carriers, when and whom: spells of trouble, slow days, no pick-ups, snow."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from sim.chance.spells import trouble
from sim.scenario.blocks.disruptions import CarrierDown, CarrierSlow, SnowDay
from sim.world.carriers.transit import Late

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from sim.chance.spells import Spell
    from sim.chance.tape import Tape
    from sim.scenario.blocks.exceptions import Where
    from sim.scenario.load import Scenario

What = TypeVar("What")
Span = tuple[float, float]


class _Hit(NamedTuple, Generic[What]):
    """Spans, in order and disjoint, in which something hits the parcels from some sites (all) to some states (all)."""

    spans: list[Span]
    sites: frozenset[int] | None
    states: frozenset[str] | None
    what: What

    def until(self, site: int, state: str, at: float) -> float:
        """Return the end of the span that hits a parcel at a moment; `at` itself if none does."""
        if self.sites is not None and site not in self.sites:
            return at
        if self.states is not None and state not in self.states:
            return at
        return _end(self.spans, at)


class Trouble:
    """Answers what is wrong with a service at a moment.

    Attributes
    ----------
    most_days
        How many working days it can cost a parcel, snow left out.
    """

    def __init__(self, scenario: Scenario, tape: Tape, spells: Sequence[Spell]) -> None:
        self._scenario = scenario
        self._site_states = [site.state for site in scenario.network.sites]
        services = scenario.file.carriers.services
        self._late: list[list[_Hit[Late]]] = [[] for _ in services]
        self._slow: list[list[_Hit[int]]] = [[] for _ in services]
        self._down: list[list[_Hit[None]]] = [[] for _ in services]
        self._snow: dict[str, list[Span]] = {}
        for hits, blocks, spans in zip(
            self._late, (service.spells for service in services.values()), trouble(scenario, tape), strict=True
        ):
            for block, of_block in zip(blocks, spans, strict=True):
                hits.append(_Hit(of_block, self._sites(block.origin), _all_or(block.to), Late(block.late)))
        for which, disruption in enumerate(scenario.file.disruptions):
            own = [(spell.start, spell.end) for spell in spells if spell.which == which]
            if isinstance(disruption, CarrierSlow | CarrierDown):
                where = own, self._sites(disruption.where), _all_or(disruption.to)
                for k, name in enumerate(services):
                    if disruption.services is not None and name not in disruption.services:
                        continue
                    if isinstance(disruption, CarrierSlow):
                        self._slow[k].append(_Hit(*where, disruption.days))
                    else:
                        self._down[k].append(_Hit(*where, None))
            elif isinstance(disruption, SnowDay):
                for state in disruption.states:
                    snow = [(s.start, s.end) for s in spells if s.which == which and s.state == state]
                    self._snow[state] = sorted(self._snow.get(state, []) + snow)
        late = max((hit.what.most for hits in self._late for hit in hits), default=0)
        self.most_days = late + max(sum(hit.what for hit in hits) for hits in self._slow)

    def picks_up_from(self, service: int, site: int, state: str, at: float) -> float:
        """Return the first moment from `at` on at which the carrier would take a parcel that goes to a state."""
        while True:
            free = at
            if self._snow:
                free = max(free, _end(self._snow.get(self._site_states[site], []), free))
            for hit in self._down[service]:
                free = max(free, hit.until(site, state, free))
            if free == at:
                return at
            at = free

    def late_law(self, service: int, site: int, state: str, handed_at: float) -> Late | None:
        """Return the law of lateness of the spell that a parcel is handed into; None outside of spells."""
        for hit in self._late[service]:
            if hit.until(site, state, handed_at) > handed_at:
                return hit.what
        return None

    def days_more(self, service: int, site: int, state: str, handed_at: float) -> int:
        """Return the working days that slow carriers cost a parcel handed over at a moment."""
        return sum([hit.what for hit in self._slow[service] if hit.until(site, state, handed_at) > handed_at])

    def snows(self, state: str, at: float) -> bool:
        """Return whether no carrier delivers in a state at a moment."""
        return bool(self._snow) and _end(self._snow.get(state, []), at) > at

    def _sites(self, where: Where) -> frozenset[int] | None:
        rows: Iterator[tuple[int, dict[str, object]]] = (
            (j, {"kind": site.kind, "state": site.state, "id": site.id})
            for j, site in enumerate(self._scenario.network.sites)
        )
        found = frozenset(j for j, row in rows if where.holds(row))
        return None if len(found) == len(self._site_states) else found


def _all_or(states: Collection[str] | None) -> frozenset[str] | None:
    return None if states is None else frozenset(states)


def _end(spans: list[Span], at: float) -> float:
    """Return the end of the span that holds a moment; the moment itself if none does."""
    k = bisect_right(spans, (at, float("inf"))) - 1
    return spans[k][1] if k >= 0 and spans[k][1] > at else at
