"""KPIs of people with shifts. Where nobody has any, all of them are ratios of nothing to nothing."""

from __future__ import annotations

from sim.study.kpi import Kpi

_SERVED = "(SELECT count(*) FILTER (units_picked > 0) FROM orders WHERE (SELECT count(*) FROM labour) > 0)"

LABOUR_KPIS: tuple[Kpi, ...] = (
    Kpi("labour_cost_per_order", "Labour per order", "USD", "low", 0.05,
        "Wages of people with shifts in the measured days, worked or idle, over the orders that got at least one unit.",
        "coalesce(sum(cents), 0) / 100", _SERVED, "labour"),
    Kpi("labour_use", "Use of paid time", "share", "high", 0.005,
        "Minutes worked, over minutes paid, those beyond shifts included.",
        "sum(worked_min)", "sum(paid_min + overtime_min)", "labour"),
    Kpi("overtime_hours", "Overtime", "h", "low", 0.1,
        "Hours that people worked beyond their shifts, all sites together, a measured day.",
        "sum(overtime_min) / 60", "count(DISTINCT labour.at)", "labour"),
)  # fmt: skip
