"""KPIs of records that drift from their shelves. Where none can, all of them are ratios of nothing to nothing."""

from __future__ import annotations

from sim.ledger.movements import Why
from sim.study.kpis.kpi import Kpi

_ORDERS = "(SELECT {} FROM orders WHERE (SELECT sum(record_pairs) FROM snapshots) > 0)"
_PLACED = _ORDERS.format("count(*)")
_LOSSES = ", ".join(
    str(int(why)) for why in (Why.LOST, Why.STOLEN, Why.MISPLACED, Why.DAMAGED, Why.SPOILT, Why.FOUND)
)  # fmt: skip
_MIS_SHIPPED = f"(SELECT count(*) FROM movements WHERE why = {int(Why.MIS_SHIPPED)} AND shelf < 0)"

RECORD_KPIS = (
    Kpi("record_accuracy", "Record accuracy", "share", "high", 0.002,
        "Products at sites whose own record equals the shelf, at daily snapshots, over those of which there is any in "
        "either.",
        "sum(record_equal)", "sum(record_pairs)", "snapshots"),
    Kpi("record_accuracy_within", "Record accuracy, within tolerance", "share", "high", 0.002,
        "The same, where a record is right that differs from its shelf by no more than the site's tolerance.",
        "sum(record_near)", "sum(record_pairs)", "snapshots"),
    Kpi("unit_accuracy", "Record accuracy by unit", "share", "high", 0.002,
        "One minus the units by which records differ from their shelves, over the units on these shelves (never below "
        "0), at daily snapshots.",
        "greatest(sum(shelf_units) - sum(wrong_units), 0)", "sum(shelf_units)", "snapshots"),
    Kpi("phantom_rate", "Phantom units", "share", "low", 0.002,
        "Units that are on record but not on the shelf, over these and the units on the shelves, at daily snapshots.",
        "sum(phantom_units)", "sum(shelf_units + phantom_units) FILTER (record_pairs > 0)", "snapshots"),
    Kpi("view_accuracy", "Accuracy of the router's view", "share", "high", 0.002,
        "Where records can drift: products at sites of which the router had been told what stands on the shelf, at "
        "daily snapshots, over those of which there is any in either.",
        "sum(equal) FILTER (record_pairs > 0)", "sum(pairs) FILTER (record_pairs > 0)", "snapshots"),
    Kpi("shrink_units_per_order", "Shrink, units", "per order", "low", 0.005,
        "Units lost, stolen, misplaced (and not found again) or damaged in the measured days, over all orders placed.",
        f"-coalesce(sum(shelf) FILTER (why IN ({_LOSSES})), 0)", _PLACED, "movements"),
    Kpi("shrink_per_order", "Shrink, at cost", "USD", "low", 0.05,
        "What these units have cost, over all orders placed.",
        f"-coalesce(sum(value_cents) FILTER (why IN ({_LOSSES})), 0) / 100", _PLACED, "movements"),
    Kpi("mis_ship_rate", "Mis-shipped units", "share", "low", 0.001,
        "Units of another product picked and sent in the measured days, over all units picked in these days.",
        _MIS_SHIPPED, "sum(picked) FILTER ((SELECT sum(record_pairs) FROM snapshots) > 0)", "picks"),
    Kpi("count_cost_per_order", "Counting per order", "USD", "low", 0.05,
        "Labour of all counts in the measured days, over all orders placed. It is part of no other cost.",
        "coalesce(sum(cost_cents), 0) / 100", _PLACED, "counts"),
    Kpi("count_hours_per_day", "Counting, hours a day", "h", "low", 1.0,
        "Working hours spent on counts in the measured days, over the daily snapshots of these days.",
        "coalesce(sum(minutes), 0) / 60", "(SELECT count(*) FROM snapshots WHERE record_pairs > 0)", "counts"),
)  # fmt: skip
