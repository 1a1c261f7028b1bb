"""KPIs of carriers that are watched. Where none are, all of them are ratios of nothing to nothing."""

from __future__ import annotations

from sim.ledger.fates import Arrival
from sim.study.kpis.kpi import Kpi

_ALL = "count(*)"
_LOST = f"arrival = {int(Arrival.LOST)}"
_LATE = f"(late_days > 0 OR {_LOST})"
_SERVED = "CASE WHEN count(*) > 0 THEN (SELECT count(*) FILTER (units_picked > 0) FROM orders) END"

CARRIER_KPIS = (
    Kpi("carrier_on_time_rate", "Parcels on time by the carrier", "share", "high", 0.002,
        "Parcels delivered within the working days that their carrier publishes, over all that it was given; what is "
        "lost is late. What a site did before does not count.",
        f"count(*) FILTER (NOT {_LATE})", _ALL, "trips"),
    Kpi("late_in_trouble_rate", "Late, of parcels in trouble", "share", "low", 0.005,
        "Late parcels among those hit by a spell of trouble, a slow carrier or snow.",
        f"count(*) FILTER (in_trouble = 1 AND {_LATE})", "count(*) FILTER (in_trouble = 1)", "trips"),
    Kpi("late_otherwise_rate", "Late, of all other parcels", "share", "low", 0.002,
        "Late parcels among all others.",
        f"count(*) FILTER (in_trouble = 0 AND {_LATE})", "count(*) FILTER (in_trouble = 0)", "trips"),
    Kpi("in_trouble_rate", "Parcels in trouble", "share", "low", 0.005,
        "Parcels hit by a spell of trouble, a slow carrier or snow, over all given to carriers.",
        "count(*) FILTER (in_trouble = 1)", _ALL, "trips"),
    Kpi("no_room_rate", "Parcels that waited for room", "share", "low", 0.002,
        "Parcels that missed a pick-up because the carrier had taken all it takes, over all given to carriers.",
        "count(*) FILTER (waited > 0)", _ALL, "trips"),
    Kpi("lost_rate", "Parcels lost", "share", "low", 0.001,
        "Parcels that never arrive, over all given to carriers.", f"count(*) FILTER ({_LOST})", _ALL, "trips"),
    Kpi("damaged_rate", "Parcels spoilt", "share", "low", 0.001,
        "Parcels whose contents arrive spoilt, over all given to carriers.",
        f"count(*) FILTER (arrival = {int(Arrival.DAMAGED)})", _ALL, "trips"),
    Kpi("packages_per_order", "Packages per order", "per order", "low", 0.005,
        "Packages that carriers billed, over the orders that got at least one unit.",
        "sum(packages)", _SERVED, "trips"),
    Kpi("parcel_km", "Distance of a parcel", "km", "low", 5.0,
        "Great-circle distance from a site to a place or another site, averaged over the parcels given to carriers.",
        "sum(km)", _ALL, "trips"),
    Kpi("co2_kg_per_parcel", "CO2 of a parcel", "kg", "low", 0.005,
        "CO2 equivalent of the transport by the services' published factor a tonne and kilometre, where they have one, "
        "averaged over all parcels given to carriers.",
        "sum(co2_kg)", "count(*) FILTER ((SELECT sum(co2_kg) FROM trips) > 0)", "trips"),
    Kpi("claims_per_order", "Claims per order", "USD", "low", 0.05,
        "Contacts about parcels lost or spoilt and the goods at cost, less what is paid back to us, over the orders "
        "that got at least one unit. It is a part of the cost per order.",
        "CASE WHEN count(*) > 0 THEN (SELECT sum(claims_cents) / 100 FROM orders) END", _SERVED, "trips"),
    Kpi("lost_refunds_per_order", "Refunds for lost parcels per order", "USD", "low", 0.05,
        "What shoppers were paid back for parcels lost or spoilt, over all orders placed. Goods that go out once more "
        "are not paid back.",
        "coalesce(sum(refund_cents), 0) / 100",
        "(SELECT count(*) FROM orders WHERE (SELECT count(*) FROM claims) > 0)", "claims"),
)  # fmt: skip
