"""The published services of a network: rates and days by zone, with lanes and delivery areas as zones of their own.

A lane that takes other days or costs another price than its distance says is a zone beyond the usual ones, which every
price and promise then knows like any other.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.errors import ScenarioError
from sim.network.calendar import WEEKDAYS, Hours
from sim.network.carrier import Service
from sim.network.lane import Lane
from sim.scenario.tables import tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from numpy.typing import NDArray

    from sim.files import Row, YamlFile
    from sim.network.network import Network
    from sim.scenario.blocks.carriers import CarriersBlock
    from sim.scenario.tables.linked import LinkedTables

MOST_ZONES = 250  # zones are kept in 8 bits


class Terms(NamedTuple):
    """What one service makes of one zone."""

    list_cents: NDArray[np.float64]
    days: int
    surcharge: float
    served: bool


def services_of(carriers: CarriersBlock, linked: LinkedTables) -> tuple[Service, ...]:
    """Return the services as they are published, by distance alone."""
    rates = {}
    for name in carriers.services:
        table = linked.rates[name]
        assert table is not None, "a scenario without problems has its tables"
        rates[name] = tables.rates(table.rows)
    heaviest = max(steps.max_lb[-1] for steps in rates.values())
    return tuple(
        Service(
            name,
            rates[name].max_lb,
            rates[name].list_cents,
            block.discount,
            block.surcharge,
            block.fuel,
            block.dim_divisor,
            block.dim_from_cubic_inch,
            block.business_days,
            days_open(block.works, block.closed_on),
            # what no service takes as one parcel goes as several with whoever takes the heaviest
            in_packages=rates[name].max_lb[-1] == heaviest or block.package is not None,
            minimum_cents=block.minimum,
            package_kg=(block.package and block.package.max_weight) or 0.0,
            package_cm3=(block.package and block.package.max_volume) or 0.0,
        )
        for name, block in carriers.services.items()
    )


def days_open(days: Sequence[str], closed_on: Sequence[date] = ()) -> Hours:
    """Return whole days of the week, but for some dates."""
    whole_day = (time(0), time.max)
    return Hours(tuple(whole_day if day in days else None for day in WEEKDAYS), frozenset(closed_on))


def with_lanes(network: Network, carriers: CarriersBlock, rows: Sequence[Row], source: YamlFile) -> Network:
    """Return a network whose special lanes, delivery areas and short reaches are zones of their own.

    Raises
    ------
    ScenarioError
        If they make more zones than can be told apart.
    """
    zones = _Zones(network, carriers, source)
    for row in rows:
        zones.change(row)
    for k, service in enumerate(carriers.services.values()):
        if service.reach is not None:
            zones.keep_near(k, service.reach)
    if carriers.areas is not None:
        for area in dict.fromkeys(place.attributes.get(carriers.areas) for place in network.places):
            surcharges = [s.area_surcharges.get(str(area), 0.0) for s in carriers.services.values()]
            if area is not None and any(surcharges):
                zones.charge_area(carriers.areas, str(area), surcharges)
    return zones.network()


class _Zones:
    """The zones while they are made."""

    def __init__(self, network: Network, carriers: CarriersBlock, source: YamlFile) -> None:
        self._network = network
        self._source = source
        self._names = list(carriers.services)
        self._terms: list[list[Terms]] = [
            [
                Terms(service.list_cents[:, z], service.business_days[z], 0.0, True)
                for z in range(len(service.business_days))
            ]
            for service in network.services
        ]
        self._lanes: list[Lane] = []
        self._made: dict[object, int] = {}
        self._zone = network.zone.copy()

    def change(self, row: Row) -> None:
        """Change the terms of the lanes that a row of the table meets."""
        origins, places = _named(row["origin"]), _named(row["destination"])
        mask = Lane(origins, places, 0, 0).mask(self._network.sites, self._network.places)
        key = tuple(row[name] for name in ("service", "days", "price_factor", "surcharge_usd", "served"))
        for z in self._among(mask):
            target = row["zone"] or z
            if any(part is not None for part in key[1:]):
                terms = [self._changed(k, target, row) for k in range(len(self._names))]
                target = self._variant(target, key, terms) if any(t.served for t in terms) else 0
            self._move(Lane(origins, places, z, target), mask)

    def keep_near(self, service: int, reach_km: float) -> None:
        """Let a service go no farther than its reach."""
        near = self._network.distance_km <= reach_km
        so_far = len(self._terms[service])
        for z in self._among(near):
            same = [terms[z - 1] for terms in self._terms]
            self._move(Lane((), (), z, self._variant(z, ("near", service), same), within_km=reach_km), near)
        for z in range(so_far):
            self._terms[service][z] = self._terms[service][z]._replace(served=False)
            if not any(terms[z].served for terms in self._terms):
                self._move(Lane((), (), z + 1, 0), np.ones_like(near))

    def charge_area(self, attribute: str, area: str, surcharges: Sequence[float]) -> None:
        """Let every service charge so much more for the places of an area."""
        places = tuple(p.id for p in self._network.places if str(p.attributes.get(attribute)) == area)
        mask = Lane((), places, 0, 0).mask(self._network.sites, self._network.places)
        for z in self._among(mask):
            pairs = zip(self._terms, surcharges, strict=True)
            dearer = [terms[z - 1]._replace(surcharge=terms[z - 1].surcharge + more) for terms, more in pairs]
            self._move(Lane((), places, z, self._variant(z, ("area", area), dearer)), mask)

    def network(self) -> Network:
        """Return the network with all zones."""
        services = []
        for service, terms in zip(self._network.services, self._terms, strict=True):
            surcharges = tuple(t.surcharge for t in terms)
            services.append(
                replace(
                    service,
                    list_cents=np.stack([t.list_cents for t in terms], axis=1),
                    business_days=tuple(t.days for t in terms),
                    zone_surcharge_cents=surcharges if any(surcharges) else (),
                    not_to=tuple(z for z, t in enumerate(terms, 1) if not t.served),
                    _cache={},
                )
            )
        return replace(self._network, services=tuple(services), lanes=tuple(self._lanes))

    def _among(self, mask: NDArray[np.bool_]) -> Iterator[int]:
        return iter([z for z in np.unique(self._zone[mask]).tolist() if z])

    def _changed(self, k: int, zone: int, row: Row) -> Terms:
        terms = self._terms[k][zone - 1]
        if row["service"] is not None and row["service"] != self._names[k]:
            return terms
        return Terms(
            terms.list_cents * (1.0 if row["price_factor"] is None else row["price_factor"]),
            terms.days if row["days"] is None else row["days"],
            terms.surcharge + 100 * (row["surcharge_usd"] or 0.0),
            terms.served if row["served"] is None else row["served"],
        )

    def _variant(self, zone: int, key: object, terms: list[Terms]) -> int:
        """Return the zone that is another one under other terms."""
        made = self._made.get((zone, key))
        if made is None:
            for known, new in zip(self._terms, terms, strict=True):
                known.append(new)
            made = self._made[zone, key] = len(self._terms[0])
            if made > MOST_ZONES:
                message = f"lanes and areas make more than {MOST_ZONES} zones - expected fewer different terms"
                raise ScenarioError([self._source.problem(("carriers", "lanes"), message)])
        return made

    def _move(self, lane: Lane, mask: NDArray[np.bool_]) -> None:
        self._lanes.append(lane)
        self._zone[mask & (self._zone == lane.instead_of)] = lane.zone


def _named(cell: str | None) -> tuple[str, ...]:
    return () if cell is None else (cell,)
