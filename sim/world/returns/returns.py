"""From delivery to the way back: what a shopper will return is settled when his parcel is, and known to nobody yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.chance.returns import NO_STORE, ReturnLuck, Unit
from sim.network.calendar import working_time
from sim.world.returns.disposal import Disposal
from sim.world.returns.post import Post
from sim.world.returns.returned import Returned, Trip
from sim.world.returns.till import Till

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.chance.tape import Tape
    from sim.contract.messages import Line
    from sim.contract.router import Router
    from sim.ledger.ledger import Ledger
    from sim.network.calendar import WorkingTime
    from sim.scenario.blocks.returns import ReturnsBlock
    from sim.scenario.load import Scenario
    from sim.world.agenda import Agenda
    from sim.world.news.feeds import Feeds
    from sim.world.orders.fulfilment import Fulfilment
    from sim.world.orders.open_order import OpenOrder
    from sim.world.stock.records import Records
    from sim.world.stock.stock import Stock
    from sim.world.stock.walk_ins import WalkIns

NEVER = float("inf")


class Returns:
    """Everything that comes back.

    A return of a measured order keeps the run going until it is settled.
    """

    def __init__(
        self,
        env: Agenda,
        scenario: Scenario,
        block: ReturnsBlock,
        tape: Tape,
        router: Router,
        stock: Stock,
        feeds: Feeds,
        walk_ins: WalkIns,
        records: Records | None,
        fulfilment: Fulfilment,
        ledger: Ledger,
    ) -> None:
        self._env = env
        self._scenario = scenario
        self._luck = luck = ReturnLuck(scenario, block, tape)
        self._fulfilment = fulfilment
        self._ledger = ledger
        self._measured = ledger.measured
        disposal = Disposal(env, scenario, block, luck, stock, feeds, walk_ins, records, self._settled)
        self._post = Post(env, scenario, block, luck, router, feeds, disposal)
        self._till = None if block.in_store is None else Till(env, scenario, block.in_store, luck, disposal)
        self._open_times: dict[int, WorkingTime] = {}
        self._coming: dict[Unit, tuple[Returned, bool]] = {}

    def delivered(self, open_order: OpenOrder, parcel: int, lines: Iterable[Line], at: float) -> None:
        """Settle what will come back of goods that a shopper gets, now or later.

        Parameters
        ----------
        parcel
            The number of the parcel they are in.
        lines
            What is in it.
        at
            When he gets it; infinite if he never does.
        """
        order = open_order.order
        sent = open_order.sent
        if sent is None:
            sent = open_order.sent = {}
        units = []
        for sku, quantity in lines:
            first = sent.get(sku, 0)
            sent[sku] = first + quantity
            for number in range(first, first + quantity):
                unit = Unit(order.id, sku, number)
                if self._luck.comes_back(unit, order.channel):
                    units.append(Returned(unit, parcel, self._luck.reason(unit), at))
        after = self._luck.after(units[0].luck) if units and at < NEVER else None
        if after is None:
            return
        store = self._luck.store(units[0].luck, order.place)
        measured = self._measured[0] <= order.placed_at < self._measured[1]
        trip = Trip(order.place, order.channel, measured, store, units)
        if measured:
            self._fulfilment.cohort_open += len(units)
        for each in units:
            self._coming[each.luck] = each, measured
        sets_out = at + after if store == NO_STORE else self._open(store, at + after)
        if sets_out < NEVER:
            self._env.later(sets_out - self._env.now, self._back, trip)

    def close(self) -> None:
        """Leave in the ledger what is still on its way."""
        for unit, _ in self._coming.values():
            self._ledger.returns.append(unit.row())

    def _back(self, trip: Trip) -> None:
        """Let a shopper post what he sends back, or bring it."""
        for unit in trip.units:
            unit.handed_at = self._env.now
        if trip.store == NO_STORE or self._till is None:
            self._post.send(trip)
        else:
            self._till.take_back(trip)

    def _open(self, store: int, at: float) -> float:
        """Return when a store that is reached at a moment lets people in."""
        if store not in self._open_times:
            network, site = self._scenario.network, self._scenario.network.sites[store]
            self._open_times[store] = working_time(site.hours, network.clock, site.time_zone, *network.days)
        open_time = self._open_times[store]
        return open_time.done(at, open_time.worked(at))

    def _settled(self, unit: Returned) -> None:
        """Book a unit that has come to its end."""
        _, measured = self._coming.pop(unit.luck)
        if measured:
            self._fulfilment.cohort_open -= 1
        self._ledger.returns.append(unit.row())
