"""The clairvoyant's problem solved by trying everything: no prices, no programme, and parcels priced by the engine."""

from __future__ import annotations

from functools import cache
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from sim.routing.cost import ParcelCosts
from sim.units import round_cents

if TYPE_CHECKING:
    from sim.contract.messages import Line
    from sim.scenario.load import Scenario
    from sim.study.bound.clairvoyant import Problem

Taken = tuple[tuple[int, int, int], ...]


def optimum(scenario: Scenario, problem: Problem) -> float:
    """Return the least that the orders of a problem can cost, in cents."""
    supply = {(sku, site): int(units) for (sku, site), units in np.ndenumerate(problem.supply) if units}
    cells = sorted(supply)
    wanted = {line[0] for _, lines in problem.orders for line in lines}
    cells = [cell for cell in cells if cell[0] in wanted]
    of_order = [ways(scenario, place, lines) for place, lines in problem.orders]

    @cache
    def least(number: int, left: tuple[int, ...]) -> float:
        if number == len(problem.orders):
            return 0.0
        stock = dict(zip(cells, left, strict=True))
        best = float("inf")
        for taken, cost in of_order[number].items():
            after = dict(stock)
            for sku, site, units in taken:
                after[sku, site] = after.get((sku, site), 0) - units
            if min(after.values(), default=0) >= 0:
                best = min(best, cost + least(number + 1, tuple(after[cell] for cell in cells)))
        return best

    return least(0, tuple(supply[cell] for cell in cells))


def ways(scenario: Scenario, place: int, lines: tuple[Line, ...]) -> dict[Taken, float]:
    """Return what an order costs by what it takes from where: the cheapest parcels for that."""
    costs = ParcelCosts(scenario.network, np.ones(len(scenario.network.sites), dtype=bool))
    products = scenario.network.products
    units = [line[0] for line in lines for _ in range(line[1])]
    file, found = scenario.file, dict[Taken, float]()
    fee = 0 if file.contacts is None else round_cents(file.contacts.of_cancelled * file.contacts.cost)
    fee += 0 if file.penalties is None else round_cents(file.penalties.cancelled)
    # each unit goes into one of as many parcels as there are units, or into none; each parcel leaves some site
    for parcel_of in product(range(len(units) + 1), repeat=len(units)):
        parcels = [[sku for sku, k in zip(units, parcel_of, strict=True) if k == p] for p in range(len(units))]
        used = [parcel for parcel in parcels if parcel]
        lost = sum(products[sku].price_cents - products[sku].unit_cost_cents
                   for sku, k in zip(units, parcel_of, strict=True) if k == len(units))  # fmt: skip
        for sites in product(range(len(scenario.network.sites)), repeat=len(used)):
            cost = float(lost + (fee if len(units) in parcel_of else 0))
            taken: dict[tuple[int, int], int] = {}
            for parcel, site in zip(used, sites, strict=True):
                cost += _parcel(scenario, costs, place, site, parcel)
                for sku in parcel:
                    taken[sku, site] = taken.get((sku, site), 0) + 1
            key = tuple(sorted((sku, site, count) for (sku, site), count in taken.items()))
            found[key] = min(cost, found.get(key, float("inf")))
    return {key: cost for key, cost in found.items() if cost < float("inf")}


def _parcel(scenario: Scenario, costs: ParcelCosts, place: int, site: int, parcel: list[int]) -> float:
    network = scenario.network
    weight = sum(network.weight_kg[sku] for sku in parcel)
    volume = sum(network.packed_cm3[sku] for sku in parcel)
    label = float(costs.tariff.rates(weight, volume).cents[network.zone[place, site]])
    if label == float("inf"):
        return label
    return float(sum(map(round_cents, costs.parts(site, label, len(set(parcel)), len(parcel)))))
