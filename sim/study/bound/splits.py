"""The least an order can cost at prices of stock, over all ways to put it into parcels or to leave units of it.

Quicker than the engine's search, which stops at so many parcels and serves a large order step by step: a bound has to
be over everything. Orders of one *shape*, the units wanted line by line, have the same ways, so they are gone through
together: the least for a part of an order is the least over the baskets that hold its first unit, or over leaving
that unit, plus the least for what is left then.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.contract.messages import Line
from sim.errors import FulfillSimError
from sim.routing.prices.columns import Columns
from sim.study.bound.baskets import Baskets
from sim.units import round_cents

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sim.scenario.load import Scenario

Part = tuple[int, ...]
MOST_WAYS = 20_000
"""Ways to take a basket or a unit from some part of an order: with more, there is no end to it."""


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """Orders that want so many units of each of their lines.

    Parameters
    ----------
    parts
        What may be left of such an order, line by line; the first is nothing, the last is all.
    takes, leaves, rest
        Of each part, way by way: the basket that is taken, as the number of a part, or else -1 and the line of which a
        unit is left; and what remains. Shape (parts, ways); ways beyond those there are, are repeated.
    """

    parts: tuple[Part, ...]
    takes: NDArray[np.int64]
    leaves: NDArray[np.int64]
    rest: NDArray[np.int64]


@lru_cache(maxsize=4096)
def shape_of(wanted: Part) -> Shape:
    """Return all ways of a shape.

    Raises
    ------
    FulfillSimError
        If there are too many.
    """
    count = np.prod([(q + 1) * (q + 2) // 2 for q in wanted], dtype=float)
    if count > MOST_WAYS:
        units = " + ".join(map(str, wanted))
        raise FulfillSimError(
            f"no bound: an order of {units} units has too many ways to be split - expected at most {MOST_WAYS:,}"
        )
    parts = tuple(product(*(range(q + 1) for q in wanted)))
    number = {part: k for k, part in enumerate(parts)}
    ways: list[list[tuple[int, int, int]]] = [[(0, -1, 0)]]
    for part in parts[1:]:
        first = next(i for i, q in enumerate(part) if q)
        less = tuple(q - (i == first) for i, q in enumerate(part))
        found = [(-1, first, number[less])]
        for basket in product(*(range(1 if i == first else 0, q + 1) for i, q in enumerate(part))):
            left = tuple(q - b for q, b in zip(part, basket, strict=True))
            found.append((number[basket], -1, number[left]))
        ways.append(found)
    most = max(map(len, ways))
    table = np.array([each + each[-1:] * (most - len(each)) for each in ways])
    return Shape(parts, table[:, :, 0], table[:, :, 1], table[:, :, 2])


def cancelled_cents(scenario: Scenario) -> int:
    """Return what it costs besides its margin to cancel any of an order: contacts on average, and a penalty."""
    contacts, penalties = scenario.file.contacts, scenario.file.penalties
    cents = 0 if contacts is None else round_cents(contacts.of_cancelled * contacts.cost)
    return cents if penalties is None else cents + round_cents(penalties.cancelled)


@dataclass(frozen=True, slots=True, eq=False)
class _Alike:
    """Orders of one shape: their numbers, their baskets by part, what a unit of each line is worth that is left."""

    shape: Shape
    number: NDArray[np.int64]
    basket: NDArray[np.int64]
    lost: NDArray[np.float64]


class ExactSplits:
    """An exact choice for each of some orders, see `sim.routing.prices.configuration.ExactChoice`.

    Parameters
    ----------
    orders
        Place and lines.
    supply
        Units there are in all, shape (products, sites).
    """

    def __init__(
        self, scenario: Scenario, orders: Sequence[tuple[int, tuple[Line, ...]]], supply: NDArray[np.int64]
    ) -> None:
        products = scenario.network.products
        margin = np.array([float(p.price_cents - p.unit_cost_cents) for p in products])
        numbers: dict[tuple[int, tuple[Line, ...]], int] = {}
        alike: dict[Part, list[int]] = {}
        for number, (_, lines) in enumerate(orders):
            alike.setdefault(tuple([line[1] for line in lines]), []).append(number)
        self._alike = []
        for wanted, members in alike.items():
            shape = shape_of(wanted)
            basket = np.zeros((len(members), len(shape.parts)), dtype=np.int64)
            lost = np.empty((len(members), len(wanted)))
            for k, number in enumerate(members):
                place, lines = orders[number]
                for p, part in enumerate(shape.parts[1:], 1):
                    goods = tuple([Line(line[0], q) for line, q in zip(lines, part, strict=True) if q])
                    basket[k, p] = numbers.setdefault((place, goods), len(numbers))
                lost[k] = margin[[line[0] for line in lines]]
            self._alike.append(_Alike(shape, np.array(members), basket, lost))
        self.baskets = Baskets(scenario, list(numbers), supply)
        self._cancelled = cancelled_cents(scenario)
        self._shape = supply.shape
        self._sites = supply.shape[1]
        self._count = len(orders)

    def cheapest(self, prices: NDArray[np.float64]) -> Columns:
        """Return each order's way of least cost plus price of stock; with infinite prices nothing is taken."""
        cost = np.zeros(self._count)
        orders, baskets = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)]
        nothing = bool(np.isinf(prices).all())
        best = None if nothing else self.baskets.at(prices.reshape(self._shape))
        for alike in self._alike:
            if best is None:
                units = np.array(alike.shape.parts[-1])
                cost[alike.number] = alike.lost @ units + self._cancelled
                continue
            way, fee = _least(alike, best.priced[alike.basket], self._cancelled)
            of, basket, left = _followed(alike, way)
            cost[alike.number] += left + fee
            np.add.at(cost, alike.number[of], best.cost[basket])
            orders.append(alike.number[of])
            baskets.append(basket)
        order, basket = np.concatenate(orders), np.concatenate(baskets)
        site = np.empty(0, dtype=np.int64) if best is None else best.site[basket]
        return Columns(np.arange(self._count), cost, *self._taken(order, basket, site))

    def arrays(self) -> list[NDArray[Any]]:
        """Return all that the choice is made from."""
        own = [np.array(self._cancelled)]
        own += [array for a in self._alike for array in (np.array(a.shape.parts[-1]), a.number, a.basket, a.lost)]
        return [*own, *self.baskets.arrays()]

    def every(self, most: int) -> Columns | None:
        """Return all ways of all orders, each with every site; None if there are more than `most`."""
        found: list[list[tuple[float, tuple[tuple[int, int], ...]]]] = [[] for _ in range(self._count)]
        total = 0
        for alike in self._alike:
            for k, number in enumerate(alike.number.tolist()):
                ways = self._all_ways(alike, k, most - total)
                if ways is None:
                    return None
                found[number] = ways
                total += len(ways)
        of_type = np.repeat(np.arange(self._count), [len(ways) for ways in found])
        flat = [way for ways in found for way in ways]
        taken = np.array(
            [(c, basket, site) for c, (_, parcels) in enumerate(flat) for basket, site in parcels], dtype=np.int64
        ).reshape(-1, 3)
        return Columns(of_type, np.array([cost for cost, _ in flat]), *self._taken(*taken.T))

    def _all_ways(self, alike: _Alike, k: int, most: int) -> list[tuple[float, tuple[tuple[int, int], ...]]] | None:
        """Return every way of one order: its cost, and baskets with their sites."""
        shape, cost = alike.shape, self.baskets.costs(alike.basket[k, 1:])
        of_part: list[dict[tuple[tuple[int, int], ...], float]] = [{(): 0.0}]
        for part in range(1, len(shape.parts)):
            ways = zip(shape.takes[part].tolist(), shape.leaves[part].tolist(), shape.rest[part].tolist(), strict=True)
            found: dict[tuple[tuple[int, int], ...], float] = {}
            for takes, leaves, rest in dict.fromkeys(ways):
                if takes < 0:
                    more: list[tuple[tuple[tuple[int, int], ...], float]] = [((), float(alike.lost[k, leaves]))]
                else:
                    basket, by_site = int(alike.basket[k, takes]), cost[takes - 1]
                    more = [(((basket, j),), float(by_site[j])) for j in np.flatnonzero(by_site < np.inf).tolist()]
                for parcels, cents in more:
                    for others, beside in of_part[rest].items():
                        found[tuple(sorted((*parcels, *others)))] = cents + beside
                    if len(found) > most:
                        return None
            of_part.append(found)
        wanted, held = sum(shape.parts[-1]), self.baskets.units.sum(axis=1).tolist()
        return [
            (cents + self._cancelled * (sum([held[basket] for basket, _ in parcels]) < wanted), parcels)
            for parcels, cents in of_part[-1].items()
        ]

    def _taken(
        self, column: NDArray[np.int64], basket: NDArray[np.int64], site: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
        """Return column, cell and units, line by line, of baskets from sites."""
        units = self.baskets.units[basket]
        row, line = np.nonzero(units)
        cell = self.baskets.sku[basket[row], line] * self._sites + site[row]
        return column[row], cell, units[row, line].astype(np.float64)


def _least(
    alike: _Alike, priced: NDArray[np.float64], cancelled: float
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the best ways from each part of each order, and what each order pays for units that it leaves.

    Parameters
    ----------
    priced
        What each basket of each order costs with the price of its stock.
    cancelled
        What it costs, once, to leave any unit, besides what that is worth.
    """
    served, all_served = _ways(alike, priced, may_leave=False)
    either, at_best = _ways(alike, priced, may_leave=True)
    whole = all_served <= at_best + cancelled
    return np.where(whole[:, np.newaxis], served, either), np.where(whole, 0.0, cancelled)


def _ways(
    alike: _Alike, priced: NDArray[np.float64], *, may_leave: bool
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the best way from each part of each order, and the least for the whole."""
    shape = alike.shape
    least = np.zeros(priced.shape)
    way = np.zeros(priced.shape, dtype=np.int64)
    for part in range(1, len(shape.parts)):
        takes, leaves, rest = shape.takes[part], shape.leaves[part], shape.rest[part]
        left = alike.lost[:, leaves] if may_leave else np.inf
        cents = np.where(takes < 0, left, priced[:, takes]) + least[:, rest]
        way[:, part] = cents.argmin(axis=1)
        least[:, part] = np.take_along_axis(cents, way[:, part, np.newaxis], axis=1)[:, 0]
    return way, least[:, -1]


def _followed(
    alike: _Alike, way: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Follow the best ways from the whole order down.

    Returns
    -------
    of, basket
        Baskets that are taken, and which of these orders each is for.
    left
        Worth of what each order leaves.
    """
    shape, count = alike.shape, len(alike.number)
    part = np.full(count, len(shape.parts) - 1)
    left = np.zeros(count)
    of, baskets = [], []
    while (still := np.flatnonzero(part)).size:
        chosen = way[still, part[still]]
        takes, leaves = shape.takes[part[still], chosen], shape.leaves[part[still], chosen]
        served = takes >= 0
        of.append(still[served])
        baskets.append(alike.basket[still[served], takes[served]])
        left[still[~served]] += alike.lost[still[~served], leaves[~served]]
        part[still] = shape.rest[part[still], chosen]
    empty = np.empty(0, dtype=np.int64)
    return np.concatenate([empty, *of]), np.concatenate([empty, *baskets]), left
