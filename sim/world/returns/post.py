"""Returns by mail: label, way back, receipt, inspection, refund."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from sim.contract.messages import Line, Order
from sim.errors import RoutingError
from sim.ledger.returned import State
from sim.network.calendar import working_time
from sim.scenario.blocks.returns import ROUTER
from sim.units import MINUTES_PER_DAY, round_cents
from sim.world.carriers.transport import Transport
from sim.world.orders.open_order import in_all
from sim.world.sites.picking import Pickers

if TYPE_CHECKING:
    from sim.chance.returns import ReturnLuck
    from sim.contract.router import Router, TakesBack
    from sim.scenario.blocks.returns import ReturnsBlock
    from sim.scenario.load import Scenario
    from sim.world.agenda import Agenda
    from sim.world.news.feeds import Feeds
    from sim.world.returns.disposal import Disposal
    from sim.world.returns.returned import Returned, Trip

NEVER = float("inf")


class Post:
    """Carries what shoppers send back to where it is inspected."""

    def __init__(
        self,
        env: Agenda,
        scenario: Scenario,
        block: ReturnsBlock,
        luck: ReturnLuck,
        router: Router,
        feeds: Feeds,
        disposal: Disposal,
    ) -> None:
        network = scenario.network
        self._env = env
        self._block = mail = block.by_mail
        self._luck = luck
        self._feeds = feeds
        self._disposal = disposal
        self._products = network.products
        self._weight_kg, self._packed_cm3 = network.weight_kg, network.packed_cm3
        self._service = [service.id for service in network.services].index(mail.service)
        # a parcel comes back from farther away than a site delivers
        everywhere = replace(network, sites=tuple([replace(site, reach_km=None) for site in network.sites]))
        self._transport = Transport(scenario.file, everywhere)
        self._zone, self._places = everywhere.zone_lists, everywhere.places
        self._site = None if mail.to == ROUTER else [site.id for site in network.sites].index(mail.to)
        self._router = router
        if self._site is None and not hasattr(router, "goes_back_to"):
            raise RoutingError("the router does not say where goods go back to - expected a verb goes_back_to")
        self._transit = None if mail.transit is None else mail.transit.build()
        self._refund_takes = mail.refund_takes.build()
        self._inspection = mail.inspection.takes.build()
        self._inspectors = None
        if mail.inspection.people is not None:
            first, last = network.days
            self._inspectors = [
                Pickers(working_time(site.hours, network.clock, site.time_zone, first, last), mail.inspection.people)
                for site in network.sites
            ]

    def send(self, trip: Trip) -> None:
        """Let a shopper post what he sends back."""
        now = self._env.now
        lines = in_all(Line(unit.luck.sku, 1) for unit in trip.units)
        site = self._site if self._site is not None else self._asked(trip, lines)
        weight = volume = 0.0
        for sku, quantity in lines:
            weight += quantity * self._weight_kg[sku]
            volume += quantity * self._packed_cm3[sku]
        lane = self._zone[trip.place][site]
        price = self._transport.label_cents(self._service, lane, weight, volume)
        if price == NEVER:
            raise RoutingError(f"service {self._block.service} takes no parcel of {weight:g} kg back")
        trip.units[0].label_cents = round_cents(price * self._block.rate)
        for unit in trip.units:
            unit.state, unit.site = State.UNDER_WAY, site
        self._env.later(self._arrives(trip, site) - now, self._received, trip)

    def _asked(self, trip: Trip, lines: tuple[Line, ...]) -> int:
        """Ask the router where goods go back to; it hears what has arrived before."""
        now = self._env.now
        self._feeds.deliver(now)
        order = Order(trip.first.order, now, trip.place, lines, channel=trip.channel)
        return cast("TakesBack", self._router).goes_back_to(order, now)

    def _arrives(self, trip: Trip, site: int) -> float:
        now, first = self._env.now, trip.first
        if self._transit is not None:
            return now + self._luck.minutes("transit", self._transit, first)
        lateness, hour = self._luck.uniform("late", first), self._luck.uniform("hour", first)
        lane, zone = self._zone[trip.place][site], self._places[trip.place].time_zone
        collected = now, int(now // MINUTES_PER_DAY)
        return self._transport.delivered_at(self._service, lane, zone, collected, lateness, hour)

    def _received(self, trip: Trip) -> None:
        now, work = self._env.now, self._block.inspection
        for unit in trip.units:
            unit.state, unit.received_at = State.WAITING, now
            if self._block.refund == "received":
                self._refund(unit)
            minutes = self._luck.minutes("inspection", self._inspection, unit.luck)
            paid = work.cost_per_unit
            done = now + minutes
            if self._inspectors is not None:
                paid += work.per_hour * minutes / 60
                done = self._inspectors[unit.site].finish(now, minutes)
            unit.handling_cents = round_cents(paid)
            if done < NEVER:
                self._env.later(max(0.0, done - now), self._inspected, unit)

    def _inspected(self, unit: Returned) -> None:
        unit.inspected_at = self._env.now
        unit.grade = self._luck.grade(unit.luck, unit.reason)
        if self._block.refund == "inspected":
            self._refund(unit)
        self._disposal.graded(unit, unit.site)

    def _refund(self, unit: Returned) -> None:
        unit.refunded_at = self._env.now + self._luck.minutes("refund", self._refund_takes, unit.luck)
        price = self._products[unit.luck.sku].price_cents
        unit.refund_cents = max(0, price - round_cents(self._block.kept_back))
