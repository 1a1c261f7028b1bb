"""What each basket costs from each site as the ledger books it, and the site where it and its stock are cheapest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.network.carrier import Tariff
from sim.units import round_cents

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sim.contract.messages import Line
    from sim.scenario.load import Scenario

ROWS = 4096
"""Baskets that are priced at a time: so much memory, times the sites, and no more."""


class BookedCosts:
    """Prices a parcel part by part in whole cents, as the dock books it: the least there is over all services."""

    def __init__(self, scenario: Scenario) -> None:
        network = scenario.network
        self._tariff = Tariff(network.services)
        self._weight_kg, self._packed_cm3 = network.weight_kg, network.packed_cm3
        self._handling = [site.handling for site in network.sites]
        self._by_the_hour = [block.labour is not None for block in scenario.site_blocks]

    def labels(self, lines: Sequence[Line]) -> list[float]:
        """Return the label's price by zone; infinite where no service goes."""
        weight = volume = 0.0
        for sku, quantity in lines:
            weight += quantity * self._weight_kg[sku]
            volume += quantity * self._packed_cm3[sku]
        by_zone = self._tariff.rates(weight, volume).cents.tolist()
        return [cents if cents == np.inf else float(round_cents(cents)) for cents in by_zone]

    def handling(self, lines: int, units: int) -> list[float]:
        """Return all that is paid beside the label, by site; who is paid by the hour is not paid by the line."""
        found = []
        for each, by_the_hour in zip(self._handling, self._by_the_hour, strict=True):
            cents = round_cents(each.packaging_per_parcel)
            cents += round_cents(each.fee_per_parcel + each.fee_per_unit * units)
            if not by_the_hour:
                cents += round_cents(each.pick_per_line * lines + each.pick_per_unit * units)
                cents += round_cents(each.pack_per_parcel)
            found.append(float(cents))
        return found


class Best(NamedTuple):
    """Of each basket: its least cost with the price of stock, the site that has it, and the cost alone."""

    priced: NDArray[np.float64]
    site: NDArray[np.int64]
    cost: NDArray[np.float64]


class Baskets:
    """All baskets that orders may be put into, each once, and where they are best served at the prices of the day.

    Parameters
    ----------
    goods
        Place and lines of each.
    supply
        Units there are in all, shape (products, sites): no parcel comes from where there are fewer than are in it.

    Attributes
    ----------
    sku, units
        Lines of each basket, shape (baskets, most lines); -1 and 0 where it has fewer.
    """

    def __init__(
        self, scenario: Scenario, goods: Sequence[tuple[int, tuple[Line, ...]]], supply: NDArray[np.int64]
    ) -> None:
        costs = BookedCosts(scenario)
        most = max([len(lines) for _, lines in goods], default=1)
        self.sku = np.full((len(goods), most), -1, dtype=np.int64)
        self.units = np.zeros((len(goods), most), dtype=np.int64)
        labels: dict[tuple[Line, ...], int] = {}
        handling: dict[tuple[int, int], int] = {}
        self._label = np.empty(len(goods), dtype=np.int64)
        self._handling = np.empty(len(goods), dtype=np.int64)
        for k, (_, lines) in enumerate(goods):
            self.sku[k, : len(lines)], self.units[k, : len(lines)] = zip(*lines, strict=True)
            self._label[k] = labels.setdefault(lines, len(labels))
            size = len(lines), sum([line[1] for line in lines])
            self._handling[k] = handling.setdefault(size, len(handling))
        zones = scenario.network.zone_count + 1
        self._by_zone = np.array([costs.labels(lines) for lines in labels]).reshape(-1, zones)
        sites = supply.shape[1]
        self._by_site = np.array([costs.handling(*size) for size in handling]).reshape(-1, sites)
        self._place = np.array([place for place, _ in goods], dtype=np.int64)
        self._zone = scenario.network.zone.astype(np.intp)
        self._supply = supply
        self._prices = np.full(supply.shape, np.nan)  # so that all are priced at first
        nothing = np.zeros(len(goods))
        self._best = Best(nothing, nothing.astype(np.int64), nothing.copy())

    def arrays(self) -> list[NDArray[Any]]:
        """Return all that prices are made from."""
        labels = self._label, self._by_zone, self._place, self._zone
        return [self.sku, self.units, *labels, self._handling, self._by_site, self._supply]

    def at(self, prices: NDArray[np.float64]) -> Best:
        """Return the best site of each basket at stock prices, shape (products, sites)."""
        moved = np.append((prices != self._prices).any(axis=1), False)  # and of no line, at last
        rows = np.flatnonzero(moved[self.sku].any(axis=1))
        for start in range(0, len(rows), ROWS):
            self._price(rows[start : start + ROWS], prices)
        self._prices = prices.copy()
        return self._best

    def costs(self, rows: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return what some baskets cost from every site, shape (rows, sites); infinite where they cannot come from."""
        by_site: NDArray[np.float64] = self._by_zone[self._label[rows, np.newaxis], self._zone[self._place[rows]]]
        by_site += self._by_site[self._handling[rows]]
        for sku, units in zip(self.sku[rows].T, self.units[rows].T, strict=True):
            by_site[self._supply[sku] < units[:, np.newaxis]] = np.inf
        return by_site

    def _price(self, rows: NDArray[np.int64], prices: NDArray[np.float64]) -> None:
        cost = self.costs(rows)
        priced = cost.copy()
        for sku, units in zip(self.sku[rows].T, self.units[rows].T, strict=True):
            some = np.flatnonzero(units)
            priced[some] += units[some, np.newaxis] * prices[sku[some]]
        site = priced.argmin(axis=1)
        each = np.arange(len(rows))
        self._best.site[rows], self._best.priced[rows], self._best.cost[rows] = (
            site,
            priced[each, site],
            cost[each, site],
        )
