"""Promising against goods on their way: lines that no shelf can serve get a place, a date, and their units in time.

A line waits at one site, and is promised like a parcel from there: nobody else is promised these units, neither from
the receipt nor, once it has come, from the shelf. When everything an order waits for at a site is on the shelf, it is
sent from there. If the goods are late by a beat, or for a beat have been said not to come in time, the order is
decided anew: from another shelf if one has them by then, else against the next receipt, else it waits without a date
like any other backorder, and is tried again first when goods are said to come. The host is told in each case. Lines
whose date holds are left where they are. They are given up no earlier than `give_up_after` from their date.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.contract.messages import Later, Line
from sim.contract.news import Cancellation, Receipts, Refusal, Release, StockNews
from sim.errors import RoutingError
from sim.routing.belief.carts import less_carts
from sim.routing.belief.expected import Expected, first_minute
from sim.routing.waiting.waiting import Queue, Waiting

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from sim.contract.messages import Order, Plan
    from sim.contract.news import News
    from sim.routing.belief.carts import Carts
    from sim.routing.offers.offers import Request
    from sim.routing.view import Parts
    from sim.routing.waiting.backorders import BackorderPolicy

Cell = tuple[int, int]


class AgainstSupply:
    """Who waits for which goods on their way.

    Attributes
    ----------
    next_wake
        When `served` or `late` want to be called; None while nobody waits.
    expected
        What is on its way.
    carts
        What lies in carts; None where nobody tells.
    told_at
        When goods were first said to come since somebody last looked; infinite if never.
    """

    def __init__(self, policy: BackorderPolicy, within: float, parts: Parts) -> None:
        self._policy, self._within = policy, within
        self._belief, self._costs, self._promises = parts.belief, parts.costs, parts.promises
        self._held_from = parts.held_from
        self._zone = parts.network.zone_lists
        self._serving: list[int] = np.flatnonzero(parts.may_serve).tolist()
        self.expected = Expected(len(parts.network.products), len(parts.network.sites))
        self.carts: Carts | None = None
        self._waited_then: dict[Cell, int] = {}
        self._may_serve = parts.may_serve
        self._queue = Queue(self._free, self._held)
        self._beat = self._come_at = self.told_at = float("inf")

    @property
    def next_wake(self) -> float | None:
        """When goods have come for somebody, or it is time to see whose date no longer holds."""
        wake = min(self._beat, self._come_at)
        return wake if self._queue.waiting and wake < float("inf") else None

    def hear(self, news: News) -> None:
        """Learn what is to come and what has come; to be called before the belief hears the same news.

        Raises
        ------
        RoutingError
            If units are released that are not those of parcels.
        """
        match news:
            case Receipts():
                self.expected.hear(news)
                self.told_at = min(self.told_at, news.observed_at)
            case StockNews():
                self.expected.counted(news, self._belief.rise(news))
                self._come_at = min(self._come_at, news.observed_at)
            case Release():
                sent = self._belief.promised(news.sku, news.site) - self._queue.units(news.sku, news.site)
                if news.quantity > sent:
                    text = f"{news.quantity} units released where only {sent} are promised in parcels"
                    raise RoutingError(f"order {news.order}: {text}")
                self._come_at = min(self._come_at, news.at)
            case Refusal():
                self._come_at = min(self._come_at, news.at)
            case Cancellation():
                self._leave(self._queue.drop(news.order))
                self._come_at = min(self._come_at, news.at)

    def covers(self, request: Request) -> list[NDArray[np.bool_]]:
        """Return the sites that could give each whole line from goods on their way, each of shape (sites,)."""
        covered = []
        for sku, wanted, row in zip(request.skus, request.wanted, request.rows, strict=True):
            mask = (row < wanted) & (row + self.expected.units[sku] >= wanted)
            for site in np.flatnonzero(mask).tolist():
                mask[site] = self._minute(sku, site, int(row[site]), wanted, request.now) is not None
            covered.append(mask)
        return covered

    def dated(self, request: Request, plan: Plan, choose: bool) -> Plan:
        """Return a plan whose open lines wait where they can be promised.

        Parameters
        ----------
        choose
            Whether lines that nobody serves go where they come in first. Otherwise only those are dated whose site has
            been chosen.
        """
        taken = {(sku, parcel.site): units for parcel in plan.parcels for sku, units in parcel.lines}
        at = plan.backordered_at or (-1,) * len(plan.backordered)
        found: list[tuple[Line, int, Later | None]] = []
        by_site: dict[int, list[Line]] = {}
        for line, site in zip(plan.backordered, at, strict=True):
            by_site.setdefault(site, []).append(line)
        for site, lines in by_site.items():
            later = None if site < 0 else self._later(request, lines, site, taken)
            found += [(line, site, later) for line in lines]
        still_open = plan.unfilled
        free = not (request.order.pinned or request.order.groups)  # else it waits for what may give, without a date
        if choose and still_open and free:
            placed = self._places(request, list(still_open), taken)
            found += placed
            still_open = tuple([line for line in still_open if line not in [line for line, *_ in placed]])
        if not any(later for *_, later in found):
            return plan
        lines_, sites, dates = zip(*found, strict=True)
        return plan._replace(
            backordered=lines_, backordered_at=sites, unfilled=still_open, backordered_dates=dates,
            queue=plan.queue if still_open else "",
        )  # fmt: skip

    def keep(self, order: Order, plan: Plan, until: float, now: float) -> tuple[Line, ...]:
        """Let lines that have a date wait at their site, at least until then; return the others."""
        by_site: dict[int, tuple[Later, list[Line]]] = {}
        rest = []
        dates = plan.backordered_dates or (None,) * len(plan.backordered)
        at = plan.backordered_at or (-1,) * len(plan.backordered)
        for line, site, later in zip(plan.backordered, at, dates, strict=True):
            if later is None:
                rest.append(line)
            else:
                by_site.setdefault(site, (later, []))[1].append(line)
        first = self._policy.channels_first
        rank = first.index(order.channel) if order.channel in first else len(first)
        for site, (later, lines) in by_site.items():
            kept = order._replace(lines=tuple(lines), refused_by=())
            deadline = max(until, later.available_at + self._policy.give_up_after)
            self._belief.promise(site, kept.lines)
            self._queue.join(Waiting(later.available_at, rank, order.placed_at, order.id, site, kept, deadline))
            if self._beat == float("inf"):
                self._beat = self._next_beat(now)
        return tuple(rest)

    def covered(self, sku: int) -> NDArray[np.int32]:
        """Return the units of a product that are waited for at each site and still on their way, shape (sites,).

        They are promised, but not from what stands on the shelf now.
        """
        coming: NDArray[np.int32] = np.minimum(self._waited(sku), self.expected.units[sku]).astype(np.int32)
        return coming

    def memory(self, skus: Iterable[int]) -> list[list[int]]:
        """Return the units of some products that are waited for, as what JSON knows: product, site, units."""
        waited = [(sku, self._waited(sku)) for sku in skus]
        return [[sku, site, int(row[site])] for sku, row in waited for site in np.flatnonzero(row).tolist()]

    def recall(self, memory: Iterable[Iterable[int]]) -> None:
        """Take it that so many units are waited for, whoever waits."""
        self._waited_then = {(sku, site): units for sku, site, units in memory}

    def served(self, now: float) -> list[tuple[Order, int]]:
        """Take out who can be sent what he waits for; return the lines and the site that has them."""
        self._come_at = float("inf")
        if self.carts is not None:
            self.carts.settle(now)
        return [(one.order, one.site) for one in self._leave(self._queue.served())]

    def late(self, now: float) -> list[tuple[Order, float]]:
        """Take out, if it is time, whose date no longer holds; return the lines and when to give them up."""
        if now < self._beat:
            return []
        late = self._leave(self._queue.late(self.expected, now - self._policy.retry_every))
        self._beat = self._next_beat(now) if self._queue.waiting else float("inf")
        return [(one.order, one.deadline) for one in late]

    def forget(self) -> None:
        """Expect nothing, and forget who waits."""
        self.expected.forget()
        self._queue.clear()
        self._waited_then = {}
        self._beat = self._come_at = self.told_at = float("inf")

    def _places(
        self, request: Request, lines: list[Line], taken: Mapping[Cell, int]
    ) -> list[tuple[Line, int, Later | None]]:
        """Return where lines come in first: together at one site, else each whole at its own."""
        sites = [s for s in self._serving if self._zone[request.place][s] and s not in request.order.refused_by]

        def best(some: list[Line]) -> tuple[int, Later] | None:
            offers = []
            for site in sites:
                later = self._later(request, some, site, taken)
                if later is not None:
                    offers.append((later.deliver_at, self._cents(request, some, site), site, later))
            return min(offers)[2:] if offers else None

        together = best(lines)
        if together is not None:
            return [(line, *together) for line in lines]
        alone = [(line, best([line])) for line in lines] if len(lines) > 1 else []
        return [(line, *place) for line, place in alone if place is not None]

    def _later(self, request: Request, lines: list[Line], site: int, taken: Mapping[Cell, int]) -> Later | None:
        """Return the dates of lines that wait at a site together, None if goods on their way do not make them up."""
        rows = dict(zip(request.skus, request.rows, strict=True))
        minutes = []
        for sku, quantity in lines:
            free = int(rows[sku][site]) - taken.get((sku, site), 0)
            minutes.append(self._minute(sku, site, free, quantity, request.now))
        latest = max([-np.inf if minute is None else minute for minute in minutes])
        if None in minutes or latest <= request.now:  # what is on the shelf has been decided about
            return None
        _, service, days = self._rate(request, lines, site)
        lane = (
            max(latest, request.order.moment(request.now)),
            site,
            request.place,
            service,
            days,
            request.order.deliver_from,
        )
        return Later(latest, *self._promises.dates_from(*lane))

    def _minute(self, sku: int, site: int, free: int, wanted: int, now: float) -> float | None:
        if free < wanted and free + self.expected.units[sku, site] < wanted:
            return None
        return first_minute(free, self.expected.on_time(sku, site, now, now + self._within), wanted)

    def _rate(self, request: Request, lines: Iterable[Line], site: int) -> tuple[float, int, int]:
        units = dict(lines)
        basket = tuple([units.get(sku, 0) for sku in request.skus])
        return self._costs.rates(request, basket).by_zone[self._zone[request.place][site]]

    def _cents(self, request: Request, lines: list[Line], site: int) -> float:
        label = self._rate(request, lines, site)[0]
        return sum(self._costs.parts(site, label, len(lines), sum([quantity for _, quantity in lines])))

    def _free(self, sku: int, site: int) -> int:
        """Return what a shelf has beyond all that is promised, waited for, or in carts."""
        row = self._belief.available[sku]
        if self.carts is None:
            return int(row[site])
        waited = self._waited(sku)
        left = less_carts(row + waited, self.carts.of_others(sku, ""), self._may_serve)
        return int(left[site] - waited[site])

    def _waited(self, sku: int) -> NDArray[np.int32]:
        then, sites = self._waited_then, range(len(self._belief.observed_at))
        return np.array([self._queue.units(sku, j) + then.get((sku, j), 0) for j in sites], dtype=np.int32)

    def _held(self, channel: str, sku: int, site: int) -> int:
        held = self._held_from.get(channel)
        return 0 if held is None else int(held.of(self._belief, [sku])[0, site])

    def _leave(self, leaving: list[Waiting]) -> list[Waiting]:
        for one in leaving:
            self._belief.release(one.site, one.order.lines)
        return leaving

    def _next_beat(self, now: float) -> float:
        return (now // self._policy.retry_every + 1) * self._policy.retry_every


def against_supply(policy: BackorderPolicy | None, parts: Parts) -> AgainstSupply | None:
    """Return who waits for goods on their way of an engine's parts, None if these are not promised."""
    if policy is None or policy.promise_within is None:
        return None
    return AgainstSupply(policy, policy.promise_within, parts)
