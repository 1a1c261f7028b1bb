"""KPIs of what happens to orders on their way. Where nothing does, all of them are ratios of nothing to nothing."""

from __future__ import annotations

from sim.ledger.fates import Change
from sim.study.kpis.kpi import Kpi

_PLACED = "(SELECT count(*) FROM orders WHERE (SELECT count(*) FROM {}) > 0)"
_PARCELS = "(SELECT sum(parcels) FROM orders WHERE (SELECT count(*) FROM labels) > 0)"

MESSAGE_KPIS = (
    Kpi("called_off_rate", "Orders called off by shoppers", "share", "low", 0.001,
        "Orders of which the shopper cancelled at least one unit in time, over all orders placed. They are no part of "
        "what we cancel.",
        f"count(*) FILTER (what = {int(Change.CALLED_OFF)} AND done = 1)", _PLACED.format("changes"), "changes"),
    Kpi("moved_rate", "Orders sent to another address", "share", "low", 0.001,
        "Orders whose shopper changed the address in time, over all orders placed.",
        f"count(*) FILTER (what = {int(Change.MOVED)} AND done = 1)", _PLACED.format("changes"), "changes"),
    Kpi("label_failures_per_parcel", "Label calls failed per parcel", "per parcel", "low", 0.005,
        "Calls of the carrier's label service that failed, over the parcels sent.",
        "coalesce(sum(failures), 0)", _PARCELS, "labels"),
)  # fmt: skip
