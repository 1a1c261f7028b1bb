"""Small networks built by hand: sites stand on the equator so many km east of the place where the shopper lives."""

from __future__ import annotations

import math
from datetime import date, time
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.network.calendar import Clock, Hours
from sim.network.carrier import Service
from sim.network.geo import EARTH_RADIUS_KM
from sim.network.network import Network
from sim.network.site import Handling, Place, Product, Site, SiteKind

if TYPE_CHECKING:
    from collections.abc import Sequence

KM_PER_DEGREE = math.radians(1) * EARTH_RADIUS_KM
MONDAY = date(2026, 2, 2)
UTC = Clock(MONDAY, "UTC")
ALL_DAY = (time(0), time.max)
ALWAYS = Hours((ALL_DAY,) * 7)
WEEKDAYS_ONLY = Hours((ALL_DAY,) * 5 + (None, None))
ZONE_EDGES_KM = (100.0, 500.0)
FREE = Handling(0, 0, 0, 0, 0, 0)


def weekdays(opens: time, closes: time) -> Hours:
    """Return hours that are the same from Monday to Friday, closed at the weekend."""
    return Hours(((opens, closes),) * 5 + (None, None))


def site(km: float = 10.0, kind: SiteKind = SiteKind.DC, **changes: Any) -> Site:
    """Return a site that works round the clock and hands over at 18:00 every day, two hours after the order."""
    values: dict[str, Any] = {
        "id": f"{kind}_{km:g}", "name": "", "kind": kind, "state": "", "lat": 0.0, "lon": km / KM_PER_DEGREE,
        "time_zone": "UTC", "hours": ALWAYS, "pick_up_at": time(18), "pick_up_days": ALWAYS, "lead_min": 120.0,
        "reach_km": None, "handling": FREE,
    }  # fmt: skip
    return Site(**{**values, **changes})


def service(list_cents: Sequence[Sequence[float]] = ((500, 600, 700),), **changes: Any) -> Service:
    """Return a carrier service with one rate step up to 100 lb unless told otherwise, no extras, 1 to 3 days."""
    steps = len(list_cents)
    values: dict[str, Any] = {
        "id": "ground", "max_lb": tuple(100.0 * (k + 1) / steps for k in range(steps)),
        "list_cents": np.array(list_cents, dtype=float), "discount": 0.0, "surcharge_cents": 0.0, "fuel": 0.0,
        "dim_divisor": 139.0, "dim_from_cubic_inch": math.inf, "business_days": (1, 2, 3), "works": ALWAYS,
        "in_packages": True,
    }  # fmt: skip
    return Service(**{**values, **changes})


def product(weight_kg: float = 1.0, price_cents: int = 1000, unit_cost_cents: int = 600, **changes: Any) -> Product:
    """Return a product of one litre."""
    values: dict[str, Any] = {"id": "", "name": "", "category": "", "volume_cm3": 1000.0}
    return Product(**{**values, **changes}, weight_kg=weight_kg, price_cents=price_cents,
                   unit_cost_cents=unit_cost_cents)  # fmt: skip


def network(
    sites: Sequence[Site], products: int | Sequence[Product] = 2, services: Sequence[Service] = (), **changes: Any
) -> Network:
    """Return a network of one place at 0 N 0 E with zones that end at 100 and 500 km."""
    values: dict[str, Any] = {
        "clock": UTC, "places": (Place("home", "", "", 0.0, 0.0, "UTC", 1),), "zone_edges_km": ZONE_EDGES_KM,
        "packing_factor": 1.0, "days": (-10, 60),
    }  # fmt: skip
    goods = (product(),) * products if isinstance(products, int) else tuple(products)
    return Network(
        sites=tuple(sites), products=goods, services=tuple(services) or (service(),), **{**values, **changes}
    )


def dearer(cents: float) -> Handling:
    """Return handling that costs so much a parcel, for packing."""
    return Handling(0, 0, cents, 0, 0, 0)
