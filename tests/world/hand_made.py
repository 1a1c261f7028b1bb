"""Worlds small enough to be followed by hand: a tape written row by row, and a router that does what it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.chance.tape import Shopper, Tape, WalkInSales
from sim.contract.messages import Decision, Line, News, Order, Parcel, Plan
from tests.tiny import tiny

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from sim.scenario.load import Scenario

# sites, places and products of the tiny scenario by their index
DC_EAST, DC_WEST, BOSTON, OAKLAND = range(4)
IN_BOSTON, IN_CHICAGO, IN_SAN_FRANCISCO = range(3)
CABLE, HEADPHONES, MONITOR, PRINTER = range(4)
SITES = ("dc_east", "dc_west", "store_boston", "store_oakland")
SKUS = "ABCD"

MANY = 1_000_000
# pick, pack, lateness, hour of delivery: everything in the middle, and nothing late
PLAIN_LUCK = (0.5, 0.5, 0.5, 0.5)


def at(day: int, hour: int, minute: float = 0) -> float:
    """Return a minute of the scenario's clock."""
    return day * 1440 + hour * 60 + minute


def shopper(
    number: int, when: float, lines: dict[int, int], place: int = IN_BOSTON, patience: float = 0.9,
    luck: Sequence[float] = PLAIN_LUCK * 4,
) -> Shopper:  # fmt: skip
    """Return a row of the tape."""
    return Shopper(
        number, when, place, tuple(Line(sku, quantity) for sku, quantity in lines.items()), patience, list(luck)
    )


class HandMadeTape(Tape):
    """These shoppers, these walk-in wants (minute, product, site), and nobody else."""

    def __init__(
        self, scenario: Scenario, shoppers: Iterable[Shopper] = (), walk_ins: Iterable[tuple[float, int, int]] = ()
    ) -> None:
        super().__init__(scenario, seed=1, replication=0)
        rows, wants, sites = sorted(shoppers, key=lambda s: s.at), sorted(walk_ins), len(scenario.network.sites)

        def wanted(day: int) -> WalkInSales:
            today = [row for row in wants if row[0] // 1440 == day]
            return WalkInSales(
                np.array([row[0] for row in today], dtype=np.float64),
                np.array([sku * sites + site for _, sku, site in today], dtype=np.int64),
                np.ones(len(today), dtype=np.int32),
            )

        self.shoppers = lambda day: [row for row in rows if row.at // 1440 == day]
        self.walk_ins = wanted


def stocked(
    folder: Path,
    on_hand: dict[tuple[int, int], int],
    tables: dict[str, list[list[object]]] | None = None,
    **changes: Any,
) -> Scenario:
    """Return the tiny scenario with these units on hand by (product, site), and nothing ever coming in."""
    rows: list[list[object]] = [["sku", "site", "on_hand"], ["A", "dc_east", 0]]
    rows += [[SKUS[sku], SITES[site], units] for (sku, site), units in on_hand.items() if (sku, site) != (0, 0)]
    rows[1][2] = on_hand.get((0, 0), 0)
    own: dict[str, Any] = {"opening_stock": "stock.csv", "replenishment": "none", "clock__warm_up": "0 days"}
    return tiny(folder, {"stock.csv": rows, **(tables or {})}, **own | changes)


def parcel(site: int, lines: dict[int, int], ship_at: float = 0.0, deliver_at: float = 0.0, service: int = 0) -> Parcel:
    """Return a parcel as a router would plan it."""
    chosen = tuple(Line(sku, quantity) for sku, quantity in lines.items())
    return Parcel(site, chosen, service, ship_at, deliver_at, (0.0,) * 5)


class ObedientRouter:
    """Answers each order by the next plan of a list, and remembers what it was asked and told.

    Parameters
    ----------
    plans
        A plan, or a function of the order that makes one; the last one serves all further orders.
    """

    def __init__(self, *plans: Plan | Callable[[Order], Plan]) -> None:
        self._plans = list(plans)
        self.asked: list[tuple[float, Order]] = []
        self.told: list[News] = []

    def observe(self, news: News) -> None:
        """Remember the news."""
        self.told.append(news)

    def route(self, order: Order, now: float) -> Plan:
        """Give the next plan."""
        self.asked.append((now, order))
        plan = self._plans.pop(0) if len(self._plans) > 1 else self._plans[0]
        return plan if isinstance(plan, Plan) else plan(order)

    def available(self) -> NDArray[np.int64]:
        """Show plenty of everything."""
        return np.full(len(SKUS), MANY)

    def tick(self, now: float) -> list[Decision]:
        """Decide nothing by itself."""
        return []

    def next_wake(self) -> float | None:
        """Never ask to be woken."""
        return None


def all_from(site: int) -> Callable[[Order], Plan]:
    """Return a plan that asks one site for everything."""
    return lambda order: Plan((Parcel(site, order.lines, 0, 0.0, 0.0, (0.0,) * 5),))


def give_up(order: Order) -> Plan:
    """Return a plan that serves nothing."""
    return Plan((), unfilled=order.lines)
