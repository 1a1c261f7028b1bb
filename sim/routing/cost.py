"""The price of a parcel, part by part: picking, packing, packaging, label, fees.

For a search the price is one vector over all sites; for a plan it is told part by part.
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

import numpy as np

from sim.network.carrier import Tariff

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sim.network.carrier import Rates
    from sim.network.network import Network
    from sim.routing.offers.offers import Basket, Request


class ParcelCosts:
    """Prices parcels from every site of a network.

    Parameters
    ----------
    may_serve
        Sites that may send parcels at all, shape (sites,); the others cost infinity.
    day_value_cents
        Worth of a day in transit when carrier services are compared.
    """

    def __init__(self, network: Network, may_serve: NDArray[np.bool_], day_value_cents: float = 0.0) -> None:
        handling = [site.handling for site in network.sites]
        self.tariff = Tariff(network.services, day_value_cents)
        self._handling_of = handling
        self._weight_kg = network.weight_kg
        self._packed_cm3 = network.packed_cm3
        per_parcel = [h.pack_per_parcel + h.packaging_per_parcel + h.fee_per_parcel for h in handling]
        self._per_parcel = np.where(may_serve, per_parcel, np.inf)
        self._per_line = np.array([h.pick_per_line for h in handling])
        self._per_unit = np.array([h.pick_per_unit + h.fee_per_unit for h in handling])
        self._handling: dict[tuple[int, int], NDArray[np.float64]] = {}
        self._floor: dict[int, float] = {}
        self._one_line: dict[tuple[int, int], Rates] = {}
        self._least_handling: dict[tuple[int, int], float] = {}
        self._zone = network.zone.astype(np.intp)  # numpy gathers fastest by its own index type
        # the nearest zone that anyone who may serve is in
        farther_than_any = np.where((self._zone > 0) & may_serve, self._zone, network.zone.max(initial=0))
        self._nearest_zone: list[int] = farther_than_any.min(axis=1).tolist()

    def rates(self, request: Request, basket: Basket) -> Rates:
        """Return the carrier's prices by zone for a basket in one parcel."""
        if len(basket) == 1:
            key = request.skus[0], basket[0]
            known = self._one_line.get(key)
            if known is None:
                known = self._one_line[key] = self._price(request.skus, basket)
            return known
        known = request.rates.get(basket)
        if known is None:
            known = request.rates[basket] = self._price(request.skus, basket)
        return known

    def _price(self, skus: Sequence[int], basket: Basket) -> Rates:
        weight = volume = 0.0
        for sku, quantity in zip(skus, basket, strict=True):
            weight += quantity * self._weight_kg[sku]
            volume += quantity * self._packed_cm3[sku]
        return self.tariff.rates(weight, volume)

    def by_site(self, request: Request, basket: Basket) -> NDArray[np.float64]:
        """Return what one parcel with a basket costs from each site, cents, shape (sites,)."""
        cents: NDArray[np.float64] = self.rates(request, basket).cents.take(self._zone[request.place])
        cents += self._handling_by_site(len(basket) - basket.count(0), sum(basket))
        return cents

    def one_unit(self, sku: int, places: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return what one unit to each of many places costs from each site, cents, shape (places, sites)."""
        rates = self._price((sku,), (1,))
        cents: NDArray[np.float64] = rates.cents.take(self._zone[places])
        cents += self._handling_by_site(1, 1)
        return cents

    def zones(self, place: int) -> NDArray[np.intp]:
        """Return the carrier zone of `place` seen from each site, shape (sites,)."""
        zones: NDArray[np.intp] = self._zone[place]
        return zones

    def floor(self, place: int) -> float:
        """Return a price below which no parcel to `place` can be had: that of one weightless unit."""
        found = self._floor.get(place)
        if found is None:
            light = self.tariff.rates(0.0, 0.0).cents[self._zone[place]] + self._handling_by_site(1, 1)
            found = self._floor[place] = float(light.min())
        return found

    def bound(self, request: Request, basket: Basket) -> float:
        """Return a price below which no parcel with a basket can be had from anywhere."""
        label = self.rates(request, basket).least_from[self._nearest_zone[request.place]]
        lines, units = len(basket) - basket.count(0), sum(basket)
        handling = self._least_handling.get((lines, units))
        if handling is None:
            handling = float(self._handling_by_site(lines, units).min())
            self._least_handling[lines, units] = handling
        return label + handling

    def parts(self, site: int, label: float, lines: int, units: int) -> tuple[float, ...]:
        """Return the price of one parcel in the order of `sim.contract.messages.COST_PARTS`, cents."""
        handling = self._handling_of[site]
        return (
            handling.pick_per_line * lines + handling.pick_per_unit * units,
            handling.pack_per_parcel,
            handling.packaging_per_parcel,
            label,
            handling.fee_per_parcel + handling.fee_per_unit * units,
        )

    def with_rebate(self, site: int, cents: float) -> ParcelCosts:
        """Return the same prices, but each parcel from one site so much cheaper."""
        twin = copy(self)
        twin._per_parcel = self._per_parcel.copy()
        twin._per_parcel[site] -= cents
        twin._handling, twin._floor, twin._least_handling = {}, {}, {}
        return twin

    def with_day_value(self, cents: float) -> ParcelCosts:
        """Return the same prices with carrier services compared at another worth of a day in transit."""
        twin = copy(self)
        twin.tariff = Tariff(self.tariff.services, cents)
        twin._one_line, twin._floor = {}, {}
        return twin

    def _handling_by_site(self, lines: int, units: int) -> NDArray[np.float64]:
        found = self._handling.get((lines, units))
        if found is None:
            found = self._per_parcel + lines * self._per_line + units * self._per_unit
            self._handling[lines, units] = found
        return found
