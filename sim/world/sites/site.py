"""A site at work: it hears of a parcel, picks, packs and hands over to the carrier."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from sim.network.calendar import pick_ups, without, working_time
from sim.world.sites.picking import Pickers

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sim.laws import Law
    from sim.network.calendar import PickUps, WorkingTime
    from sim.scenario.blocks.labour import LabourBlock
    from sim.scenario.load import Scenario


class Packers(Protocol):
    """Who packs parcels."""

    def finish(self, arrives: float, minutes: float) -> float:
        """Return when a parcel that comes now and takes so many minutes is packed; they come in order of time."""
        ...


class ByPickers:
    """Whoever has picked a parcel packs it."""

    def finish(self, arrives: float, minutes: float) -> float:
        """Return when it is packed."""
        return arrives + minutes


BY_PICKERS = ByPickers()


class Stations(Pickers):
    """Stations at which parcels are packed in turn while the site is open.

    Attributes
    ----------
    packed
        Called with the moment a parcel will be packed and the minutes it takes.
    """

    packed: Callable[[float, float], None] | None = None

    def finish(self, arrives: float, minutes: float) -> float:
        """Return when a parcel that comes now is packed."""
        done = super().finish(arrives, minutes)
        if self.packed is not None:
            self.packed(done, minutes)
        return done


def _packers(labour: LabourBlock | None, open_time: WorkingTime) -> Packers | None:
    if labour is None:
        return None
    return BY_PICKERS if labour.packing is None else Stations(open_time, labour.packing.stations)


@dataclass(frozen=True, slots=True)
class SiteAtWork:
    """One site's people, calendars and laws.

    Parameters
    ----------
    message_delay
        Minutes a message usually takes to or from the order system.
    packers
        Who packs; None where everything is packed at once while the site is open.
    has_unseen
        Whether its shelves change behind the router's back: customers take goods, or units get lost.
    """

    pickers: Pickers
    open_time: WorkingTime
    pick_ups: PickUps
    pick_time: Law
    pack_time: Law
    message_delay: float
    has_unseen: bool
    packers: Packers | None = None

    def packed_at(self, picked_at: float, luck: float) -> float:
        """Return when a parcel picked at a moment is packed; packing stops when the site closes."""
        if self.packers is not None:
            return self.packers.finish(picked_at, self.pack_time.quantile(luck))
        open_time = self.open_time
        return open_time.done(picked_at, open_time.worked(picked_at) + self.pack_time.quantile(luck))

    def hand_over(self, packed_at: float) -> tuple[float, int] | None:
        """Return the moment and the day of the first pick-up from `packed_at`; None beyond the calendar."""
        k = self.pick_ups.first_from(packed_at)
        if k == len(self.pick_ups.minutes):
            return None
        return self.pick_ups.minutes[k], self.pick_ups.days[k]


def sites_at_work(scenario: Scenario, closures: Mapping[int, list[tuple[float, float]]]) -> list[SiteAtWork]:
    """Open every site of a scenario.

    Parameters
    ----------
    closures
        When a site is closed beyond its hours, by site.
    """
    network = scenario.network
    first, last = network.days
    sites = []
    calendars: dict[tuple[object, ...], tuple[WorkingTime, PickUps]] = {}
    for j, (site, block) in enumerate(zip(network.sites, scenario.site_blocks, strict=True)):
        key = (site.hours, site.pick_up_at, site.pick_up_days, site.time_zone)
        if key not in calendars:
            calendars[key] = (
                working_time(site.hours, network.clock, site.time_zone, first, last),
                pick_ups(site.pick_up_days, site.pick_up_at, network.clock, site.time_zone, first, last),
            )
        open_time, collected = calendars[key]
        if j in closures:
            open_time, collected = without(open_time, closures[j]), collected.without(closures[j])
        sites.append(
            SiteAtWork(
                Pickers(open_time, block.pickers or 0),
                open_time,
                collected,
                block.pick_time.build(),
                block.pack_time.build(),
                block.message_delay.build().mean,
                (site.walk_in_size > 0 and scenario.file.walk_ins is not None) or block.records is not None,
                _packers(block.labour, open_time),
            )
        )
    return sites
