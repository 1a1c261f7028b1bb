"""What is wrong with a network whose values are each of the right type: names, ranges, and tables that do not fit."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import fields
from datetime import MAXYEAR, MINYEAR, date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sim.network.carrier import TIMINGS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sim.network.network import Network
    from sim.network.roads import Roads

Fault = tuple[str, str]
"""Where, and what."""

PARTS = ("sites", "places", "products", "services")
MOST_DAYS, MOST_ZONES = 36_525, 255
_POINT, _AT_LEAST_0, _SHARE = {"lat": (-90.0, 90.0), "lon": (-180.0, 180.0)}, (0.0, math.inf), (0.0, 1.0)
RANGES: dict[str, dict[str, tuple[float, float]]] = {
    "sites": {**_POINT, **dict.fromkeys(("lead_min", "reach_km", "walk_in_size"), _AT_LEAST_0)},
    "places": {**_POINT, "population": _AT_LEAST_0},
    "products": dict.fromkeys(("weight_kg", "volume_cm3", "price_cents", "unit_cost_cents"), _AT_LEAST_0),
    "services": {
        "discount": _SHARE, "dim_divisor": (1.0, math.inf),
        **dict.fromkeys(("surcharge_cents", "minimum_cents", "fuel", "dim_from_cubic_inch"), _AT_LEAST_0),
    },
}  # fmt: skip
"""Least and most of what each site, place, product and carrier service has; unknown passes."""


def faults(network: Network) -> Iterator[Fault]:
    """Tell what types cannot."""
    yield from _days(network)
    for part in PARTS:
        values = getattr(network, part)
        if not values:
            yield part, "empty - expected at least one"
        yield from _names(part, [value.id for value in values])
        for i, value in enumerate(values):
            for name, (least, most) in RANGES[part].items():
                yield from _out_of(f"{part}[{i}].{name}", getattr(value, name), least, most)
    for i, site in enumerate(network.sites):
        for field in fields(site.handling):
            yield from _out_of(f"sites[{i}].handling.{field.name}", getattr(site.handling, field.name), *_AT_LEAST_0)
    for i, product in enumerate(network.products):
        if product.unit_step <= 0:
            yield f"products[{i}].unit_step", f"{product.unit_step!r} - expected a number above 0"
    yield from _ascending("zone_edges_km", network.zone_edges_km)
    if network.packing_factor <= 0:
        yield "packing_factor", f"{network.packing_factor:g} - expected a number above 0"
    yield from _weeks(network)
    yield from _tables(network)
    if network.roads is not None:
        yield from _strange_ways(network, network.roads)
    yield from _zones(network)


def _out_of(where: str, value: float | None, least: float, most: float) -> Iterator[Fault]:
    if value is not None and (value < least or value > most):
        expected = f"at least {least:g}" if most == math.inf else f"{least:g} to {most:g}"
        yield where, f"{value:g} - expected {expected}"


def _names(part: str, names: Sequence[str]) -> Iterator[Fault]:
    seen: Counter[str] = Counter()
    for i, name in enumerate(names):
        if not name:
            yield f"{part}[{i}].id", "empty - expected a name"
        elif seen[name]:
            yield f"{part}[{i}].id", f"{name!r} stands twice"
        seen[name] += 1


def _ascending(where: str, values: Sequence[float]) -> Iterator[Fault]:
    for k, (before, after) in enumerate(pairwise((0.0, *values))):
        if not after > before:
            yield f"{where}[{k}]", f"{after:g} - expected more than {before:g}: they go up"


def _days(network: Network) -> Iterator[Fault]:
    """Tell days that no calendar can be laid out for."""
    first, last = network.days
    start = network.clock.start
    if not 0 <= last - first <= MOST_DAYS:
        yield "days", f"{first} to {last} - expected the first before the last, and at most {MOST_DAYS:,} of them"
        return
    before, after = timedelta(first) + (start - date(MINYEAR + 1, 1, 1)), date(MAXYEAR - 1, 1, 1) - start
    if before < timedelta(0) or timedelta(last) > after:
        yield "days", f"{first} to {last} from {start} - expected days of the years {MINYEAR + 1} to {MAXYEAR - 2}"


def _tables(network: Network) -> Iterator[Fault]:
    """Tell the tables of carrier services that do not fit."""
    zones = network.zone_count
    for i, service in enumerate(network.services):
        where = f"services[{i}]"
        yield from _ascending(f"{where}.max_lb", service.max_lb)
        if service.list_cents.shape != (len(service.max_lb), zones):
            expected = f"{len(service.max_lb)} rows of {zones}: one a weight step, one entry a zone"
            yield f"{where}.list_cents", f"shape {service.list_cents.shape} - expected {expected}"
        elif service.list_cents.size and service.list_cents.min() < 0:
            yield f"{where}.list_cents", f"{service.list_cents.min():g} - expected prices of at least 0"
        if len(service.business_days) != zones or not all(0 <= days < TIMINGS for days in service.business_days):
            yield f"{where}.business_days", f"expected {zones} whole numbers from 0 to {TIMINGS - 1}, one a zone"
        if len(service.zone_surcharge_cents) not in (0, zones):
            yield f"{where}.zone_surcharge_cents", f"{len(service.zone_surcharge_cents)} entries - expected {zones}"
        for k, zone in enumerate(service.not_to):
            yield from _out_of(f"{where}.not_to[{k}]", zone, 1, zones)
    for i, lane in enumerate(network.lanes):
        yield from _out_of(f"lanes[{i}].zone", lane.zone, 0, MOST_ZONES)  # 0: not served


def _weeks(network: Network) -> Iterator[Fault]:
    """Tell weeks that are not of seven days."""
    weeks = {f"sites[{i}].hours": site.hours for i, site in enumerate(network.sites)}
    weeks |= {f"sites[{i}].pick_up_days": site.pick_up_days for i, site in enumerate(network.sites)}
    weeks |= {f"services[{i}].works": service.works for i, service in enumerate(network.services)}
    for where, hours in weeks.items():
        if len(hours.week) != 7:
            yield f"{where}.week", f"{len(hours.week)} entries - expected 7, from Monday on"


def _zones(network: Network) -> Iterator[Fault]:
    """Tell time zones nobody knows."""
    zoned = [("clock", network.clock.time_zone)]
    zoned += [(f"sites[{i}]", site.time_zone) for i, site in enumerate(network.sites)]
    zoned += [(f"places[{i}]", place.time_zone) for i, place in enumerate(network.places)]
    known: dict[str, bool] = {}
    for where, name in zoned:
        if name not in known:
            known[name] = _is_zone(name)
        if not known[name]:
            yield f"{where}.time_zone", f"{name!r} - expected an IANA time zone such as America/Chicago"


def _strange_ways(network: Network, roads: Roads) -> Iterator[tuple[str, str]]:
    """Tell columns of ways that do not fit, and ends that nobody knows."""
    count, columns = len(roads.origins), {"destinations": len(roads.destinations), "km": len(roads.km)}
    columns |= {"minutes": len(roads.minutes)} if roads.minutes else {}
    for name, entries in columns.items():
        if entries != count:
            yield f"roads.{name}", f"{entries} entries - expected {count}, one a way"
    sites = {site.id for site in network.sites}
    ends = sites | {place.id for place in network.places}
    for name, column, known in (("origins", roads.origins, sites), ("destinations", roads.destinations, ends)):
        strange = next((end for end in column if end not in known), None)
        if strange is not None:
            yield f"roads.{name}", f"{strange!r} - expected the id of a site{' or place' if known is ends else ''}"


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
