"""A pick meets the shelf: what is there is taken, what is not is short."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sim.contract.messages import Line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.ledger.ledger import Ledger
    from sim.scenario.load import Scenario
    from sim.world.news.feeds import Feeds
    from sim.world.orders.vendors import Declines, Purchases
    from sim.world.sites.queues import Job
    from sim.world.sites.site import SiteAtWork
    from sim.world.stock.counting import Counting
    from sim.world.stock.stock import Stock
    from sim.world.stock.walk_ins import WalkIns
    from sim.world.stock.wrong_picks import WrongPicks


class Picked(NamedTuple):
    """What a pick came to: units asked and taken, what was taken in kg and cubic centimetres, and what was short."""

    asked: int
    taken: int
    weight: float
    volume: float
    short: tuple[Line, ...]

    def taken_of(self, lines: tuple[Line, ...]) -> tuple[Line, ...]:
        """Return what was taken of the lines asked for."""
        if not self.short:
            return lines
        short = dict(self.short)
        return tuple([Line(sku, quantity - short.get(sku, 0)) for sku, quantity in lines])


class ShelfPicks:
    """Takes units off shelves for parcels, and books it.

    Attributes
    ----------
    declines, purchases
        Sites that say no, and vendors whose goods are bought when they are picked; None where there are none.
    wrong_picks, counting
        What goes wrong at a shelf, and who puts its record right; None where records cannot drift.
    """

    declines: Declines | None = None
    purchases: Purchases | None = None
    wrong_picks: WrongPicks | None = None
    counting: Counting | None = None

    def __init__(
        self,
        scenario: Scenario,
        sites: Sequence[SiteAtWork],
        stock: Stock,
        feeds: Feeds,
        walk_ins: WalkIns,
        ledger: Ledger,
    ) -> None:
        self._sites = sites
        self._stock = stock
        self._feeds = feeds
        self._walk_ins = walk_ins
        self._ledger = ledger
        self._weight_kg = scenario.network.weight_kg
        self._packed_cm3 = scenario.network.packed_cm3

    def pick(self, job: Job, now: float, number: int) -> Picked:
        """Take what is there of a parcel, which will be booked under a number; a site may not even look."""
        lines, j, order = job.parcel.lines, job.parcel.site, job.open_order.order.id
        if job.busy_until is not None:
            self._ledger.declines.append((order, now, j, sum([quantity for _, quantity in lines])))
            return Picked(0, 0, 0.0, 0.0, lines)
        if self.declines is not None and self.declines.says_no(order, job.parcel, now):
            return Picked(0, 0, 0.0, 0.0, lines)
        if self._sites[j].has_unseen:
            for line in lines:
                self._walk_ins.catch_up_cell(line.sku * len(self._sites) + j, now)
        asked = taken = 0
        weight = volume = 0.0
        short: list[Line] = []
        for sku, quantity in lines:
            got = self._stock.take(sku, j, quantity)
            asked += quantity
            if got:
                taken += got
                weight += got * self._weight_kg[sku]
                volume += got * self._packed_cm3[sku]
                self._feeds.picked(j, sku, got)
                if self.purchases is not None:
                    self.purchases.bought(now, order, j, sku, got)
                if self.wrong_picks is not None:
                    self.wrong_picks.after(now, order, job.luck, sku, j, got)
            if got < quantity:
                short.append(Line(sku, quantity - got))
                if self.counting is not None:
                    self.counting.found_short(j, sku, now)
            self._ledger.picks.append((number, order, sku, j, now, quantity, got))
        return Picked(asked, taken, weight, volume, tuple(short))
