"""The dates of an offer: when a site can hand a parcel over, and when the carrier should deliver it.

An order makes a pick-up if the site still has its promised working minutes before it. So each pick-up has a last
minute to order, and between two such minutes the answer for all sites is one unchanging vector.
"""

from __future__ import annotations

from bisect import bisect_left
from copy import copy
from datetime import time
from typing import TYPE_CHECKING

import numpy as np

from sim.network.calendar import BusinessDays, pick_ups, working_time
from sim.network.carrier import TIMINGS
from sim.units import MINUTES_PER_DAY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.network.calendar import PickUps
    from sim.network.network import Network
    from sim.routing.offers.offers import Request
    from sim.routing.transit import Lateness

ANY_TIME = -float("inf")
DELIVERED_BY = time(20)  # a promised day ends at 20:00 where the shopper lives


class Promises:
    """Hand-over and delivery dates from every site, from published hours, pick-ups and transit days.

    Parameters
    ----------
    lateness
        What is known of the carriers beyond that; None: nothing.
    """

    def __init__(self, network: Network, lateness: Lateness | None = None) -> None:
        self.lateness = lateness
        clock, (first, last) = network.clock, network.days
        self._network = network
        self._last_order: list[list[float]] = []
        self._pick_ups: list[PickUps] = []
        calendars: dict[tuple[object, ...], tuple[list[float], PickUps]] = {}
        for site in network.sites:
            key = (site.hours, site.pick_up_at, site.pick_up_days, site.lead_min, site.time_zone)
            if key not in calendars:
                open_time = working_time(site.hours, clock, site.time_zone, first, last)
                collected = pick_ups(site.pick_up_days, site.pick_up_at, clock, site.time_zone, first, last)
                # after the pick-up it is too late, even for a site that is shut by then and asks for no time
                latest = [min(at, open_time.last(open_time.worked(at) - site.lead_min)) for at in collected.minutes]
                calendars[key] = (latest, collected)
            latest, collected = calendars[key]
            self._last_order.append(latest)
            self._pick_ups.append(collected)
        most = max(max(service.business_days) for service in network.services)
        most = most if lateness is None else lateness.longest
        self._business = [BusinessDays(s.works, clock, first, last, most) for s in network.services]
        self._sites = np.arange(len(network.sites))
        self._fewest_days = min(min(service.business_days) for service in network.services)
        self._ends: dict[tuple[int, str], float] = {}
        self._fresh = (float("inf"), -float("inf"))  # the span of minutes for which the vectors below hold
        self._ship_at: NDArray[np.float64] = np.empty(0)
        self._ship_day: NDArray[np.int64] = np.empty(0, dtype=np.int64)
        self._ship: list[tuple[float, int]] = []
        self._arrival: NDArray[np.float64] | None = None

    def ship_at(self, now: float) -> NDArray[np.float64]:
        """Return the minute at which each site can hand over an order placed now, shape (sites,)."""
        if not self._fresh[0] <= now <= self._fresh[1]:
            self._refresh(now)
        return self._ship_at

    def arrival_day(self, now: float, timing: NDArray[np.int64], chance: float | None = None) -> NDArray[np.float64]:
        """Return the published day of delivery from each site, shape (sites,).

        Parameters
        ----------
        timing
            Service and transit from each site, as in `Rates.timing`.
        chance
            If given, return the day by which it is delivered with this probability.
        """
        self.ship_at(now)
        if self._arrival is None:
            first = self._business[0].first_day
            arrival = np.zeros((len(self._business), TIMINGS, len(self._sites)))
            for k, business in enumerate(self._business):
                table = business.table[self._ship_day - first]
                arrival[k, : table.shape[1]] = table.T
            self._arrival = arrival.reshape(-1)
        if chance is not None and self.lateness is not None:
            timing = timing + self.lateness.by_service(chance)[timing // TIMINGS]
        return self._arrival.take(timing * len(self._sites) + self._sites)

    def earliest_day(self, now: float) -> int:
        """Return a day before which no order placed now can be delivered from anywhere."""
        self.ship_at(now)
        return self._first_ship_day + self._fewest_days

    def good_until(self, now: float) -> float:
        """Return the last minute at which every site still makes the pick-up that it makes now."""
        self.ship_at(now)
        return self._fresh[1]

    def last_day(self, place: int, deliver_at: float) -> int:
        """Return the last day whose deliveries to a place come by a minute."""
        day = int(deliver_at // MINUTES_PER_DAY) + 1
        while self._end(day, place) > deliver_at:
            day -= 1
        return day

    def arrival_of(
        self, request: Request, timing: NDArray[np.int64], chance: float | None = None
    ) -> NDArray[np.float64]:
        """Return the same for an order, which may be held, or not be wanted before a day of its own."""
        arrival, not_before = (
            self.arrival_day(request.order.moment(request.now), timing, chance),
            request.order.deliver_from,
        )
        if not_before == ANY_TIME:
            return arrival
        extra = [0] * len(self._business)
        if chance is not None and self.lateness is not None:
            extra = self.lateness.by_service(chance).tolist()
        for site, known in enumerate(timing.tolist()):
            service, days = divmod(known, TIMINGS)
            lane = request.order.moment(request.now), site, request.place, service, days, not_before
            arrival[site] = self._business[service].after(self._hand_over(*lane)[1], days + extra[service])
        return arrival

    def dates(
        self, now: float, site: int, place: int, service: int, days: int, not_before: float = ANY_TIME
    ) -> tuple[float, float]:
        """Return the promised minutes of hand-over and of delivery of one parcel.

        Parameters
        ----------
        not_before
            Minute before which it is not to be delivered: it is handed over to a later pick-up.
        """
        ship_at, ship_day = self._hand_over(now, site, place, service, days, not_before)
        return ship_at, self._end(self._business[service].after(ship_day, days), place)

    def quantiles(
        self, now: float, site: int, place: int, service: int, days: int, not_before: float = ANY_TIME
    ) -> tuple[float, ...]:
        """Return the minutes by which a parcel is delivered with the probabilities asked for; empty if for none."""
        if self.lateness is None:
            return ()
        ship_day = self._hand_over(now, site, place, service, days, not_before)[1]
        business = self._business[service]
        extra = self.lateness.at_quantiles[service]
        return tuple([self._end(business.after(ship_day, days + late), place) for late in extra])

    def from_hand_over(self, at: float, site: int, place: int, service: int, days: int) -> tuple[float, float]:
        """Return the same two minutes for a parcel that is ready at a minute."""
        collected = self._pick_ups[site]
        k = collected.first_from(at)
        if k == len(collected.minutes):
            return float("inf"), self._end(self._network.days[1], place)
        return collected.minutes[k], self._end(self._business[service].after(collected.days[k], days), place)

    def dates_from(
        self, at: float, site: int, place: int, service: int, days: int, not_before: float = ANY_TIME
    ) -> tuple[float, float]:
        """Return the same of a parcel that is asked for at any other minute; infinite beyond the calendar."""
        ship_at, ship_day = self._pick_up(at, site, place, service, days, not_before)
        if ship_at == float("inf"):
            return ship_at, ship_at
        return ship_at, self._end(self._business[service].after(ship_day, days), place)

    def _hand_over(
        self, now: float, site: int, place: int, service: int, days: int, not_before: float
    ) -> tuple[float, int]:
        """Return the minute and the day of the first pick-up by which a parcel is not delivered too early."""
        if not_before != ANY_TIME:
            return self._pick_up(now, site, place, service, days, not_before)
        if not self._fresh[0] <= now <= self._fresh[1]:
            self._refresh(now)
        return self._ship[site]

    def _pick_up(
        self, at: float, site: int, place: int, service: int, days: int, not_before: float
    ) -> tuple[float, int]:
        """Return the same for any minute; infinite, on the last day, beyond the calendar."""
        collected, business = self._pick_ups[site], self._business[service]
        k = bisect_left(self._last_order[site], at)
        if not_before != ANY_TIME:
            every = range(len(collected.minutes))
            k = bisect_left(
                every, not_before, k, key=lambda k: self._end(business.after(collected.days[k], days), place)
            )
        if k == len(collected.minutes):
            return float("inf"), self._network.days[1]
        return collected.minutes[k], collected.days[k]

    def _end(self, day: int, place: int) -> float:
        zone = self._network.places[place].time_zone
        end = self._ends.get((day, zone))
        if end is None:
            end = self._ends[day, zone] = self._network.clock.minute(day, DELIVERED_BY, zone)
        return end

    def missed_by(self, site: int, now: float) -> float | None:
        """Return by how much an order placed now comes too late for a pick-up that is still to come; None if for none.

        Of several such pick-ups the last counts.
        """
        latest, collected = self._last_order[site], self._pick_ups[site].minutes
        k = bisect_left(latest, now) - 1
        return now - latest[k] if k >= 0 and collected[k] >= now else None

    def with_later_cut_off(self, site: int, minutes: float) -> Promises:
        """Return the same promises, but one site takes orders so much longer, though never after the pick-up itself."""
        twin = copy(self)
        twin._last_order = list(self._last_order)
        pairs = zip(self._last_order[site], self._pick_ups[site].minutes, strict=True)
        twin._last_order[site] = [min(latest + minutes, max(latest, at)) for latest, at in pairs]
        twin._fresh, twin._arrival = (float("inf"), -float("inf")), None
        return twin

    def _refresh(self, now: float) -> None:
        ship_at, ship_day, until = [], [], float("inf")
        for latest, collected in zip(self._last_order, self._pick_ups, strict=True):
            k = bisect_left(latest, now)
            if k == len(latest):  # beyond the calendar: never
                ship_at.append(float("inf"))
                ship_day.append(self._network.days[1])
                continue
            until = min(until, latest[k])
            ship_at.append(collected.minutes[k])
            ship_day.append(collected.days[k])
        self._ship_at, self._ship_day = np.array(ship_at), np.array(ship_day)
        self._ship = list(zip(ship_at, ship_day, strict=True))
        self._first_ship_day = min(ship_day)
        self._arrival = None
        self._fresh = (now, until)
