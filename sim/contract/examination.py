"""The examiner's side of `check_router`: a small world that keeps its own books of what it told and was promised."""

from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.contract.holding import Holding
from sim.contract.messages import COST_PARTS, Line, Order, Parcel
from sim.contract.news import Refusal, Release, StockNews

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from sim.contract.messages import Plan
    from sim.contract.news import News
    from sim.contract.router import Router
    from sim.network.network import Network

# Products that the examination trades in: few, so that they run short.
MOST_PRODUCTS = 8
# Ticks in a row at one moment before the router is said never to sleep.
MOST_TICKS = 3


class FailedError(Exception):
    """The router did something after which the examination cannot go on."""


class Examination:
    """Drives one router and notes every law it breaks.

    Attributes
    ----------
    broken
        The first message of each law that was broken.
    answers
        Everything the router said, in order: two routers given the same calls must agree on it.
    seconds
        Time of each decision.
    """

    def __init__(self, router: Router, network: Network, seed: int) -> None:
        self._router = router
        self._network = network
        self._rng = np.random.default_rng(seed)
        self._products, self._sites = len(network.products), len(network.sites)
        # what leaves nobody's site is no test: trade where somebody delivers
        self._places = np.flatnonzero((network.zone > 0).any(axis=1)).tolist()
        self._pool = list(range(min(self._products, MOST_PRODUCTS)))
        self._shelf: NDArray[np.int64] = np.zeros((self._products, self._sites), dtype=np.int64)
        self._told = np.zeros_like(self._shelf)
        self._open = np.zeros_like(self._shelf)
        self._picked, self._reported = np.zeros_like(self._shelf), np.zeros_like(self._shelf)
        self._holding = Holding(self)
        self._jobs: list[tuple[Order, Parcel]] = []
        self._orders = 0
        self.now = 0.0
        self.broken: dict[str, str] = {}
        self.answers: list[object] = []
        self.seconds: list[float] = []

    # what the host does

    def open_shop(self, most: int, share: float = 0.6) -> None:
        """Put up to `most` units on a share of the shelves and tell all of it."""
        self._shelf[self._pool] = self._rng.integers(1, most + 1, (len(self._pool), self._sites))
        self._shelf[self._pool] *= self._rng.random((len(self._pool), self._sites)) < share
        self.tell(range(self._sites))

    def stock_only(self, units: dict[tuple[int, int], int]) -> None:
        """Empty all shelves but those of the given (product, site), and tell it."""
        self._shelf[:] = 0
        for cell, quantity in units.items():
            self._shelf[cell] = quantity
        self.tell(range(self._sites))

    def tell(self, sites: Iterable[int]) -> None:
        """Report the counts and picks of some sites."""
        members = np.array(sorted(sites), dtype=np.int64)
        sku, at = np.meshgrid(np.arange(self._products), members, indexing="ij")
        changed = (self._shelf != self._told)[sku, at] | (self._picked != self._reported)[sku, at]
        sku, at = sku[changed], at[changed]
        picked = self._picked[sku, at]
        news = StockNews(
            self.now, members, sku * self._sites + at,
            self._shelf[sku, at].astype(np.int32), picked.astype(np.int32),
        )  # fmt: skip
        self._told[sku, at] = self._shelf[sku, at]
        self._open[sku, at] -= picked - self._reported[sku, at]
        self._reported[sku, at] = picked
        columns = (news.sites, news.cells, news.on_hand, news.picked)
        before = [column.tobytes() for column in columns]
        self._observe(news)
        if [column.tobytes() for column in columns] != before:
            self._break("news_untouched", "the arrays of a StockNews were changed by the router")

    def order(self, lines: Iterable[tuple[int, int]], place: int | None = None) -> Plan:
        """Send a new order, to a random place unless one is given."""
        self._orders += 1
        to = int(self._rng.choice(self._places)) if place is None else place
        return self.route(Order(self._orders, self.now, to, tuple(Line(sku, quantity) for sku, quantity in lines)))

    def random_order(self) -> Plan:
        """Send an order of one to three products, now and then one that is far too large."""
        count = int(self._rng.integers(1, min(3, len(self._pool)) + 1))
        skus = self._rng.choice(self._pool, count, replace=False).tolist()
        most = 60 if self._rng.random() < 0.05 else 3
        return self.order([(sku, int(self._rng.integers(1, most + 1))) for sku in skus])

    def route(self, order: Order) -> Plan:
        """Ask for a plan and hold it against every law."""
        answer = self._ask(lambda: self._router.route(order, self.now), f"route({order}, {self.now:g})")
        plan = self._holding.plan_of(order, answer, self._last)
        wake = self._next_wake()
        if plan.backordered:
            self._holding.keep(order, plan.backordered)
            if wake is None:
                self._break("wake", f"{self._last}: lines are kept, but next_wake() is None")
        return plan

    def pass_time(self, minutes: float) -> None:
        """Let time pass; the router has its turn whenever it asked for it."""
        until = self.now + minutes
        ticks = 0
        while (wake := self._next_wake()) is not None and wake <= until:
            ticks = ticks + 1 if wake <= self.now else 0
            self.now = max(self.now, wake)
            if ticks > MOST_TICKS:
                self._break("wake", f"next_wake() stays at {wake:g} though tick({self.now:g}) was called {ticks} times")
                raise FailedError
            self._tick()
        self.now = until
        self._holding.overdue(until)

    def steal(self, sku: int, site: int, quantity: int) -> None:
        """Take units off a shelf without anybody noticing."""
        self._shelf[sku, site] = max(0, int(self._shelf[sku, site]) - quantity)

    def pick_one(self, restocked: bool = False) -> None:
        """Let a site take a random open parcel off its shelf; what is not there is refused and routed again.

        Parameters
        ----------
        restocked
            Whether the site, having refused, reports a delivery before the rest is routed again.
        """
        if not self._jobs:
            return
        order, parcel = self._jobs.pop(int(self._rng.integers(len(self._jobs))))
        short = []
        for sku, quantity in parcel.lines:
            got = min(int(self._shelf[sku, parcel.site]), quantity)
            self._shelf[sku, parcel.site] -= got
            self._picked[sku, parcel.site] += got
            if got < quantity:
                short.append(Line(sku, quantity - got))
        for sku, quantity in short:
            self._observe(Refusal(self.now, order.id, parcel.site, sku, quantity))
            self._open[sku, parcel.site] -= quantity
            self._told[sku, parcel.site] = 0  # an empty shelf, until it is told otherwise
        if short and restocked:
            self._shelf[[sku for sku, _ in short], parcel.site] = 9
            self.tell([parcel.site])
        if short:
            refused_by = (*dict.fromkeys((*order.refused_by, parcel.site)),)
            self.route(order._replace(lines=tuple(short), refused_by=refused_by))

    def release_one(self) -> None:
        """Call off a random open parcel."""
        if self._jobs:
            order, parcel = self._jobs.pop(int(self._rng.integers(len(self._jobs))))
            for sku, quantity in parcel.lines:
                self._observe(Release(self.now, order.id, parcel.site, sku, quantity))
                self._open[sku, parcel.site] -= quantity

    def trade(self) -> None:
        """Sell to walk-in customers and receive goods at a few random sites; some of them report it."""
        for site in self._rng.choice(self._sites, min(3, self._sites), replace=False).tolist():
            for sku in self._pool:
                change = int(self._rng.integers(-2, 3))
                self._shelf[sku, site] = max(0, int(self._shelf[sku, site]) + change)
            if self._rng.random() < 0.7:
                self.tell([site])

    def check_available(self) -> None:
        """Ask what may be published and hold it against what was told."""
        units = np.asarray(self._ask(self._router.available, "available()"))
        if units.shape != (self._products,) or units.dtype.kind not in "iu":
            shape = f"shape {units.shape} of {units.dtype}"
            self._break("available", f"available() returned {shape} - expected {self._products} whole numbers")
            return
        most = np.maximum(self._told - self._open, 0).sum(axis=1)
        for sku in np.flatnonzero((units < 0) | (units > most)).tolist():
            found = f"available() says {units[sku]} of {self._network.products[sku].id}"
            self._break("available", f"{found} - expected 0 to {most[sku]}: told, minus its own open promises")

    def random_step(self) -> None:
        """Do something a host does, drawn at random."""
        self.pass_time(float(self._rng.exponential(30.0)))
        kind = self._rng.random()
        if kind < 0.5:
            self.random_order()
        elif kind < 0.75:
            self.pick_one(restocked=self._rng.random() < 0.5)
        elif kind < 0.8:
            self.release_one()
        elif kind < 0.95:
            self.trade()
        else:
            self.check_available()
        self._holding.claim(kind * 997 % 1)  # sites are quick: an order is hardly ever on offer until the next step

    # what the router says, held against the laws

    def _check_plan(self, order: Order, plan: Plan, call: str) -> None:
        lists = [parcel.lines for parcel in plan.parcels] + [plan.backordered, plan.unfilled]
        wanted = Counter[int]()
        for sku, quantity in order.lines:
            wanted[sku] += quantity
        if not self._known(plan, lists, wanted, call):
            raise FailedError  # nothing below can be trusted
        given = Counter[int]()
        for lines in lists:
            for sku, quantity in lines:
                given[sku] += quantity
        for sku, quantity in wanted.items():
            if given[sku] == quantity:
                continue
            name = self._network.products[sku].id
            nothing_said = given[sku] < quantity and not any(
                line.sku == sku for line in plan.backordered + plan.unfilled
            )
            self._break(
                "unfilled_named" if nothing_said else "conservation",
                f"{call}: {given[sku]} of {name} accounted for - expected {quantity}: parcels + backordered + unfilled",
            )
        for parcel in plan.parcels:
            self._check_parcel(order, parcel, call)

    def _known(self, plan: Plan, lists: list[tuple[Line, ...]], wanted: dict[int, int], call: str) -> bool:
        services = len(self._network.services)
        for parcel in plan.parcels:
            if not 0 <= parcel.site < self._sites or not -1 <= parcel.service < services:
                found = f"site {parcel.site}, service {parcel.service}"
                self._break("known", f"{call}: {found} - expected below {self._sites} and {services}")
                return False
        for lines in lists:
            if not {sku for sku, _ in lines} <= wanted.keys() or any(quantity <= 0 for _, quantity in lines):
                self._break("known", f"{call}: lines {lines} - expected products of the order, in positive units")
                return False
        if any(not parcel.lines for parcel in plan.parcels):
            self._break("known", f"{call}: a parcel with nothing in it")
            return False
        return True

    def _check_parcel(self, order: Order, parcel: Parcel, call: str) -> None:
        site = self._network.sites[parcel.site].id
        for sku, quantity in parcel.lines:
            told, promised = int(self._told[sku, parcel.site]), int(self._open[sku, parcel.site])
            if quantity > told - promised:
                name = self._network.products[sku].id
                told_and_promised = f"{site} was said to have {told}, and {promised} were promised"
                self._break("oversell", f"{call}: {quantity} of {name} from {site} - {told_and_promised}")
            self._open[sku, parcel.site] += quantity
        if parcel.site in order.refused_by:
            self._break("refuser", f"{call}: {site} has refused this order before")
        if order.collect_at < 0 and self._network.zone_lists[order.place][parcel.site] == 0:
            self._break("reach", f"{call}: {site} does not deliver to {self._network.places[order.place].id}")
        if not self.now <= parcel.ship_at <= parcel.deliver_at:
            dates = f"ship_at {parcel.ship_at:g}, deliver_at {parcel.deliver_at:g}"
            self._break("time_travel", f"{call}: {dates} - expected {self.now:g} <= ship_at <= deliver_at")
        if len(parcel.cents) != len(COST_PARTS) or not all(0 <= amount < np.inf for amount in parcel.cents):
            self._break("costs", f"{call}: cents {parcel.cents} - expected {len(COST_PARTS)} finite amounts from 0")
        self._jobs.append((order, parcel))

    def _tick(self) -> None:
        answers = self._ask(lambda: self._router.tick(self.now), f"tick({self.now:g})")
        if not self._holding.hear(answers, self._last):
            raise FailedError

    def _next_wake(self) -> float | None:
        wake: float | None = self._ask(self._router.next_wake, "next_wake()", timed=False)
        return wake

    def _observe(self, news: News) -> None:
        self._ask(lambda: self._router.observe(news), f"observe({type(news).__name__})", timed=False)

    def _ask(self, call: Callable[[], Any], name: str, timed: bool = True) -> Any:
        start = time.perf_counter()
        try:
            answer = call()
        except Exception as error:
            self._break("answers", f"{name}: {type(error).__name__}: {error}")
            raise FailedError from error
        if timed and name.startswith("route"):
            self.seconds.append(time.perf_counter() - start)
        self.answers.append(answer.tolist() if isinstance(answer, np.ndarray) else answer)
        self._last = f"{name} -> {answer}"
        return answer

    def _break(self, law: str, message: str) -> None:
        self.broken.setdefault(law, message)
